using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Plans;

/// <summary>What an open conflict stops, what it does not, and how it is resolved.</summary>
public sealed class PlanConflictTests
{
    [Fact]
    public void No_session_starts_on_a_plan_in_conflict_about_the_dose_whatever_reason_is_given()
    {
        var chart = Site.InConflict();
        var start = chart.Start(0) with { Overrides = [new(GateKind.PlanConflict, "Weighed")], ActorRoles = Roles.Clinician };
        Assert.Equal("PLAN_CONFLICT", chart.Try(start).Refusal?.Reason);
        var later = Site.InConflict(protocolVersion: 2);
        Assert.Equal("PLAN_CONFLICT", later.Try(Sessions.LaterSession.Start(later)).Refusal?.Reason);

        chart.Do(chart.Resolve(PlanChoice.Proposed)).Do(chart.Start(0));
        Assert.Equal(0.75 * 80, chart.State.Sessions[^1].PlannedDoseMg);
    }

    [Fact]
    public void What_stopped_a_session_before_is_told_first()
    {
        Assert.Equal("CONTRAINDICATED", Site.InConflict().Consult("Aneurysmal vascular disease").Try(Site.InConflict().Start(0)).Refusal?.Reason);
        Assert.Equal("BLOOD_PRESSURE_HOLD", Site.InConflict().Try(Site.InConflict().Start(0) with { BloodPressure = new(150, 80) }).Refusal?.Reason);
        var withdrawn = Site.InConflict();
        withdrawn.Do(new RecordConsultation(Given.Consultation with { TreatmentConsent = false }, withdrawn.At(-1)));
        Assert.Equal("TREATMENT_CONSENT_MISSING", withdrawn.Try(withdrawn.Start(0)).Refusal?.Reason);
    }

    [Fact]
    public void A_conflict_of_goals_stops_no_session()
    {
        var chart = Site.WithTooManyGoals();
        chart.Do(chart.Start(0));
    }

    [Fact]
    public void A_dose_that_waits_with_goals_in_conflict_stops_sessions_and_no_other_dose_passes_it()
    {
        var chart = Chart.Planned();
        var known = chart.State.Plan!.Version;
        chart.Revise(r => r with { Goals = [new("Walk", null, null)] });
        chart.Do(chart.Propose(known, r => r with { DoseMgPerKg = 0.3, Goals = [new("Sleep", null, null)] }));
        Assert.Equal([PlanField.Goals], chart.State.PlanConflicts.Single().Fields.AsEnumerable());
        Assert.Equal("PLAN_CONFLICT", chart.Try(chart.Start(0)).Refusal?.Reason);

        chart.Do(chart.Propose(chart.State.Plan!.Version, r => r with { DoseMgPerKg = 0.6 }));
        Assert.Equal((0.5, 2), (chart.State.Plan!.DoseMgPerKg, chart.State.PlanConflicts.Count(c => c.IsOpen)));
        chart.Do(chart.Resolve(PlanChoice.Present, number: 2)).Do(chart.Resolve(PlanChoice.Proposed)).Do(chart.Start(0));
        Assert.Equal(0.3 * 80, chart.State.Sessions[^1].PlannedDoseMg, 6);
    }

    [Fact]
    public void A_dose_that_both_sides_chose_waits_for_no_goals()
    {
        var chart = Chart.Planned();
        var known = chart.State.Plan!.Version;
        chart.Revise(r => r with { DoseMgPerKg = 0.3, Goals = [new("Walk", null, null)] });
        chart.Do(chart.Propose(known, r => r with { DoseMgPerKg = 0.3, Goals = [new("Sleep", null, null)] })).Do(chart.Start(0));
        Assert.True(chart.State.PlanConflicts.Single().IsOpen);
    }

    [Fact]
    public void A_dose_given_meanwhile_is_recorded_and_marked_as_outside_the_plan()
    {
        var chart = Chart.Planned();
        var known = chart.State.Plan!.Version;
        chart.Revise(r => r with { DoseMgPerKg = 0.6 }).Do(chart.Start(0));
        var (found, resolved) = (chart.At(0, 11), chart.At(0, 12));
        chart.Do(chart.Propose(known, r => r with { DoseMgPerKg = 0.75 }), found).Do(chart.Resolve(PlanChoice.Present), resolved);
        foreach (var (at, outside) in ((DateTimeOffset, bool)[])[(found.AddTicks(-1), false), (found, true), (resolved.AddTicks(-1), true), (resolved, false)])
            Assert.Equal(new DoseAnswer(outside), chart.Try(new RecordDose(new("s-next"), 48, 40, at), at).Answer);
    }

    [Fact]
    public void A_conflict_says_what_both_sides_decided_who_did_where_and_why()
    {
        var chart = Chart.Planned();
        var known = chart.State.Plan!;
        chart.Revise(r => r with { DoseMgPerKg = 0.6 }).Revise(r => r with { Goals = [new("Sleep", null, null)] }).Do(chart.Propose(known.Version, r => r with { InductionSessions = 8 }), chart.At(0));
        var conflict = Assert.Single(chart.State.PlanConflicts);
        Assert.Equal([PlanField.DoseMgPerKg, PlanField.InductionSessions], conflict.Fields.AsEnumerable());
        Assert.Equal((known, 8, 0.6), (conflict.Base, conflict.Proposed.InductionSessions, conflict.Present.DoseMgPerKg));
        Assert.Equal(("south-1", Given.Other, "Decided while offline", chart.At(-1), chart.At(0)), (conflict.Proposed.RevisedBy, conflict.Proposed.RevisedFrom, conflict.Proposed.RevisionReason, conflict.OccurredAt, conflict.FoundAt));
        Assert.Equal(new PlanAuthor(2, "home-1", Given.Home, "Decided at home"), Assert.Single(conflict.Against));
        Assert.Equal(("home-1", conflict.Proposed.RevisedBy), (conflict.AskedOf, (conflict with { Against = [PlanAuthor.Of(conflict.Present) with { Actor = "" }] }).AskedOf));
        Assert.True(conflict is { IsOpen: true, IsAboutDosing: true });
    }

    [Theory]
    [InlineData(PlanChoice.Proposed, 0.75, 8)]
    [InlineData(PlanChoice.Present, 0.6, 6)]
    [InlineData(PlanChoice.Revised, 0.5, 6)]
    public void A_resolution_moves_the_plan_by_one_revision_closes_conflict_and_alert_and_is_kept(PlanChoice holds, double mgPerKg, int sessions)
    {
        var chart = Chart.Planned();
        var known = chart.State.Plan!.Version;
        chart.Revise(r => r with { DoseMgPerKg = 0.6, Goals = [Given.Goal, new("Sleep", null, null)] });
        chart.Do(chart.Propose(known, r => r with { DoseMgPerKg = 0.75, InductionSessions = 8, Goals = [Given.Goal, new("Walk", null, null)] }));
        Assert.Equal((AlertKind.PlanConflict, Roles.Clinician, "plan-conflicts/1"), (chart.State.Alerts[0].Kind, chart.State.Alerts[0].AtLevel.Owner, chart.State.Alerts[0].Causes.Single()));
        var at = chart.At(1);
        chart.Do(chart.Resolve(holds, revision: holds == PlanChoice.Revised ? new(0, 0.5, null, null, [], "") : null), at);

        var plan = chart.State.Plan!;
        Assert.Equal((mgPerKg, sessions, 3, chart.Version, "Talked over", "home-2"), (plan.DoseMgPerKg!.Value, plan.InductionSessions, plan.Revision, plan.Version, plan.RevisionReason, plan.RevisedBy));
        Assert.Equal(holds == PlanChoice.Proposed ? ["Back to work part-time", "Sleep", "Walk"] : ["Back to work part-time", "Sleep"], plan.Goals.Select(g => g.Text));
        Assert.Equal(new PlanResolution(holds, "Talked over", "home-2", Given.Home, at, 3), Assert.Single(chart.State.PlanConflicts).Resolution);
        Assert.True(chart.State.Alerts.Single() is { IsOpen: false, Answer: "plan-conflicts/1" });
    }

    [Fact]
    public void One_alert_stays_open_until_the_last_of_its_conflicts_is_resolved()
    {
        var chart = Site.InConflict();
        chart.Do(chart.Propose(chart.State.Plan!.Version, r => r with { DoseMgPerKg = 0.9 }));
        Assert.Equal(["plan-conflicts/1", "plan-conflicts/2"], Assert.Single(chart.State.Alerts).Causes.AsEnumerable());
        chart.Do(chart.Resolve(PlanChoice.Present));
        Assert.True(chart.State.Alerts[0].IsOpen);
        Assert.Equal("PLAN_CONFLICT", chart.Try(chart.Start(0)).Refusal?.Reason);
        chart.Do(chart.Resolve(PlanChoice.Present, number: 2));
        Assert.False(chart.State.Alerts[0].IsOpen);
        chart.Do(chart.Start(0));
    }

    [Fact]
    public void A_proposal_whose_base_is_not_known_is_a_conflict_and_one_that_says_what_the_plan_says_is_none()
    {
        var chart = Chart.Planned();
        Assert.Equal(ProposalOutcome.Agreed, ((ProposalAnswer)chart.Try(chart.Propose(0, r => r with { DoseMgPerKg = 0.5 })).Answer!).Outcome);
        chart.Do(chart.Propose(0, r => r with { DoseMgPerKg = 0.75, Goals = [new("Sleep", null, null)] }));
        var conflict = Assert.Single(chart.State.PlanConflicts);
        Assert.Equal((null, 0.75), (conflict.Base, conflict.Proposed.DoseMgPerKg));
        Assert.Equal([PlanField.DoseMgPerKg, PlanField.Goals], conflict.Fields.AsEnumerable());
    }

    [Fact]
    public void A_proposal_on_an_earlier_courses_plan_is_a_conflict()
    {
        var chart = Chart.Planned();
        var known = chart.State.Plan!.Version;
        chart.End(0).Do(new CreatePlan(Given.Ketamine, Setting.Clinic, null, null, [Given.Goal], chart.Version + 1, NewCourse: true));
        chart.Do(chart.Propose(known, r => r with { InductionSessions = 8 }));
        Assert.Null(Assert.Single(chart.State.PlanConflicts).Base);
    }

    [Fact]
    public void A_conflict_that_treatment_ended_with_can_be_closed_by_the_present_plan()
    {
        var chart = Site.InConflict().End(1);
        chart.Do(chart.Resolve(PlanChoice.Present));
        chart.Do(new CreatePlan(Given.Ketamine, Setting.Clinic, null, null, [Given.Goal], chart.Version + 1, NewCourse: true));
    }
}
