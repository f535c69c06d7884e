using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Plans;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of proposing a change of a plan, of resolving what contradicts each other, and of what waits for it.</summary>
internal static class PlanConflictRefusals
{
    public static IEnumerable<RefusalCase> All() => [.. Waiting(), .. Proposing(), .. Resolving()];

    private static IEnumerable<RefusalCase> Waiting()
    {
        var chart = Site.InConflict();
        yield return RefusalCase.Precondition("PLAN_CONFLICT", "patient", "a revision meanwhile", chart, new RevisePlan(chart.State.Plan!.Version, 0.5, null, null, [], "Less", 9));
        yield return RefusalCase.Precondition("PLAN_CONFLICT", "patient", "a session", chart, chart.Start(0));
        yield return RefusalCase.Precondition(
            "PLAN_CONFLICT", "patient", "another course", Site.InConflict().End(1), new CreatePlan(Given.Ketamine, Setting.Clinic, null, null, [Given.Goal], 9, NewCourse: true));
    }

    private static IEnumerable<RefusalCase> Proposing()
    {
        var chart = Chart.Planned();
        var version = chart.State.Plan!.Version;
        var revision = new RevisePlan(version, 0.75, null, null, [], "Too little effect", version + 1);
        var proposal = new ProposeRevision(revision, chart.At(0));
        yield return RefusalCase.Precondition("PLAN_MISSING", "patient", "no plan", new Chart().Enrol().Consult(), proposal);
        yield return RefusalCase.Precondition("TREATMENT_ENDED", "patient", "after the end", Chart.Planned().End(0), proposal);
        yield return RefusalCase.Precondition(
            "PATIENT_DIED", "patient", "after death", Chart.Planned().Do(new RecordDeath(DeathCause.Unknown, DeathSource.Register, "", chart.At(0))), proposal);
        yield return RefusalCase.Invalid("NOTHING_TO_CHANGE", "patient", "nothing given", chart, proposal with { Revision = revision with { DoseMgPerKg = null } });
        var open = Chart.Planned();
        open.Do(open.Start(0));
        yield return RefusalCase.Precondition("SESSION_OPEN", "patient", "another protocol in a session", open, proposal with { Revision = revision with { ProtocolVersion = 2 } });
        var many = Site.InConflict();
        for (var i = 1; i < PlanConflict.OpenMax; i++)
            many.Do(many.Propose(0, r => r with { DoseMgPerKg = 0.75 }));
        yield return RefusalCase.Precondition("PLAN_CONFLICTS_TOO_MANY", "patient", "a 21st conflict", many, proposal);
        foreach (var one in RefusalCase.OfTime(chart, at => proposal with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Resolving()
    {
        var chart = Site.InConflict();
        var version = chart.State.Plan!.Version;
        var present = new ResolvePlanConflict(1, PlanChoice.Present, "Talked over", version, null, "home-1", Given.Home, chart.Version + 1);
        var proposed = present with { Holds = PlanChoice.Proposed };
        var change = new RevisePlan(0, 0.5, null, null, [], "");
        var revised = present with { Holds = PlanChoice.Revised, Revision = change };
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "no reason", chart, present with { Reason = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "501 characters", chart, present with { Reason = new('x', 501) });
        foreach (var number in (int[])[0, -1, 2, int.MaxValue])
            yield return RefusalCase.Precondition("PLAN_CONFLICT_UNKNOWN", "conflict", $"number {number}", chart, present with { Number = number });
        yield return RefusalCase.Precondition("PLAN_CONFLICT_CLOSED", "conflict", "twice", Site.InConflict().Do(present), present);
        yield return RefusalCase.Stale("ETAG_MISMATCH", "etag", "read before the last change", chart, proposed with { BaseVersion = version - 1 });
        yield return RefusalCase.Invalid("RESOLUTION_CONTRADICTS", "holds", "another dose, and the present one", chart, present with { Revision = change });
        yield return RefusalCase.Invalid("RESOLUTION_CONTRADICTS", "holds", "something else, and nothing given", chart, revised with { Revision = null });
        yield return RefusalCase.Invalid("NOTHING_TO_CHANGE", "patient", "nothing given", chart, revised with { Revision = change with { DoseMgPerKg = null } });
        yield return RefusalCase.Invalid("DOSE_OUT_OF_RANGE", "dose_mg_per_kg", "1.5 mg/kg", chart, revised with { Revision = change with { DoseMgPerKg = 1.5 } });
        yield return RefusalCase.Invalid("TOO_MANY", "support", "21 series", chart, revised with
        {
            Revision = change with { Support = [.. Enumerable.Repeat(new PlannedSupport(SupportKind.SupportGroup, "Dr B", 7, new DateOnly(2025, 2, 3), null), 21)] },
        });
        yield return RefusalCase.Precondition("DRUG_DIFFERS", "protocol", "another drug", chart, revised with { Revision = change with { Protocol = Given.Esketamine } });
        var later = Site.InConflict(protocolVersion: 2);
        yield return RefusalCase.Precondition(
            "PROTOCOL_OLDER", "protocol_version", "an older version", later, revised with { BaseVersion = later.State.Plan!.Version, Revision = change with { ProtocolVersion = 1 } });
        yield return RefusalCase.Precondition("TREATMENT_ENDED", "patient", "another dose after the end", Site.InConflict().End(1), proposed);
        yield return RefusalCase.Precondition(
            "PATIENT_DIED", "patient", "after death", Site.InConflict().Do(new RecordDeath(DeathCause.Unknown, DeathSource.Register, "", chart.At(0))), present);
        yield return RefusalCase.Precondition(
            "SESSION_OPEN", "patient", "another protocol in a session", Site.InConflict(inSession: true), revised with { BaseVersion = Site.InConflict(inSession: true).State.Plan!.Version, Revision = change with { ProtocolVersion = 2 } });
        var full = Site.WithTooManyGoals();
        yield return RefusalCase.Invalid("GOALS_MISSING", "goals", "22 goals of both sides", full, proposed with { BaseVersion = full.State.Plan!.Version });
    }
}
