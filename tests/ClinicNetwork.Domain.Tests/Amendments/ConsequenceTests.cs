using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Rems;
using ClinicNetwork.Domain.Safety;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Amendments;

/// <summary>What follows when a death, a loss, a contact, or whatever an alert or a warning rests on was entered in error.</summary>
public sealed class ConsequenceTests
{
    [Fact]
    public void A_death_that_was_none_opens_its_alerts_again_and_what_was_told_meanwhile_raises_its_own()
    {
        var chart = Treated().Answer(20, 27);
        var open = chart.State.Alerts.Where(a => a.IsOpen).Select(a => a.Number).ToArray();
        Assert.NotEmpty(open);
        var calendar = FollowUpCalendar.OpenOf(chart.State);
        chart.Die(21);
        Assert.Empty(FollowUpCalendar.OpenOf(chart.State));
        chart.Do(new RecordPregnancy(PregnancyFinding.Reported, "", chart.At(20)));
        Assert.DoesNotContain(chart.State.Alerts, a => a.IsOpen || a.Kind == AlertKind.Pregnancy);

        chart.Do(Mark("death"), chart.At(23));

        Assert.Null(chart.State.Death);
        Assert.All(open, n => Assert.True(chart.State.FindAlert(n) is { IsOpen: true, Answer: "", ReopenedBy: 1 } alert && alert.DueAt > chart.At(23)));
        Assert.Equal("pregnancies/1", chart.State.Alerts.Single(a => a is { Kind: AlertKind.Pregnancy, IsOpen: true }).Causes.Single());
        Assert.Equal(calendar, FollowUpCalendar.OpenOf(chart.State));
        Assert.NotEqual("PATIENT_DIED", chart.Try(chart.Start(24), chart.At(25)).Refusal?.Reason);
    }

    [Fact]
    public void A_milestone_that_was_missing_for_a_death_is_read_anew()
    {
        var chart = Treated().Die(15);
        Assert.Equal(MissingReason.Died, chart.Close().Missing);
        chart.Do(Mark("death"));
        Assert.Equal(MissingReason.NotAttended, chart.State.Outcomes.Single().Missing);
    }

    [Fact]
    public void While_the_patient_is_dead_a_wrong_fact_opens_nothing_and_is_no_cause_when_the_death_was_wrong_too()
    {
        var chart = Treated().Answer(20, 27).Die(21);
        var events = chart.Try(Mark("assessments/a-2")).Events;
        Assert.DoesNotContain(events, e => e is AlertRaised or AlertReopened);
        chart.Do(Mark("assessments/a-2")).Do(Mark("death"));
        Assert.DoesNotContain(chart.State.Alerts, a => a.IsOpen || a.Causes.Contains("assessments/a-2"));
    }

    [Fact]
    public void A_corrected_death_leaves_its_alerts_closed()
    {
        var chart = Treated().Answer(20, 27).Die(21);
        chart.Do(new AmendFact(new(FactKind.Death, "", 0), "A day late", new(Death: chart.Death(20)), "home-1", Roles.Clinician));
        Assert.All(chart.State.Alerts, a => Assert.Equal((false, "death"), (a.IsOpen, a.Answer)));
    }

    [Fact]
    public void A_loss_or_the_contact_that_ended_it_was_wrong()
    {
        var chart = Treated();
        foreach (var day in (int[])[20, 28, 36])
            chart.Do(new RecordContact(ContactWay.Phone, ContactResult.NoAnswer, "", chart.At(day)));
        chart.Do(new DeclareLost("", chart.At(40))).Do(new RecordContact(ContactWay.Phone, ContactResult.Reached, "", chart.At(45)));
        Assert.Null(chart.State.PresentLoss());
        chart.Do(Mark("contacts/4"));
        Assert.Equal(1, chart.State.PresentLoss()?.Number);
        chart.Do(Mark("losses/1"));
        Assert.Null(chart.State.PresentLoss());
        Assert.Null(Retraction.AsFirstRecorded(chart.State).PresentLoss());
        Assert.Single(Retraction.AsFirstRecorded(chart.State).Losses);
    }

    [Fact]
    public void Alerts_of_a_pregnancy_and_of_requests_for_doses_end_with_their_facts()
    {
        var chart = Treated().Do(new RecordPregnancy(PregnancyFinding.TestPositive, "", Treated().At(12)));
        chart.Do(Ask(chart, "r-1", 12)).Do(Ask(chart, "r-2", 13));
        Assert.True(chart.State.IsPregnant(chart.At(14)));
        Assert.Equal(2, chart.State.Alerts.Count(a => a.IsOpen && a.Kind is AlertKind.Pregnancy or AlertKind.MisusePattern));
        chart.Do(Mark("pregnancies/1"));
        Assert.False(chart.State.IsPregnant(chart.At(14)));
        Assert.True(chart.State.Alerts.Single(a => a.Kind == AlertKind.Pregnancy) is { IsOpen: false, Causes: [], Withdrawn: [{ Cause: "pregnancies/1", Retraction: 1 }] });
        chart.Do(Mark("dose-requests/r-1"));
        Assert.Contains(chart.State.Alerts.Single(a => a.Kind == AlertKind.MisusePattern).Withdrawn, w => w is { Cause: "dose-requests/r-1", Retraction: 2 });
        chart.Do(Mark("dose-requests/r-2"));
        Assert.True(chart.State.Alerts.Single(a => a.Kind == AlertKind.MisusePattern) is { IsOpen: false, Causes: [] });
    }

    [Fact]
    public void Warnings_forms_and_visits_go_by_what_stands()
    {
        var chart = Treated();
        chart.Do(new RecordSafetyCheck(Detailed.Screen(SafetyCheckKind.MisuseScreen, ScreenOutcome.Positive, "m-1", chart.At(12))));
        Assert.NotEmpty(SafetyRules.Warnings(chart.State));
        Assert.Empty(SafetyRules.Warnings(chart.Do(Mark("safety-checks/m-1")).State));

        chart.Do(RemsGiven.Form(chart)).Do(new RecordRemsSubmission(new("s-1"), "", chart.At(3), "home-1"));
        Assert.NotNull(RemsRules.SubmissionOf(chart.State, new("s-1")));
        Assert.Null(RemsRules.SubmissionOf(chart.Do(Mark("rems-submissions/1")).State, new("s-1")));
        Assert.NotNull(RemsRules.SiteAt(chart.State, chart.At(3)));
        Assert.Null(RemsRules.SiteAt(chart.Do(Mark("rems-enrolments/1")).State, chart.At(3)));

        var was = FollowUpCalendar.Of(chart.State, chart.At(60));
        var visit = was.First(v => v is { Milestone: null, IsSession: false, State: FollowUpState.Due or FollowUpState.Overdue or FollowUpState.Missed });
        chart.Do(new RecordMissedVisit(default, MissingReason.Declined, chart.At(60), visit.Name), chart.At(60)).Do(new ExplainVisit(visit.Rule.Key, visit.Occurrence, VisitReason.Away, "", chart.At(60), false), chart.At(60));
        Assert.NotEqual(was, FollowUpCalendar.Of(chart.State, chart.At(60)));
        Assert.Equal(was, FollowUpCalendar.Of(chart.Do(Mark("follow-up-misses/1")).Do(Mark("visit-explanations/1")).State, chart.At(60)));
    }

    private static Chart Treated() => Chart.Planned(esketamine: true).Answer(-1, 20).Doses(0, 3, 7, 10);

    private static RecordRequestForDose Ask(Chart chart, string id, int day) =>
        new(new(id), DoseRequestKind.Extra, DoseRequester.Patient, DoseRequestDecision.Refused, "by the plan", chart.At(day), "home-1", Roles.Clinician);

    private static MarkEnteredInError Mark(string fact) =>
        FactName.TryParse(fact, out var name) ? new(name, "Of another patient", "home-1", Roles.Clinician) : throw new ArgumentException(fact);
}
