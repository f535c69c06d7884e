using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.FollowUps;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Courses;

public sealed class LossTests
{
    private static Chart Treated() => Chart.Planned().Answer(-1, 20).Doses(0, 2, 4, 7, 9, 11);

    /// <summary>Three that failed, at least 7 clinical days apart, since the patient was last reached: [K].</summary>
    [Theory]
    [InlineData(new[] { 20, 27, 34 }, new int[0], true)]
    [InlineData(new[] { 20, 27 }, new int[0], false)]
    [InlineData(new[] { 20, 26, 34 }, new int[0], false)]
    [InlineData(new[] { 20, 21, 27, 28, 34 }, new int[0], true)]
    [InlineData(new[] { 20, 27, 34 }, new[] { 22 }, false)]
    [InlineData(new[] { 20, 27, 34, 41 }, new[] { 20 }, true)]
    [InlineData(new[] { 20, 27, 35 }, new int[0], false)]
    public void A_person_declares_it_after_attempts_that_failed_far_enough_apart(int[] failed, int[] reached, bool enough)
    {
        var chart = Treated().Contact(ContactResult.NoAnswer, failed).Contact(ContactResult.Reached, reached);
        var day = failed.Length == 4 ? 42 : 34;

        Assert.Equal(enough ? null : "CONTACTS_TOO_FEW", chart.Try(new DeclareLost("", chart.At(day, 13))).Refusal?.Reason);
    }

    [Fact]
    public void There_is_no_session_until_the_patient_is_reached()
    {
        var chart = Treated().Lose(34);
        Assert.Equal("PATIENT_LOST", chart.Try(chart.Start(35)).Refusal?.Reason);
        // What had happened before may still be entered.
        Assert.True(chart.Try(chart.Start(33)).Accepted);

        chart.Contact(ContactResult.WrongAddress, 36);
        Assert.Equal("PATIENT_LOST", chart.Try(chart.Start(37)).Refusal?.Reason);

        chart.Contact(ContactResult.Reached, 38);
        Assert.True(chart.Try(chart.Start(38) with { OccurredAt = chart.At(38, 13) }).Accepted);
        Assert.Equal("CONTACTS_TOO_FEW", chart.Try(new DeclareLost("", chart.At(39))).Refusal?.Reason);
    }

    [Fact]
    public void What_falls_due_meanwhile_is_missing_for_it_and_what_falls_due_after_a_contact_is_asked_again()
    {
        // The end of induction is read on days 25 to 42, week 4 on days 54 to 68, week 8 on days 82 to 96.
        var chart = Treated().Lose(34);
        Assert.Equal(MissingReason.LostToFollowUp, OutcomeEvaluation.Evaluate(chart.State, Milestone.EndOfInduction)!.Missing);
        Assert.Equal(
            [FollowUpState.Missed, FollowUpState.Missed],
            FollowUpCalendar.Of(chart.State, chart.At(40)).Where(v => v.Milestone is Milestone.EndOfInduction or Milestone.Week8).Select(v => v.State));

        chart.Contact(ContactResult.Reached, 70);
        var visits = FollowUpCalendar.Of(chart.State, chart.At(71)).Where(v => v.Milestone is not null).ToDictionary(v => v.Milestone!.Value, v => (v.State, v.Missing));
        Assert.Equal((FollowUpState.Missed, MissingReason.LostToFollowUp), visits[Milestone.EndOfInduction]);
        Assert.Equal((FollowUpState.Missed, MissingReason.LostToFollowUp), visits[Milestone.Week4]);
        Assert.Equal((FollowUpState.Upcoming, null), visits[Milestone.Week8]);
        Assert.Equal(MissingReason.NotAttended, OutcomeEvaluation.Evaluate(chart.State, Milestone.Week8)!.Missing);
    }

    [Fact]
    public void An_answer_in_the_window_is_measured_all_the_same_and_a_recorded_reason_stays()
    {
        Assert.Equal(8, OutcomeEvaluation.Evaluate(Treated().Lose(34).Answer(36, 8).State, Milestone.EndOfInduction)!.Phq9);
        Assert.Equal(MissingReason.Declined, OutcomeEvaluation.Evaluate(Treated().Missed(Milestone.EndOfInduction, MissingReason.Declined, 30).Lose(34).State, Milestone.EndOfInduction)!.Missing);
    }

    [Fact]
    public void Taken_back_it_leaves_no_trace_in_calendar_and_outcomes()
    {
        var chart = Treated();
        var before = Calendar.Lines(chart.State, chart.At(61), chart.At(0));
        var lost = chart.Lose(34).State;

        Assert.NotEqual(before, Calendar.Lines(lost, chart.At(61), chart.At(0)));
        Assert.Equal(before, Calendar.Lines(lost with { Losses = [] }, chart.At(61), chart.At(0)));
    }
}
