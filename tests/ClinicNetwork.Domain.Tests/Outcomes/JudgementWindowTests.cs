using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>First and last day of each window, by hand; clinical days of the clinic's time zone.</summary>
public sealed class JudgementWindowTests
{
    /// <summary>The definition, what precedes the window, a total that decides, the first and the last day.</summary>
    public static TheoryData<string, string, string, int, int> Windows
    {
        get
        {
            var data = new TheoryData<string, string, string, int, int>
            {
                { "response-phq9-va/1", "base phq9 20", "phq9 10", 35, 49 },
                { "remission-phq9-va/1", "base phq9 20", "phq9 5", 35, 49 },
                { "response-gad7-hull/1", "base gad7 14", "gad7 7", 21, 35 },
                { "response-madrs/1", "base madrs 30", "madrs 15", 21, 35 },
                { "remission-madrs-sustain/1", "base madrs 30", "madrs 12", 21, 35 },
                { "remission-madrs-escape/1", "base madrs 30", "madrs 10", 49, 63 },
                { "response-qids-elektd/1", "base qids 18", "qids 9", 18, 28 },
                { "loss-of-response-week4-phq9-mcinnes/1", "base phq9 20; 25 phq9 10", "phq9 20", 11 + 43, 11 + 57 },
                { "loss-of-response-week8-phq9-mcinnes/1", "base phq9 20; 25 phq9 10", "phq9 20", 11 + 71, 11 + 85 },
                { "benefit-phq9/1", "base phq9 20", "phq9 10", 0, 59 },
                { "relapse-phq9/1", "base phq9 20; 25 phq9 4", "phq9 20", 26, 25 + 182 },
                { "relapse-qids-elektd/1", "base qids 18; 21 qids 9", "qids 18", 22, 21 + 182 },
            };
            foreach (var (key, scales, totals) in new[]
            {
                ("response-phq9-mcinnes/1", "phq9 20", "phq9 10"), ("remission-phq9-mcinnes/1", "phq9 20", "phq9 4"), ("worsening-any-phq9-mcinnes/1", "phq9 20", "phq9 21"),
                ("partial-response-phq9/1", "phq9 20", "phq9 14"), ("worsening-clinical-phq9/1", "phq9 20", "phq9 25"), ("reliable-improvement-phq9-nhs/1", "phq9 20", "phq9 14"),
                ("reliable-improvement-gad7-nhs/1", "gad7 20", "gad7 14"), ("reliable-deterioration-nhs/1", "phq9 9 gad7 9", "phq9 9 gad7 21"),
                ("recovery-nhs/1", "phq9 20 gad7 20", "phq9 0 gad7 0"), ("reliable-recovery-nhs/1", "phq9 20 gad7 20", "phq9 0 gad7 0"), ("remission-qids-stard/1", "qids 20", "qids 5"),
            })
            {
                data.Add(key, "base " + scales, totals, 11 + 14, 11 + 31);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_total_counts_from_the_first_to_the_last_day_of_the_window(string definition, string before, string totals, int first, int last)
    {
        Assert.NotEqual(JudgementKind.Met, Course.Judge(definition, $"{before}; {first - 1} {totals}").Kind);
        Assert.Equal(JudgementKind.Met, Course.Judge(definition, $"{before}; {first} {totals}").Kind);
        Assert.Equal(JudgementKind.Met, Course.Judge(definition, $"{before}; {last} {totals}").Kind);
        Assert.NotEqual(JudgementKind.Met, Course.Judge(definition, $"{before}; {last + 1} {totals}").Kind);
    }

    /// <summary>Until its last day is over a window may still bring what it needs; a rate counts nobody before.</summary>
    [Theory]
    [MemberData(nameof(Windows))]
    public void A_window_is_over_on_the_day_after_its_last(string definition, string before, string totals, int first, int last)
    {
        Assert.Equal((JudgementKind.NotYet, false), Of(Course.Judge(definition, before, last)));
        Assert.Equal((JudgementKind.Missing, true), Of(Course.Judge(definition, before, last + 1)));
        Assert.Equal((JudgementKind.Met, false), Of(Course.Judge(definition, $"{before}; {first} {totals}", last)));
        Assert.Equal((JudgementKind.Met, true), Of(Course.Judge(definition, $"{before}; {first} {totals}", last + 1)));
    }

    [Fact]
    public void The_table_leaves_out_only_what_has_vectors_of_its_own() =>
        Assert.Equal(
            ["stable-remission-madrs-sustain1/1", "relapse-madrs-sustain1/1"],
            OutcomeCatalogue.All.Select(d => d.Key).Except(Windows.Select(row => (string)row[0])));

    [Theory]
    [InlineData(83, false)]
    [InlineData(84, true)]
    public void Week_13_begins_on_day_84(int day, bool met) =>
        Assert.Equal(met, Course.Judge("stable-remission-madrs-sustain1/1", $"base madrs 37; {day} madrs 12; 91 madrs 12; 98 madrs 12").Kind == JudgementKind.Met);

    [Theory]
    [InlineData(111, true)]
    [InlineData(112, false)]
    public void Week_16_ends_on_day_111(int day, bool met) =>
        Assert.Equal(met, Course.Judge("stable-remission-madrs-sustain1/1", $"base madrs 37; 91 madrs 12; 98 madrs 12; {day} madrs 12").Kind == JudgementKind.Met);

    [Theory]
    [InlineData("Europe/Berlin", "2025-02-16")] // day 42 is the clock change of 30 March
    [InlineData("Europe/Berlin", "2025-09-14")] // and that of 26 October
    [InlineData("America/New_York", "2025-01-26")]
    [InlineData("America/New_York", "2025-09-21")]
    [InlineData("Australia/Melbourne", "2025-02-23")]
    [InlineData("Africa/Cairo", "2025-03-14")] // midnight of day 42 is skipped
    public void Week_6_is_counted_in_days_of_the_clinic_over_both_clock_changes(string zone, string dayZero)
    {
        var day = DateOnly.Parse(dayZero, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(JudgementKind.Missing, At(34, 23, 59));
        Assert.Equal(JudgementKind.Met, At(35, 0, 0));
        Assert.Equal(JudgementKind.Met, At(49, 23, 59));
        Assert.Equal(JudgementKind.Missing, At(50, 0, 0));

        JudgementKind At(int answered, int hour, int minute)
        {
            var state = Chart.Planned(zone, day).Answer(-1, 20).Doses(0, 3, 7, 10).Answer(answered, 5, hour, minute).State;
            return OutcomeJudging.Judge(OutcomeCatalogue.RemissionVa, PatientSeries.Of(state)!, day.AddDays(60)).Kind;
        }
    }

    [Fact]
    public void Doses_of_a_late_evening_count_on_the_clinics_day()
    {
        var state = Chart.Planned("America/New_York").Answer(-1, 20).Dose(0, 21).Dose(2, 21).Dose(4, 21).Dose(7, 21).Answer(7 + 14, 4, hour: 0).State;

        Assert.Equal(JudgementKind.Met, OutcomeJudging.Judge(OutcomeCatalogue.Remission, PatientSeries.Of(state)!, Course.Afterwards).Kind);
    }

    [Fact]
    public void Totals_of_every_scale_that_was_recorded_are_judged()
    {
        var day = new DateOnly(2025, 2, 3);
        var state = Chart.Planned("Europe/Berlin", day).Doses(0, 3, 7, 10).State with
        {
            AnsweredScales = [Answer(ScaleKind.Gad7, -1, 15), Answer(ScaleKind.Gad7, 28, 7), Answer(ScaleKind.Madrs, -1, 30), Answer(ScaleKind.Madrs, 28, 13), Answer(ScaleKind.CssrsScreener, 28, null)],
        };

        Assert.Equal(JudgementKind.Met, Kind("response-gad7-hull/1"));
        Assert.Equal(JudgementKind.NotMet, Kind("remission-madrs-sustain/1"));
        Assert.Equal(JudgementKind.Missing, Kind("response-phq9-va/1"));

        JudgementKind Kind(string key) => OutcomeJudging.Judge(Course.Definition(key), PatientSeries.Of(state)!, day.AddDays(60)).Kind;

        AnsweredScale Answer(ScaleKind scale, int after, int? total) =>
            new(new($"{scale}-{after}".ToLowerInvariant()), scale, 1, ClinicTime.StartOf(day.AddDays(after), "Europe/Berlin").AddHours(9), [], total, "", null, false);
    }

    private static (JudgementKind, bool) Of(OutcomeJudgement judgement) => (judgement.Kind, judgement.IsFinal);
}
