using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>End of induction is read on days 14 to 31 after the last induction dose (McInnes 2022); later weeks count from day 22.</summary>
public sealed class MeasuringWindowTests
{
    private const int LastDose = 11;

    private static Chart Induced(string zone = "Europe/Berlin", DateOnly? dayZero = null) =>
        Chart.Planned(zone, dayZero).Answer(-1, 20).Doses(0, 2, 4, 7, 9, LastDose);

    [Theory]
    [InlineData(13, false)]
    [InlineData(14, true)]
    [InlineData(31, true)]
    [InlineData(32, false)]
    public void End_of_induction_is_measured_on_days_14_to_31_after_the_last_dose(int day, bool measured) =>
        Assert.Equal(measured, Induced().Answer(LastDose + day, 8).Close().Measured);

    [Theory]
    [InlineData(Milestone.Week4, 43, 57)]
    [InlineData(Milestone.Week8, 71, 85)]
    [InlineData(Milestone.Week12, 99, 113)]
    [InlineData(Milestone.Week26, 190, 218)]
    [InlineData(Milestone.Week52, 372, 400)]
    public void Later_weeks_are_measured_around_day_22_and_the_weeks_that_follow(Milestone milestone, int first, int last)
    {
        Assert.False(Induced().Answer(LastDose + first - 1, 8).Close(milestone).Measured);
        Assert.True(Induced().Answer(LastDose + first, 8).Close(milestone).Measured);
        Assert.True(Induced().Answer(LastDose + last, 8).Close(milestone).Measured);
        Assert.False(Induced().Answer(LastDose + last + 1, 8).Close(milestone).Measured);
    }

    [Theory]
    [InlineData(Milestone.Year2, 722, 778)]
    [InlineData(Milestone.Year3, 1086, 1142)]
    [InlineData(Milestone.Year4, 1450, 1506)]
    [InlineData(Milestone.Year5, 1814, 1870)]
    public void Years_are_measured_four_weeks_to_each_side(Milestone milestone, int first, int last)
    {
        foreach (var (day, measured) in ((int, bool)[])[(first - 1, false), (first, true), (last, true), (last + 1, false)])
        {
            var chart = Induced();
            chart.Do(new Patients.RecordAssessment(new("late"), Given.Items(8), chart.At(LastDose + day)), chart.At(LastDose + day));
            Assert.Equal(measured, chart.Close(milestone).Measured);
        }
    }

    [Theory]
    [InlineData(Milestone.Year2)]
    [InlineData(Milestone.Year5)]
    public void A_death_or_a_loss_before_a_year_closes_it_with_its_reason(Milestone milestone)
    {
        Assert.Equal(MissingReason.Died, Induced().Answer(-1, 20).Die(60).Close(milestone).Missing);
        Assert.Equal(MissingReason.LostToFollowUp, Induced().Answer(-1, 20).Lose(34).Close(milestone).Missing);
        Assert.Equal(MissingReason.LeftTreatment, Induced().Answer(-1, 20).End(60).Close(milestone).Missing);
    }

    [Fact]
    public void Of_several_answers_in_the_window_the_first_counts_in_whatever_order_they_were_recorded()
    {
        var outcome = Induced().Answer(LastDose + 20, 3).Answer(LastDose + 30, 25).Answer(LastDose + 15, 9).Close();

        Assert.Equal(9, outcome.Phq9);
    }

    [Fact]
    public void An_answer_before_the_window_does_not_hide_the_one_inside()
    {
        var outcome = Induced().Answer(LastDose + 13, 3).Answer(LastDose + 14, 18).Close();

        Assert.Equal(18, outcome.Phq9);
    }

    [Theory]
    [InlineData("Europe/Berlin", "2025-03-17")] // over the clock change of 30 March
    [InlineData("Europe/Berlin", "2025-10-06")] // and of 26 October
    [InlineData("America/New_York", "2025-02-17")]
    [InlineData("Australia/Melbourne", "2025-03-24")]
    public void The_window_is_counted_in_clinic_days_up_to_the_last_minute(string zone, string dayZero)
    {
        var day = DateOnly.Parse(dayZero, System.Globalization.CultureInfo.InvariantCulture);

        Assert.False(Induced(zone, day).Answer(LastDose + 13, 8, hour: 23, minute: 59).Close().Measured);
        Assert.True(Induced(zone, day).Answer(LastDose + 14, 8, hour: 0, minute: 0).Close().Measured);
        Assert.True(Induced(zone, day).Answer(LastDose + 31, 8, hour: 23, minute: 59).Close().Measured);
        Assert.False(Induced(zone, day).Answer(LastDose + 32, 8, hour: 0, minute: 0).Close().Measured);
    }

    [Fact]
    public void A_milestone_closes_at_the_start_of_the_day_after_every_possible_window_counted_from_the_first_dose()
    {
        var chart = Induced();
        var due = chart.At(28 + 31 + 1, 0);

        Assert.Equal("MILESTONE_NOT_DUE", chart.Try(new Patients.CloseMilestone(Milestone.EndOfInduction), due.AddTicks(-1)).Refusal?.Reason);
        Assert.True(chart.Try(new Patients.CloseMilestone(Milestone.EndOfInduction), due).Accepted);
    }

    [Fact]
    public void The_day_a_milestone_closes_does_not_tell_how_long_the_induction_took()
    {
        var brief = Chart.Planned().Doses(0, 2, 4, 7);
        var lengthy = Chart.Planned().Doses(0, 7, 14, 28);
        var abandoned = Chart.Planned().Doses(0).End(1);

        Assert.All(
            MilestoneSchedule.All,
            m => Assert.Single(new[] { brief, lengthy, abandoned }.Select(c => Patients.CloseMilestone.DueAt(c.State, m)).Distinct()));
    }

    [Fact]
    public void Every_window_is_over_when_its_milestone_closes()
    {
        var first = new DateOnly(2025, 1, 15);
        for (var span = 0; span <= 28; span++)
        {
            var last = first.AddDays(span);
            Assert.All(MilestoneSchedule.All, m => Assert.True(MilestoneSchedule.WindowOf(m, last).LastDay < MilestoneSchedule.ClosesOn(m, first)));
        }
    }

    [Fact]
    public void No_day_belongs_to_two_windows()
    {
        var last = new DateOnly(2025, 1, 15);
        var windows = MilestoneSchedule.All.Select(m => MilestoneSchedule.WindowOf(m, last)).ToArray();

        Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.True(pair.First.LastDay < pair.Second.FirstDay));
    }
}
