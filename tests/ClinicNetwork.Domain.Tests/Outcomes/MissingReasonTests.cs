using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>The denominator keeps everybody treated: who is not measured is missing with the most telling reason.</summary>
public sealed class MissingReasonTests
{
    private static Chart Induced() => Chart.Planned().Answer(-1, 20).Doses(0, 2, 4, 7, 9, 11);

    [Fact]
    public void Nobody_treated_is_left_out_and_nobody_untreated_is_counted()
    {
        var untreated = Chart.Planned().Answer(-1, 20);

        Assert.Null(OutcomeEvaluation.Evaluate(untreated.State, Milestone.EndOfInduction));
        Assert.Equal("NOT_TREATED", untreated.Try(new CloseMilestone(Milestone.EndOfInduction)).Refusal?.Reason);
        Assert.NotNull(OutcomeEvaluation.Evaluate(Chart.Planned().Doses(0).State, Milestone.EndOfInduction));
    }

    [Theory]
    [InlineData(MissingReason.NotAttended)]
    [InlineData(MissingReason.Declined)]
    [InlineData(MissingReason.Unreachable)]
    public void The_recorded_reason_of_a_missed_visit_is_told(MissingReason reason) =>
        Assert.Equal(reason, Induced().Missed(Milestone.EndOfInduction, reason, 30).Close().Missing);

    [Fact]
    public void The_last_recorded_reason_of_the_milestone_counts()
    {
        var chart = Induced()
            .Missed(Milestone.EndOfInduction, MissingReason.NotAttended, 30)
            .Missed(Milestone.EndOfInduction, MissingReason.Declined, 35)
            .Missed(Milestone.Week4, MissingReason.Unreachable, 60);

        Assert.Equal(MissingReason.Declined, chart.Close().Missing);
        Assert.Equal(MissingReason.Unreachable, chart.Close(Milestone.Week4).Missing);
    }

    [Fact]
    public void An_answer_inside_the_window_beats_a_missed_visit_and_the_end_of_treatment()
    {
        var outcome = Induced().Missed(Milestone.EndOfInduction, MissingReason.Declined, 26).End(27).Answer(30, 12).Close();

        Assert.Equal((null, 12), (outcome.Missing, outcome.Phq9));
    }

    [Fact]
    public void A_recorded_reason_beats_the_end_of_treatment() =>
        Assert.Equal(
            MissingReason.Unreachable,
            Induced().End(20).Missed(Milestone.EndOfInduction, MissingReason.Unreachable, 30).Close().Missing);

    [Theory]
    [InlineData(11 + 31, MissingReason.LeftTreatment)]
    [InlineData(11 + 32, MissingReason.NotAttended)]
    public void Who_left_by_the_last_day_of_the_window_left_and_who_left_later_did_not_attend(int day, MissingReason reason) =>
        Assert.Equal(reason, Induced().End(day, hour: 23).Close().Missing);

    [Fact]
    public void Without_a_word_the_patient_did_not_attend() => Assert.Equal(MissingReason.NotAttended, Induced().Close().Missing);

    [Fact]
    public void A_drop_out_after_two_doses_left_treatment_at_every_milestone()
    {
        var chart = Chart.Planned().Answer(-1, 20).Doses(0, 3).End(4).Answer(25, 2);

        Assert.All(MilestoneSchedule.All, m => Assert.Equal((MissingReason.LeftTreatment, 20), (chart.Close(m).Missing, chart.State.Outcomes[^1].BaselinePhq9)));
    }

    [Fact]
    public void An_incomplete_induction_of_somebody_who_stayed_is_told_as_such_even_with_an_answer() =>
        Assert.Equal(MissingReason.InductionIncomplete, Chart.Planned().Answer(-1, 20).Doses(0, 3, 8).Answer(30, 2).Close().Missing);

    [Fact]
    public void A_missing_baseline_comes_before_every_other_reason() =>
        Assert.Equal(
            MissingReason.BaselineMissing,
            Chart.Planned().Doses(0, 3).End(4).Missed(Milestone.EndOfInduction, MissingReason.Declined, 20).Close().Missing);

    [Fact]
    public void What_is_missing_has_no_score_and_no_judgement()
    {
        var outcome = Induced().Close();

        Assert.Equal((null, false, false, false), (outcome.Phq9, outcome.Response, outcome.Remission, outcome.Worsening));
        Assert.Equal(20, outcome.BaselinePhq9);
    }
}
