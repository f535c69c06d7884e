using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>Who is evaluated: 4 to 8 doses in 7 to 28 days (McInnes 2022), with a baseline before the first.</summary>
public sealed class InductionAndBaselineTests
{
    [Theory]
    [InlineData(new[] { 0, 4, 8 }, false)]
    [InlineData(new[] { 0, 4, 8, 12 }, true)]
    [InlineData(new[] { 0, 2, 4, 7, 9, 11, 14, 16 }, true)]
    [InlineData(new[] { 0, 2, 4, 7, 9, 11, 14, 16, 18 }, false)]
    [InlineData(new[] { 0, 2, 4, 6 }, false)]
    [InlineData(new[] { 0, 2, 4, 7 }, true)]
    [InlineData(new[] { 0, 7, 14, 28 }, true)]
    [InlineData(new[] { 0, 7, 14, 29 }, false)]
    public void An_induction_is_4_to_8_doses_in_7_to_28_days(int[] days, bool complete)
    {
        var outcome = Chart.Planned(inductionSessions: 12).Answer(-1, 20).Doses(days).Answer(days[^1] + 22, 8).Close();

        Assert.Equal(complete ? null : MissingReason.InductionIncomplete, outcome.Missing);
    }

    [Fact]
    public void A_dose_after_day_28_is_maintenance_and_moves_no_window()
    {
        var chart = Chart.Planned(inductionSessions: 12).Answer(-1, 20).Doses(0, 7, 14, 21, 29);

        var course = InductionCourse.Of(chart.State)!;

        Assert.Equal((4, 21), (course.Doses, course.LastDose.DayNumber - course.FirstDose.DayNumber));
        Assert.Equal(8, chart.Answer(21 + 14, 8).Close().Phq9);
    }

    [Fact]
    public void Doses_beyond_the_number_planned_are_maintenance()
    {
        var chart = Chart.Planned(inductionSessions: 6).Answer(-1, 20).Doses(0, 2, 4, 7, 9, 11, 18, 25);

        Assert.Equal(6, InductionCourse.Of(chart.State)!.Doses);
        Assert.True(chart.Answer(11 + 14, 8).Close().Measured);
    }

    [Fact]
    public void Days_are_the_clinics_days_so_a_late_evening_dose_is_not_the_next_utc_day()
    {
        var chart = Chart.Planned("America/New_York").Answer(-1, 20).Dose(0, 21).Dose(2, 21).Dose(4, 21).Dose(7, 1);

        Assert.True(InductionCourse.Of(chart.State)!.IsComplete);
    }

    [Fact]
    public void A_held_session_without_a_dose_is_no_dose()
    {
        var chart = Chart.Planned().Answer(-1, 20).Doses(0, 2, 4);
        chart.Do(new StartSession(new("held"), Given.Home, false, Given.Calm, 80, "", chart.At(7)));
        chart.Do(new CompleteSession(new("held"), Given.Calm, chart.At(7, 11)));

        Assert.Equal(MissingReason.InductionIncomplete, chart.Close().Missing);
    }

    [Fact]
    public void The_last_answer_before_the_first_dose_is_the_baseline()
    {
        var outcome = Chart.Planned().Answer(-5, 25).Answer(0, 20, hour: 9).Doses(0, 2, 4, 7).Answer(0, 3, hour: 11).Answer(7 + 20, 10).Close();

        Assert.Equal(20, outcome.BaselinePhq9);
        Assert.True(outcome.Response);
    }

    [Fact]
    public void Of_two_answers_of_one_instant_the_one_recorded_later_is_the_baseline()
    {
        var chart = Chart.Planned().Answer(-1, 25).Answer(-1, 20).Doses(0, 2, 4, 7);

        Assert.Equal(20, PatientSeries.Of(chart.State)!.Baselines[ScaleKind.Phq9]);
        Assert.Equal(20, chart.Close().BaselinePhq9);
    }

    [Theory]
    [InlineData(0, 10, 0)] // at the very instant of the dose
    [InlineData(0, 11, 0)] // the same day, after it
    [InlineData(1, 9, 0)]
    [InlineData(-31, 10, 0)]
    public void An_answer_after_the_first_dose_or_older_than_30_days_is_no_baseline(int day, int hour, int minute)
    {
        var outcome = Chart.Planned().Answer(day, 20, hour, minute).Doses(0, 2, 4, 7).Answer(7 + 20, 3).Close();

        Assert.Equal((MissingReason.BaselineMissing, null, null), (outcome.Missing, outcome.BaselinePhq9, outcome.Phq9));
    }

    /// <summary>Design, section 8: clinical days and windows are computed in the clinic's time zone, not as multiples of 24 hours.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(12)]
    public void A_baseline_of_the_thirtieth_clinic_day_before_the_dose_counts_whatever_the_hour(int hour)
    {
        var outcome = Chart.Planned().Answer(-30, 20, hour).Doses(0, 2, 4, 7).Close();

        Assert.Equal(20, outcome.BaselinePhq9);
    }
}
