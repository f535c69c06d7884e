using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Plans;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Dosing;

/// <summary>Sessions that were started without the network: kept, with what would have stopped them.</summary>
public sealed class ReportSessionTests
{
    [Fact]
    public void One_that_the_dosing_site_started_through_its_gates_is_a_session_as_any_other()
    {
        var chart = Held().Do(Report(Held(), Given.Home, 1), Held().At(5));
        var session = Assert.Single(chart.State.Sessions);
        Assert.Equal((40, chart.At(1), 3), (session.PlannedDoseMg, session.StartedAt, session.PlanVersion));
        Assert.Equal((0, "", 0, chart.At(5)), (session.Report!.OutsideGates.Length, session.Report.EmergencyReason, session.Report.Near.Length, session.Report.ReportedAt));
        Assert.Empty(chart.State.Alerts);
        chart.Do(new RecordDose(session.Id, 40, 40, chart.At(1, 10, 5))).Do(new RecordVitals(session.Id, new(chart.At(1, 11), Given.Calm))).Do(new CompleteSession(session.Id, Given.Calm, chart.At(1, 13)));
        Assert.Equal((false, SessionStage.Discharged), (chart.State.Sessions[0].OutsidePlan, SessionCourse.StageOf(chart.State, chart.State.Sessions[0])));
    }

    [Fact]
    public void The_planned_dose_is_that_of_the_plan_that_it_was_started_by_while_that_is_kept()
    {
        var chart = Held();
        var known = chart.State.Plan!.Version;
        chart.Revise(r => r with { DoseMgPerKg = 0.75 });
        foreach (var (version, mg) in ((long, double)[])[(known, 40), (chart.State.Plan!.Version, 60), (0, 60), (99, 60)])
            Assert.Equal(mg, Assert.IsType<ReportAnswer>(chart.Try(Report(chart, Given.Home, 1) with { PlanVersion = version }, chart.At(5)).Answer).PlannedDoseMg);
        chart.Do(Report(chart, Given.Home, 1) with { PlanVersion = known }, chart.At(5));
        Assert.Equal(known, chart.State.Sessions[0].PlanVersion);
        Assert.Equal(new DoseAnswer(false), chart.Try(new RecordDose(new("s-next"), 40, 40, chart.At(1, 10, 5))).Answer);
    }

    [Fact]
    public void A_plan_that_was_in_conflict_then_is_told_also_when_that_was_resolved_since()
    {
        var chart = Held();
        var known = chart.State.Plan!.Version;
        chart.Revise(r => r with { DoseMgPerKg = 0.6 }).Do(chart.Propose(known, r => r with { DoseMgPerKg = 0.75 }), chart.At(0, 12)).Do(chart.Resolve(PlanChoice.Present), chart.At(1, 12));
        foreach (var (day, told) in ((int, bool)[])[(1, true), (2, false)])
            Assert.Equal(told, Assert.IsType<ReportAnswer>(chart.Try(Report(chart, Given.Home, day), chart.At(5)).Answer).OutsideGates.Contains("PLAN_CONFLICT"));
    }

    [Fact]
    public void Every_gate_that_holds_is_told_in_order_kept_with_the_session_and_raises_one_alert()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(new RecordConsultation(Given.Consultation with { TreatmentConsent = false, Contraindications = ["Aneurysmal vascular disease"] }, chart.At(-1)))
            .Do(new RecordPregnancy(PregnancyFinding.Reported, "", chart.At(-1)));
        var start = LaterSession.Start(chart) with { Clinic = Given.Other, ClinicCertified = false, BloodPressure = new(150, 95), EscortConfirmed = false, EnrolmentConfirmed = false, SpO2Percent = null, FoodMinutes = 1 };
        chart.Do(new ReportSession(start), chart.At(1));
        string[] gates = [.. chart.State.Sessions[0].Report!.OutsideGates];
        Assert.Equal(
            new[] { "SITE_NOT_PERMITTED", "PREGNANT", "TREATMENT_CONSENT_MISSING", "CONTRAINDICATED", "SETTING_NOT_CERTIFIED", "ENROLMENT_MISSING", "ESCORT_MISSING", "FASTING_TOO_SHORT", "BLOOD_PRESSURE_HOLD", "OXYGEN_SATURATION_MISSING", "DOSING_NOT_HERE" }.Order(StringComparer.Ordinal),
            gates.Order(StringComparer.Ordinal));
        Assert.Equal(("SITE_NOT_PERMITTED", "TREATMENT_CONSENT_MISSING", "DOSING_NOT_HERE"), (gates[0], gates[1], gates[^1]));
        var alert = Assert.Single(chart.State.Alerts, a => a.Kind == AlertKind.OutsideGates);
        Assert.Equal(("sessions/s-1", Roles.Clinician, chart.At(1).AddHours(1)), (alert.Causes.Single(), alert.AtLevel.Owner, alert.DueAt));
    }

    [Fact]
    public void A_reason_given_there_counts_when_a_clinician_reports_it_and_is_kept_whoever_does()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.EsketamineNasal2).Do(new TakeDosing(Given.Home), Chart.Planned().At(0, 9));
        var start = LaterSession.Start(chart) with { BloodPressure = new(150, 95), Overrides = [new(GateKind.BloodPressure, "Usual for her"), new(GateKind.Spacing, "Felt sooner")] };
        foreach (var (roles, told) in ((Roles, string[])[])[(Roles.Clinician, []), (Roles.Nurse, ["BLOOD_PRESSURE_HOLD"])])
        {
            var events = chart.Try(new ReportSession(start with { ActorRoles = roles }), chart.At(1)).Events;
            Assert.Equal(told, events.OfType<SessionReported>().Single().Report.OutsideGates.AsEnumerable());
            Assert.Equal(["Usual for her", "Felt sooner"], events.OfType<SessionCleared>().Single().Overridden.Select(o => o.Reason));
            Assert.Equal(told.Length, events.OfType<AlertRaised>().Count());
        }
    }

    [Fact]
    public void An_emergency_is_no_gate_any_more_and_raises_the_alert_with_its_reason()
    {
        var chart = Held().Do(Report(Held(), Given.Other, 1) with { EmergencyReason = "Could not wait for the network" }, Held().At(5));
        var report = chart.State.Sessions[0].Report!;
        Assert.Equal((0, "Could not wait for the network"), (report.OutsideGates.Length, report.EmergencyReason));
        Assert.Equal((AlertKind.OutsideGates, true), (chart.State.Alerts.Single().Kind, chart.State.Alerts.Single().IsOpen));
    }

    [Fact]
    public void The_right_at_the_time_counts_not_that_of_now()
    {
        var chart = Held();
        Assert.Empty(Outside(chart, Report(chart, Given.Home, 1), chart.At(30)));
        Assert.Equal(["DOSING_NOT_HERE"], Outside(chart, Report(chart, Given.Home, 3), chart.At(30)));
        chart.Do(new EndDosing(Given.Home), chart.At(2)).Do(new TakeDosing(Given.Other), chart.At(2, 11));
        Assert.Empty(Outside(chart, Report(chart, Given.Home, 1), chart.At(30)));
        Assert.Equal(["DOSING_NOT_HERE"], Outside(chart, Report(chart, Given.Home, 2), chart.At(30)));
        Assert.Empty(Outside(chart, Report(chart, Given.Other, 2, 12), chart.At(30)));
    }

    [Fact]
    public void What_refuses_a_start_is_told_and_the_session_kept()
    {
        var ended = Held().End(0, 11);
        Assert.Equal(["TREATMENT_ENDED", "DOSING_NOT_HERE"], Outside(ended, Report(ended, Given.Home, 1), ended.At(5)));
        Assert.Empty(Outside(ended, Report(ended, Given.Home, 0, 10), ended.At(5)));
        var conflict = Held();
        var known = conflict.State.Plan!.Version;
        conflict.Revise(r => r with { DoseMgPerKg = 0.6 }).Do(conflict.Propose(known, r => r with { DoseMgPerKg = 0.75 }));
        Assert.Equal(["PLAN_CONFLICT"], Outside(conflict, Report(conflict, Given.Home, 1), conflict.At(5)));
        var unweighed = Held();
        var report = Report(unweighed, Given.Home, 1);
        Assert.Equal(new ReportAnswer(0, ["WEIGHT_MISSING"]).OutsideGates, Outside(unweighed, report with { Session = report.Session with { WeightKg = null } }, unweighed.At(5)));
    }

    [Fact]
    public void A_session_that_is_open_elsewhere_stays_open_and_both_are_recorded_to_their_ends()
    {
        var chart = Held();
        chart.Do(chart.Start(0, "s-a") with { OccurredAt = chart.At(1, 9) }, chart.At(1, 9)).Do(Report(chart, Given.Home, 1), chart.At(2));
        Assert.Equal(["SESSION_OPEN", "SESSION_SAME_DAY"], chart.State.Sessions[1].Report!.OutsideGates.AsEnumerable());
        foreach (var id in (SessionId[])[new("s-a"), new("s-next")])
            chart.Do(new RecordDose(id, 40, 40, chart.At(1, 10, 5))).Do(new CompleteSession(id, Given.Calm, chart.At(1, 13)));
        Assert.All(chart.State.Sessions, s => Assert.Equal((40, chart.At(1, 13)), (s.DoseMg!.Value, s.CompletedAt!.Value)));
    }

    [Theory]
    [InlineData(10, 16, "SESSION_SAME_DAY")]
    [InlineData(10, 15, "SESSION_PROBABLY_DOUBLE")]
    [InlineData(9, 45, "SESSION_PROBABLY_DOUBLE")]
    [InlineData(18, 0, "SESSION_SAME_DAY")]
    public void Two_of_one_day_stand_and_the_alert_names_both_whichever_is_told_first(int hour, int minute, string reason)
    {
        foreach (var homeFirst in (bool[])[true, false])
        {
            var chart = Held();
            var (home, other) = (Report(chart, Given.Home, 1), Report(chart, Given.Other, 1, hour, minute) with { EmergencyReason = "Could not wait" });
            other = other with { Session = other.Session with { Session = new("s-other") } };
            foreach (var report in homeFirst ? (ReportSession[])[home, other] : [other, home])
                chart.Do(report, chart.At(5)).Do(new RecordDose(report.Session.Session, 40, 40, report.Session.OccurredAt.AddMinutes(1)), chart.At(5)).Do(new CompleteSession(report.Session.Session, Given.Calm, report.Session.OccurredAt.AddHours(3)), chart.At(5));
            Assert.Contains(reason, chart.State.Sessions[1].Report!.OutsideGates);
            Assert.Equal(["sessions/s-next", "sessions/s-other"], Assert.Single(chart.State.Alerts).Causes.Order(StringComparer.Ordinal));
            chart.Do(new MarkEnteredInError(FactName.Of(new SessionId("s-other")), "The same session", "c-1", Roles.Clinician), chart.At(6));
            Assert.Equal(homeFirst ? [] : ["sessions/s-next"], chart.State.Alerts[0].Causes.AsEnumerable());
        }
    }

    [Fact]
    public void Spacing_counts_to_the_nearest_dose_on_either_side()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.KetamineIv2);
        chart.Do(LaterSession.Start(chart, 10)).Do(new RecordDose(LaterSession.Id, 40, 40, chart.At(10))).Do(new RecordLeaving(LaterSession.Id, LeavingKind.AgainstAdvice, "would not wait", chart.At(10, 11)));
        foreach (var (day, tooShort) in ((int, bool)[])[(2, false), (9, true), (10, true), (11, true), (18, false)])
            Assert.Equal(tooShort, Outside(chart, new ReportSession(LaterSession.Start(chart, day) with { Session = new("s-2"), OccurredAt = chart.At(day, 20) }), chart.At(30)).Contains("SPACING_TOO_SHORT"));
    }

    [Fact]
    public void One_that_is_told_in_the_next_course_is_of_the_course_of_its_time()
    {
        var chart = Held();
        var known = chart.State.Plan!.Version;
        chart.End(5).Do(new CreatePlan(Given.Ketamine, Setting.Clinic, null, null, [Given.Goal], chart.Version + 1, NewCourse: true));
        chart.Do(Report(chart, Given.Home, 1) with { PlanVersion = known });
        Assert.Equal((0, "s-next", known, 0), (chart.State.Sessions.Length, chart.State.EarlierCourses[0].Sessions.Single().Id.Value, chart.State.EarlierCourses[0].Sessions[0].PlanVersion, chart.State.EarlierCourses[0].Sessions[0].Report!.OutsideGates.Length));
        chart.Do(new RecordDose(new("s-next"), 40, 40, chart.At(1, 10, 5))).Do(new CompleteSession(new("s-next"), Given.Calm, chart.At(1, 13)));
        Assert.Equal((40, false), (chart.State.EarlierCourses[0].Sessions[0].DoseMg!.Value, chart.State.EarlierCourses[0].Sessions[0].OutsidePlan));
        Assert.Equal("TREATMENT_ENDED", Outside(chart, Report(chart, Given.Home, 6) with { PlanVersion = known, Session = chart.Start(6, "s-late") }, chart.At(730))[0]);
        chart.Do(new MarkEnteredInError(FactName.Of(new SessionId("s-next")), "Another patient's", "c-1", Roles.Clinician));
        Assert.Empty(chart.State.EarlierCourses[0].Sessions);
    }

    [Fact]
    public void One_before_a_death_is_kept_and_calls_nobody_until_the_death_was_the_error()
    {
        var chart = Held();
        chart.Do(new RecordDeath(DeathCause.Unknown, DeathSource.Register, "", chart.At(2)), chart.At(2)).Do(Report(chart, Given.Other, 1), chart.At(5));
        Assert.Empty(chart.State.Alerts);
        chart.Do(new MarkEnteredInError(new(FactKind.Death, "", 0), "Another person", "c-1", Roles.Clinician), chart.At(6));
        Assert.Equal("sessions/s-next", Assert.Single(chart.State.Alerts).Causes.Single());
    }

    private static string[] Outside(Chart chart, ReportSession report, DateTimeOffset now)
    {
        var attempt = chart.Try(report, now);
        Assert.Null(attempt.Refusal);
        return [.. ((ReportAnswer)attempt.Answer!).OutsideGates];
    }

    private static ReportSession Report(Chart chart, ClinicId clinic, int day, int hour = 10, int minute = 0) =>
        new(chart.Start(day) with { Clinic = clinic, OccurredAt = chart.At(day, hour, minute), Actor = "c-1", ActorRoles = Roles.Clinician }, chart.State.Plan!.Version);

    /// <summary>Shared with the other clinic; the home clinic is the dosing site from day 0, 10:00, for 72 hours.</summary>
    private static Chart Held()
    {
        var chart = Chart.Planned();
        return chart.Do(new SetSharing([new(Given.Other, SiteAccess.Write)], chart.At(-1)), chart.At(-1)).Do(new TakeDosing(Given.Home), chart.At(0));
    }
}
