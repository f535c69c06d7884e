using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.FollowUps;

/// <summary>How far a goal has come, on hand-worked courses. Day 0 is 3 February 2025 in Berlin.</summary>
public sealed class GoalProgressTests
{
    private static readonly Goal ByMarch = new("Back to work part-time", 9, new DateOnly(2025, 3, 5)); // day 30

    [Fact]
    public void A_target_is_reached_on_the_first_day_at_or_below_it_and_what_came_after_is_the_latest()
    {
        var chart = Chart.Planned().Answer(-3, 8).Answer(-1, 20).Dose(0).Answer(5, 10).Answer(12, 9).Answer(20, 13);
        Assert.Equal(new GoalProgress(ScaleKind.Phq9, 9, 20, 13, new DateOnly(2025, 2, 15), 5), GoalProgress.Of(chart.State, ByMarch, chart.At(25)));
    }

    [Fact]
    public void Days_left_are_the_clinics_and_overdue_begins_the_day_after()
    {
        var chart = Chart.Planned().Answer(-1, 20).Dose(0).Answer(5, 10);
        var last = GoalProgress.Of(chart.State, ByMarch, chart.At(30, 23, 30)); // 22:30 UTC
        var first = GoalProgress.Of(chart.State, ByMarch, chart.At(31, 0, 30)); // 23:30 UTC of the day before
        Assert.Equal((0, false), (last.DaysLeft, last.IsOverdue));
        Assert.Equal((-1, true), (first.DaysLeft, first.IsOverdue));
        Assert.False(GoalProgress.Of(chart.Answer(6, 9).State, ByMarch, chart.At(40)).IsOverdue);
    }

    [Fact]
    public void Nothing_is_reached_before_the_first_dose_or_without_a_measure()
    {
        var chart = Chart.Planned().Answer(-1, 3);
        Assert.Equal(new GoalProgress(ScaleKind.Phq9, 9, null, null, null, 31), GoalProgress.Of(chart.State, ByMarch, chart.At(-1)));
        Assert.Equal(new GoalProgress(ScaleKind.Phq9, 9, 3, 3, null, null), GoalProgress.Of(chart.Dose(0).State, ByMarch with { TargetDate = null }, chart.At(1)));
        var talk = GoalProgress.Of(chart.State, new Goal("Talk to her brother", null, new DateOnly(2025, 2, 5)), chart.At(9));
        Assert.Equal(new GoalProgress(null, null, null, null, null, -7), talk);
        Assert.False(talk.IsOverdue);
    }

    [Fact]
    public void Another_scale_is_measured_by_its_own_totals()
    {
        var chart = Chart.Planned().Answer(-1, 20).Dose(0).Answer(5, 2);
        foreach (var (id, day, total) in new[] { ("g-1", -2, 15), ("g-2", 8, 8), ("g-3", 15, 7) })
            chart.Do(new RecordScale(new AssessmentId(id), ScaleKind.Gad7, ScaleAnswers.WithTotal(Gad7.Scale, total), chart.At(day)));
        var goal = new Goal("Sleep without fear", null, null) { Measure = ScaleKind.Gad7, TargetTotal = 7 };
        Assert.Equal(new GoalProgress(ScaleKind.Gad7, 7, 15, 7, new DateOnly(2025, 2, 18), null), GoalProgress.Of(chart.State, goal, chart.At(20)));
    }
}
