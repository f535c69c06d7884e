using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.FollowUps;

/// <summary>The calendar of long-term safety, worked out by hand from the rules' texts: liver at baseline, 3, 6 and 12 months, then yearly; cognition 6-monthly; misuse 3-monthly; pregnancy by policy ([K]).</summary>
public sealed class SafetyCalendarTests
{
    private static readonly string[] Rules = ["liver-panel", "liver-panel-baseline", "cognition-test", "misuse-screen", "pregnancy-test", "pregnancy-test-baseline", "urinary-before-session"];

    /// <summary>Two infusions on days 0 and 3, read on day 400. Each check is in its window, at an edge of it, or just out of it.</summary>
    [Fact]
    public void A_year_of_safety_checks()
    {
        var chart = Possible(Chart.Planned());
        chart.Doses(0, 3).Answered(ScaleKind.LongTermSafety, "u-1", chart.At(2, 0));
        Check(chart, SafetyCheckKind.LiverPanel, "l-0", -30, 0);
        Check(chart, SafetyCheckKind.LiverPanel, "l-1", 76, 23); // an hour too early
        Check(chart, SafetyCheckKind.LiverPanel, "l-2", 196, 23);
        Check(chart, SafetyCheckKind.LiverPanel, "l-3", 344, 0);
        Check(chart, SafetyCheckKind.CognitionTest, "c-1", 161, 0);
        Check(chart, SafetyCheckKind.MisuseScreen, "m-1", 105, 23);
        Check(chart, SafetyCheckKind.PregnancyTest, "p-0", 0, 8);
        Check(chart, SafetyCheckKind.PregnancyTest, "p-1", 35, 23);
        Check(chart, SafetyCheckKind.PregnancyTest, "p-2", 48, 12); // between two windows
        Check(chart, SafetyCheckKind.UrineDrugScreen, "d-1", 91, 12); // no row asks for it

        string[] lines =
        [
            "liver-panel-baseline 1 -30..0 Done l-0",
            "pregnancy-test-baseline 1 -7..0 Done p-0",
            "urinary-before-session 2 2..3 Done u-1",
            "pregnancy-test 1 21..35 Done p-1",
            "pregnancy-test 2 49..63 Missed NotAttended",
            "liver-panel 1 77..105 Missed NotAttended",
            "misuse-screen 1 77..105 Done m-1",
            "pregnancy-test 3 77..91 Missed NotAttended",
            "cognition-test 1 161..203 Done c-1",
            "liver-panel 2 168..196 Done l-2",
            "misuse-screen 2 168..196 Missed NotAttended",
            "misuse-screen 3 259..287 Missed NotAttended",
            "cognition-test 2 343..385 Missed NotAttended",
            "liver-panel 3 344..386 Done l-3",
            "misuse-screen 4 350..378 Missed NotAttended",
            "misuse-screen 5 441..469 Upcoming",
            "cognition-test 3 525..567 Upcoming",
            "liver-panel 4 709..751 Upcoming",
        ];
        Assert.Equal(lines, Lines(chart, 400).Where(l => !l.StartsWith("pregnancy-test ", StringComparison.Ordinal) || lines.Contains(l)));
        Assert.Contains("pregnancy-test 14 385..399 Overdue", Lines(chart, 400));
        Assert.Contains("cognition-test 2 343..385 Overdue", Lines(chart, 399));
    }

    [Fact]
    public void Pregnancy_tests_are_asked_for_where_pregnancy_is_possible_by_the_latest_consultation()
    {
        bool Asks(Chart chart) => Lines(chart, 30).Any(l => l.StartsWith("pregnancy", StringComparison.Ordinal));
        Assert.False(Asks(Chart.Planned().Dose(0)));
        var chart = Possible(Chart.Planned()).Dose(0);
        Assert.True(Asks(chart));
        chart.Do(new RecordConsultation(Detailed.Consultation, chart.At(20)));
        Assert.False(Asks(chart));
    }

    /// <summary>The end is on day 80 at noon: what opened before it is still asked for, what would open later is not.</summary>
    [Fact]
    public void After_the_end_of_treatment_no_more_safety_checks_open()
    {
        var chart = Chart.Planned().Dose(0).End(80, hour: 12);
        Assert.Equal(
            ["liver-panel-baseline 1 -30..0 Missed NotAttended", "liver-panel 1 77..105 Due", "misuse-screen 1 77..105 Due"],
            Lines(chart, 90));
    }

    [Fact]
    public void Days_are_the_clinics_over_a_clock_change()
    {
        var chart = Chart.Planned("America/New_York", new DateOnly(2025, 1, 20)).Dose(0);
        var visit = Calendar.Visit(chart.State, FollowUpCatalogue.Liver, 1, chart.At(80));
        Assert.Equal((chart.At(77, 0), chart.At(106, 0)), (visit.OpensAt, visit.DueBy));
        Assert.Equal(TimeSpan.FromDays(29), visit.DueBy - visit.OpensAt);
        Assert.NotEqual(chart.At(0, 0).TimeOfDay, visit.OpensAt.TimeOfDay);
    }

    private static Chart Possible(Chart chart) =>
        chart.Do(new RecordConsultation(Detailed.With(d => d with { Pregnancy = PregnancyPossibility.Possible }), chart.At(-39)));

    private static void Check(Chart chart, SafetyCheckKind kind, string id, int day, int hour) => chart.Do(new RecordSafetyCheck(Detailed.Check(kind, id, chart.At(day, hour))));

    private static IEnumerable<string> Lines(Chart chart, int day) =>
        Calendar.Lines(chart.State, chart.At(day), chart.At(0)).Where(line => Rules.Contains(line.Split(' ')[0]));
}
