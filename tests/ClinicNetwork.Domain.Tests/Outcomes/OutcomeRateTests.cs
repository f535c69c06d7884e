using System.Collections.Immutable;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;
using CsCheck;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>A rate never comes without those it is a share of.</summary>
public sealed class OutcomeRateTests
{
    [Fact]
    public void A_cohort_by_hand()
    {
        string[] cohort =
        [
            "base phq9 20; 33 phq9 10; 61 phq9 20", "base phq9 20; 33 phq9 10; 61 phq9 9", "base phq9 20; 33 phq9 10; missed Week4 Declined",
            "base phq9 20; 33 phq9 10; end 50", "base phq9 20; 33 phq9 11", "base phq9 20; 61 phq9 20", "33 phq9 10", "doses 0 3; base phq9 20; end 4",
        ];

        var response = Rate("response-phq9-mcinnes/1", cohort);
        var loss = Rate("loss-of-response-week4-phq9-mcinnes/1", cohort);

        Assert.Equal((8, 8, 0, 0, 5, 4), (response.Treated, response.Eligible, response.EligibilityUnknown, response.NotYet, response.Measured, response.Met));
        Assert.Equal([(MissingReason.NotAttended, 1), (MissingReason.LeftTreatment, 1), (MissingReason.BaselineMissing, 1)], response.Missing.Select(m => (m.Key, m.Value)));
        Assert.Equal(0.8, response.Share);
        Assert.Equal((8, 4, 3, 0, 2, 1), (loss.Treated, loss.Eligible, loss.EligibilityUnknown, loss.NotYet, loss.Measured, loss.Met));
        Assert.Equal([(MissingReason.LeftTreatment, 1), (MissingReason.Declined, 1)], loss.Missing.Select(m => (m.Key, m.Value)));
    }

    /// <summary>Who relapses early is known early; whoever does not, at the end. Counted as they come, the share would be 100 % for months.</summary>
    [Fact]
    public void Nobody_counts_before_the_window_is_over()
    {
        string[] cohort = ["base qids 18; 21 qids 9; 30 qids 20", "base qids 18; 21 qids 9; 30 qids 8"];

        var before = Rate("relapse-qids-elektd/1", cohort, 203);
        var after = Rate("relapse-qids-elektd/1", cohort, 204);

        Assert.Equal((2, 2, 0, 0), (before.Eligible, before.NotYet, before.Measured, before.Met));
        Assert.Equal((null, null), (before.Share, before.Interval));
        Assert.Equal((2, 0, 2, 1), (after.Eligible, after.NotYet, after.Measured, after.Met));
    }

    /// <summary>Newcombe 1998 (Stat Med 17:857), table I, method 3.</summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_is_that_of_Wilson(int count, int of, double low, double high)
    {
        var interval = ShareInterval.Wilson95(count, of);

        Assert.Equal((low, high), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void Impossible_counts_have_no_interval(int count, int of) => Assert.Throws<ArgumentOutOfRangeException>(() => ShareInterval.Wilson95(count, of));

    /// <summary>Any cohort on any day; a failure prints its seed.</summary>
    [Fact]
    public void The_parts_add_up_for_every_definition_on_every_day() =>
        Gen.Select(AnyCourse.Array[0, 12], Gen.Int[0, 600]).Sample(
            (cohort, today) =>
            {
                foreach (var definition in OutcomeCatalogue.All)
                {
                    var rate = OutcomeRate.Of(definition, cohort, Course.Day(today));
                    var notAbout = cohort.Count(c => OutcomeJudging.Judge(definition, c, Course.Day(today)).Kind == JudgementKind.NotEligible);
                    Assert.Equal(cohort.Length, rate.Treated);
                    Assert.Equal(rate.Treated, rate.Eligible + rate.EligibilityUnknown + notAbout);
                    Assert.Equal(rate.Eligible, rate.Measured + rate.NotYet + rate.Missing.Values.Sum());
                    Assert.InRange(rate.Met, 0, rate.Measured);
                    Assert.True(rate.Share is not { } share || rate.Interval!.Value.Holds(share));
                }
            },
            iter: 2_000);

    /// <summary>What is final stays, whatever the day; what is not yet final never says that something is missing.</summary>
    [Fact]
    public void A_final_judgement_is_the_last_word() =>
        Gen.Select(AnyCourse, Gen.Int[0, 600]).Sample(
            (course, today) =>
            {
                foreach (var definition in OutcomeCatalogue.All)
                {
                    var judgement = OutcomeJudging.Judge(definition, course, Course.Day(today));
                    if (judgement.IsFinal)
                        Assert.Equal(judgement with { Totals = [] }, OutcomeJudging.Judge(definition, course, Course.Afterwards) with { Totals = [] });
                    else
                        Assert.NotEqual(JudgementKind.Missing, judgement.Kind);
                }
            },
            iter: 5_000);

    /// <summary>Shifted by any number of days a course is judged the same.</summary>
    [Fact]
    public void Only_distances_of_days_count() =>
        Gen.Select(AnyCourse, Gen.Int[-400, 400]).Sample(
            (course, days) =>
            {
                var shifted = course with
                {
                    DoseDays = [.. course.DoseDays.Select(d => d.AddDays(days))],
                    Totals = [.. course.Totals.Select(t => t with { Day = t.Day.AddDays(days) })],
                    EndedOn = course.EndedOn?.AddDays(days),
                };
                Assert.All(OutcomeCatalogue.All, d => Assert.Equal(OutcomeJudging.Judge(d, course, Course.Afterwards).Kind, OutcomeJudging.Judge(d, shifted, Course.Afterwards).Kind));
            },
            iter: 2_000);

    private static readonly Gen<CourseSeries> AnyCourse =
        from doses in Gen.Int[0, 30].Array[1, 10]
        from planned in Gen.Int[1, 12]
        from scales in Gen.Int[0, 15]
        from baselines in Gen.Int[0, 27].Array[4]
        from totals in Gen.Select(Gen.Int[0, 150], Gen.Int[1, 4], Gen.Int[0, 27]).Array[0, 25]
        from end in Gen.Int[-1, 200]
        from missed in Gen.Bool
        select new CourseSeries(
            [.. doses.Append(0).Order().Select(Course.Day)],
            planned,
            Enumerable.Range(1, 4).Where(s => (scales >> (s - 1) & 1) == 1).ToImmutableDictionary(s => (ScaleKind)s, s => baselines[s - 1]),
            [.. totals.OrderBy(t => t.Item1).Select(t => new DatedTotal(Course.Day(t.Item1), (ScaleKind)t.Item2, t.Item3))],
            end < 0 ? null : Course.Day(end),
            missed ? ImmutableDictionary<Milestone, MissingReason>.Empty.Add(Milestone.EndOfInduction, MissingReason.Declined) : ImmutableDictionary<Milestone, MissingReason>.Empty);

    private static OutcomeRate Rate(string key, string[] cohort, int? today = null) =>
        OutcomeRate.Of(Course.Definition(key), cohort.Select(Course.Of), today is { } day ? Course.Day(day) : Course.Afterwards);
}
