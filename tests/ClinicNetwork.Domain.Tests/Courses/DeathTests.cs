using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.FollowUps;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Courses;

public sealed class DeathTests
{
    private static Chart Treated() => Chart.Planned().Answer(-1, 20).Doses(0, 2, 4, 7, 9, 11);

    [Fact]
    public void After_a_death_there_is_no_session_no_dose_no_discharge_and_no_change_of_plan()
    {
        var chart = Treated();
        chart.Do(chart.Start(14)).Die(14, 11);
        object[] commands =
        [
            chart.Start(15, "s-other"),
            new RecordDose(new("s-next"), 40, 40, chart.At(14, 12)),
            new CompleteSession(new("s-next"), Given.Calm, chart.At(14, 12)),
            new RevisePlan(chart.State.Plan!.Version, null, null, 8, [], "More", chart.Version + 1),
            chart.NewCourse(),
            chart.NewCourse() with { NewCourse = false },
            new RecordPregnancy(PregnancyFinding.Reported, "", chart.At(15)),
            new RecordContact(ContactWay.Phone, ContactResult.Reached, "", chart.At(15)),
            new DeclareLost("", chart.At(15)),
            chart.Death(15),
        ];
        // The session is open, which would be told first.
        chart.Do(new RecordLeaving(new("s-next"), LeavingKind.Transferred, "To hospital", chart.At(14, 11)));

        Assert.All(commands.Where(c => c is not CompleteSession), command => Assert.Equal("PATIENT_DIED", chart.Try(command).Refusal?.Reason));
        Assert.Equal("PATIENT_DIED", Treated().Do(chart.Start(14)).Die(14, 11).Try(commands[2]).Refusal?.Reason);
    }

    [Fact]
    public void A_dose_before_the_death_is_recorded_after_it_and_a_death_before_a_dose_is_refused()
    {
        var chart = Treated();
        chart.Do(chart.Start(14)).Die(14, 11);
        Assert.True(chart.Try(new RecordDose(new("s-next"), 40, 40, chart.At(14, 11))).Accepted);

        Assert.Equal(("DEATH_BEFORE_SESSION", "occurred_at"), (Treated().Try(chart.Death(11, 9)).Refusal?.Reason, Treated().Try(chart.Death(11, 9)).Refusal?.Field));
    }

    [Fact]
    public void It_closes_every_open_alert_in_its_own_commit_and_none_is_raised_after_it()
    {
        var chart = Treated();
        chart.Answer(20, 27);
        Assert.Equal(2, chart.State.Alerts.Count(a => a.IsOpen));

        chart.Die(21);
        Assert.All(chart.State.Alerts, a => Assert.Equal((false, "death"), (a.IsOpen, a.Answer)));

        Assert.Equal(2, chart.Answer(20, 27, 13).State.Alerts.Length);
    }

    [Fact]
    public void What_was_to_be_asked_after_it_is_missing_for_it_and_never_due()
    {
        var chart = Treated().Answer(30, 8).Die(60);
        var now = chart.At(61);

        var visits = FollowUpCalendar.Of(chart.State, now);
        Assert.All(visits.Where(v => v.DueBy > chart.At(60)), v => Assert.Equal((FollowUpState.Missed, MissingReason.Died), (v.State, v.Missing)));
        Assert.DoesNotContain(visits, v => v.State is FollowUpState.Upcoming || (v.State is FollowUpState.Due or FollowUpState.Overdue && v.DueBy > chart.At(60)));
        Assert.True(OutcomeEvaluation.Evaluate(chart.State, Milestone.EndOfInduction)!.Response);
        Assert.Equal(MissingReason.Died, OutcomeEvaluation.Evaluate(chart.State, Milestone.Week12)!.Missing);
        Assert.All(
            OutcomeCatalogue.OfMilestones.Select(d => OutcomeJudging.Judge(d, PatientSeries.Of(chart.State)!, chart.State.DayOf(now))),
            j => Assert.True(j.IsFinal && j.Kind != JudgementKind.NotYet));
    }

    [Fact]
    public void A_death_during_induction_is_the_reason_that_it_is_incomplete() =>
        Assert.Equal(MissingReason.Died, OutcomeEvaluation.Evaluate(Chart.Planned().Answer(-1, 20).Doses(0, 2).Die(3).State, Milestone.EndOfInduction)!.Missing);

    /// <summary>REMS monitoring form: serious adverse events within 7 days; by clinical days, [K].</summary>
    [Theory]
    [InlineData(11, "s-6")]
    [InlineData(18, "s-6")]
    [InlineData(19, null)]
    public void Within_seven_days_of_a_dose_it_is_noted_as_a_serious_adverse_event(int day, string? session) =>
        Assert.Equal(session, Death.AdverseEventOf(Treated().Die(day, 23).State)?.Value);

    /// <summary>It is read from the state alone: without the fact there is nothing of it.</summary>
    [Fact]
    public void Taken_back_it_leaves_no_trace_in_calendar_and_outcomes()
    {
        var chart = Treated().Answer(30, 8);
        var before = Calendar.Lines(chart.State, chart.At(61), chart.At(0));
        var died = chart.Die(60).State;

        Assert.NotEqual(before, Calendar.Lines(died, chart.At(61), chart.At(0)));
        Assert.Equal(before, Calendar.Lines(died with { Death = null }, chart.At(61), chart.At(0)));
    }
}
