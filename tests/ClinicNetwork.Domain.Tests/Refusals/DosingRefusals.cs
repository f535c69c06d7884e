using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Plans;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of being the dosing site, of starting sessions beside it, and of reporting them later.</summary>
internal static class DosingRefusals
{
    private static readonly TakeDosing Take = new(Given.Home, "home-1");
    private static readonly PassDosing Pass = new(Given.Other, Given.Home, "home-1");

    public static IEnumerable<RefusalCase> All() => [.. Taking(), .. Holding(), .. Starting(), .. Reporting()];

    /// <summary>Shared with the other clinic; the home clinic is the dosing site from now on.</summary>
    private static Chart Held(Chart? chart = null)
    {
        var held = chart ?? Chart.Planned();
        return held.Do(new SetSharing([new(Given.Other, SiteAccess.Write)], held.At(-1))).Do(Take);
    }

    private static IEnumerable<RefusalCase> Taking()
    {
        var chart = Chart.Planned();
        yield return RefusalCase.Invalid("SITE_MISSING", "clinicnetwork-site", "for the network", chart, Take with { Site = null });
        yield return RefusalCase.Precondition("PLAN_MISSING", "patient", "no plan", new Chart().Enrol().Consult(), Take);
        yield return RefusalCase.Precondition("TREATMENT_ENDED", "patient", "after the end", Chart.Planned().End(0), Take);
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "after death", Dead(Chart.Planned()), Take);
        yield return RefusalCase.Precondition("PLAN_CONFLICT", "patient", "a plan in conflict about the dose", Site.InConflict(), Take);
        var held = Held();
        yield return RefusalCase.Precondition("DOSING_ELSEWHERE", "patient", "another's", held, Take with { Site = Given.Other });
        yield return RefusalCase.Precondition("DOSING_ELSEWHERE", "patient", "a tick before it expires", held, Take with { Site = Given.Other }, held.At(733).AddTicks(-1));
    }

    private static IEnumerable<RefusalCase> Holding()
    {
        var held = Held();
        foreach (var act in (object[])[Pass with { Site = null }, new EndDosing()])
            yield return RefusalCase.Invalid("SITE_MISSING", "clinicnetwork-site", "for the network", held, act);
        foreach (var (about, chart, now) in ((string, Chart, DateTimeOffset?)[])[("nobody's", Chart.Planned(), null), ("expired", held, held.At(733)), ("given back", Held().Do(new EndDosing(Given.Home)), null)])
        {
            yield return RefusalCase.Denied("DOSING_NOT_YOURS", "patient", about, chart, Pass, now);
            yield return RefusalCase.Denied("DOSING_NOT_YOURS", "patient", about, chart, new EndDosing(Given.Home), now);
        }

        yield return RefusalCase.Denied("DOSING_NOT_YOURS", "patient", "another's", held, Pass with { Site = Given.Other, To = Given.Home });
        yield return RefusalCase.Denied("DOSING_NOT_YOURS", "patient", "another's", held, new EndDosing(Given.Other));
        foreach (var to in (ClinicId[])[Given.Home, new("east")])
            yield return RefusalCase.Precondition("SITE_NOT_ALLOWED", "to_site", $"to {to.Value}", held, Pass with { To = to });
        var sessions = Held();
        sessions.Do(new SetSharing([new(Given.Other, SiteAccess.BySection) { Full = PlanSections.Sessions }], sessions.At(0)));
        yield return RefusalCase.Precondition("SITE_NOT_ALLOWED", "to_site", "to one that may change sessions alone", sessions, Pass);
        var conflict = Held(Chart.Planned());
        var known = conflict.State.Plan!.Version;
        conflict.Revise(r => r with { DoseMgPerKg = 0.6 }).Do(conflict.Propose(known, r => r with { DoseMgPerKg = 0.75 }));
        yield return RefusalCase.Precondition("PLAN_CONFLICT", "patient", "passing on a plan in conflict", conflict, Pass);
        // Between the end by the store's clock and what the clinic said of it: two seconds, at most.
        var ending = Held();
        ending.Do(new EndTreatment("Moved away", ending.At(730).AddSeconds(2)));
        yield return RefusalCase.Precondition("TREATMENT_ENDED", "patient", "passing on at the end of treatment", ending, Pass);
        var dying = Held();
        dying.Do(new RecordDeath(DeathCause.Unknown, DeathSource.Register, "", dying.At(730).AddSeconds(2)));
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "passing on at a death", dying, Pass);
    }

    private static IEnumerable<RefusalCase> Starting()
    {
        var held = Held();
        var start = held.Start(0) with { OccurredAt = held.At(730), Clinic = Given.Other };
        yield return RefusalCase.Precondition("DOSING_ELSEWHERE", "clinic", "while another clinic may dose", held, start);
        yield return RefusalCase.Precondition("DOSING_ELSEWHERE", "clinic", "dated back before it was taken", held, start with { OccurredAt = held.At(0) });
        yield return RefusalCase.Denied("OVERRIDE_NOT_ALLOWED", "clinic", "overridden by a nurse", held, start with { Overrides = [new(GateKind.DosingSite, "Closed")], ActorRoles = Roles.Nurse });
        var here = start with { Clinic = Given.Home, Unconfirmed = true };
        foreach (var (about, at) in ((string, DateTimeOffset)[])[("a tick before it was taken", held.At(730).AddTicks(-1)), ("as it expires", held.At(733))])
            yield return RefusalCase.Precondition("DOSING_NOT_HERE", "clinic", about, held, here with { OccurredAt = at }, held.At(734));
        yield return RefusalCase.Precondition("DOSING_NOT_HERE", "clinic", "without the network, nobody's right", Chart.Planned(), held.Start(0) with { Unconfirmed = true });
    }

    private static IEnumerable<RefusalCase> Reporting()
    {
        var chart = Chart.Planned();
        var report = new ReportSession(chart.Start(0), 3);
        yield return RefusalCase.Precondition("PLAN_MISSING", "patient", "no plan", new Chart().Enrol().Consult(), report);
        var ended = new Chart().Enrol().Consult().End(-10);
        ended.Do(new CreatePlan(Given.Ketamine, Setting.Clinic, null, null, [Given.Goal], 4, NewCourse: true));
        yield return RefusalCase.Precondition("PLAN_MISSING", "patient", "in a course that never had one", ended, report with { Session = report.Session with { OccurredAt = ended.At(-11) }, PlanVersion = 0 });
        yield return RefusalCase.Exists("SESSION_EXISTS", "session_id", "the id of a session", Chart.Planned().Dose(0), report with { Session = chart.Start(3, "s-1") });
        var retracted = Chart.Planned().Dose(0).Do(new MarkEnteredInError(FactName.Of(new SessionId("s-1")), "Another patient's", "c-1", Roles.Clinician));
        yield return RefusalCase.Exists("SESSION_EXISTS", "session_id", "the id of one that was entered in error", retracted, report with { Session = chart.Start(3, "s-1") });
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "after death", Dead(Chart.Planned()), report with { Session = chart.Start(1) });
        yield return RefusalCase.Invalid("TEXT_INVALID", "emergency_reason", "501 characters", chart, report with { EmergencyReason = new('x', 501) });
        yield return RefusalCase.Invalid("WEIGHT_OUT_OF_RANGE", "weight_kg", "29.9 kg", chart, report with { Session = report.Session with { WeightKg = 29.9 } });
        yield return RefusalCase.Invalid("BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.systolic_mmhg", "40/30", chart, report with { Session = report.Session with { BloodPressure = new(40, 30) } });
        yield return RefusalCase.Invalid("VITALS_OUT_OF_RANGE", "spo2_percent", "101 %", chart, report with { Session = report.Session with { SpO2Percent = 101 } });
        yield return RefusalCase.Invalid("FASTING_OUT_OF_RANGE", "food_minutes", "-1 min", chart, report with { Session = report.Session with { FoodMinutes = -1 } });
        yield return RefusalCase.Invalid("OVERRIDE_REPEATED", "overrides", "one gate twice", chart, report with { Session = report.Session with { Overrides = [new(GateKind.Spacing, "a"), new(GateKind.Spacing, "b")] } });
        foreach (var one in RefusalCase.OfTime(chart, at => report with { Session = report.Session with { OccurredAt = at } }))
            yield return one;
    }

    private static Chart Dead(Chart chart) => chart.Do(new RecordDeath(DeathCause.Unknown, DeathSource.Register, "", chart.At(0)));
}
