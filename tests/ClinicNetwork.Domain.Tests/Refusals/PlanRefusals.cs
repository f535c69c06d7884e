using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of making and revising a plan.</summary>
internal static class PlanRefusals
{
    private static readonly CreatePlan Ketamine = new(Given.Ketamine, Setting.Clinic, null, null, [Given.Goal], 3);
    private static readonly CreatePlan Esketamine = new(Given.Esketamine, Setting.CertifiedClinic, null, null, [Given.Goal], 3);

    public static IEnumerable<RefusalCase> All() => [.. Making(), .. Revising()];

    private static IEnumerable<RefusalCase> Making()
    {
        var chart = new Chart().Enrol().Consult();
        yield return RefusalCase.Precondition("CONSULTATION_MISSING", "patient", "before the consultation", new Chart().Enrol(), Ketamine);
        yield return RefusalCase.Precondition("PLAN_EXISTS", "patient", "a second plan", Chart.Planned(), Ketamine);
        yield return RefusalCase.Precondition("TREATMENT_ENDED", "patient", "after the end", new Chart().Enrol().Consult().End(0), Ketamine);
        yield return RefusalCase.Invalid("PROTOCOL_UNKNOWN", "protocol", "no such protocol", chart, Ketamine with { Protocol = new ProtocolId("ketamine-by-post") });
        foreach (var version in new[] { -1, 0, 3 })
            yield return RefusalCase.Invalid("PROTOCOL_UNKNOWN", "protocol_version", $"version {version}", chart, Ketamine with { ProtocolVersion = version });
        var home = Ketamine with { Protocol = ProtocolCatalogue.KetamineHome.Id, Setting = Setting.Home };
        yield return RefusalCase.Invalid("SUPERVISION_MISSING", "supervision", "at home, nobody named", chart, home);
        yield return RefusalCase.Invalid("TEXT_INVALID", "supervision", "1,001 characters", chart, home with { Supervision = new('x', 1001) });
        yield return RefusalCase.Invalid("SETTING_NOT_PERMITTED", "setting", "esketamine at home", chart, Esketamine with { Setting = Setting.Home });
        yield return RefusalCase.Invalid("SETTING_NOT_PERMITTED", "setting", "esketamine in a clinic that is not certified", chart, Esketamine with { Setting = Setting.Clinic });
        yield return RefusalCase.Invalid("SETTING_NOT_PERMITTED", "setting", "IV ketamine at home", chart, Ketamine with { Setting = Setting.Home });
        yield return RefusalCase.Invalid("DOSE_OUT_OF_RANGE", "dose_mg_per_kg", "0.09 mg/kg", chart, Ketamine with { DoseMgPerKg = 0.09 });
        yield return RefusalCase.Invalid("DOSE_OUT_OF_RANGE", "dose_mg_per_kg", "1.01 mg/kg", chart, Ketamine with { DoseMgPerKg = 1.01 });
        yield return RefusalCase.Invalid("DOSE_OUT_OF_RANGE", "dose_mg_per_kg", "not a number", chart, Ketamine with { DoseMgPerKg = double.NaN });
        yield return RefusalCase.Invalid("DOSE_OUT_OF_RANGE", "dose_mg", "a fixed dose where the dose goes by weight", chart, Ketamine with { DoseMg = 40 });
        yield return RefusalCase.Invalid("DOSE_OUT_OF_RANGE", "dose_mg", "28 mg of esketamine", chart, Esketamine with { DoseMg = 28 });
        yield return RefusalCase.Invalid("DOSE_OUT_OF_RANGE", "dose_mg_per_kg", "esketamine by weight", chart, Esketamine with { DoseMgPerKg = 0.5 });
        foreach (var one in Goals(chart, goals => Ketamine with { Goals = [.. goals] }))
            yield return one;
        yield return RefusalCase.Invalid("GOALS_MISSING", "goals", "none", chart, Ketamine with { Goals = [] });
    }

    private static IEnumerable<RefusalCase> Revising()
    {
        var chart = Chart.Planned();
        var version = chart.State.Plan!.Version;
        var revision = new RevisePlan(version, 0.75, null, null, [], "Too little effect", version + 1);
        yield return RefusalCase.Precondition("PLAN_MISSING", "patient", "no plan", new Chart().Enrol().Consult(), revision);
        yield return RefusalCase.Precondition("TREATMENT_ENDED", "patient", "after the end", Chart.Planned().End(0), revision);
        yield return RefusalCase.Stale("ETAG_MISMATCH", "etag", "read before the last change", chart, revision with { BaseVersion = version - 1 });
        yield return RefusalCase.Stale("ETAG_MISMATCH", "etag", "a version that does not exist yet", chart, revision with { BaseVersion = version + 1 });
        yield return RefusalCase.Invalid("NOTHING_TO_CHANGE", "patient", "nothing given", chart, revision with { DoseMgPerKg = null });
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "no reason", chart, revision with { Reason = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "501 characters", chart, revision with { Reason = new('x', 501) });
        yield return RefusalCase.Invalid("SESSIONS_OUT_OF_RANGE", "induction_sessions", "0 sessions", chart, revision with { InductionSessions = 0 });
        yield return RefusalCase.Invalid("SESSIONS_OUT_OF_RANGE", "induction_sessions", "13 sessions", chart, revision with { InductionSessions = 13 });
        yield return RefusalCase.Invalid("DOSE_OUT_OF_RANGE", "dose_mg_per_kg", "1.5 mg/kg", chart, revision with { DoseMgPerKg = 1.5 });
        yield return RefusalCase.Invalid("DOSE_OUT_OF_RANGE", "dose_mg", "70 mg of esketamine", Chart.Planned(esketamine: true), revision with { DoseMgPerKg = null, DoseMg = 70 });
        foreach (var one in Goals(chart, goals => revision with { Goals = [.. goals] }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Goals(Chart chart, Func<Goal[], object> command)
    {
        yield return RefusalCase.Invalid("GOALS_MISSING", "goals", "21 goals", chart, command([.. Enumerable.Repeat(Given.Goal, 21)]));
        yield return RefusalCase.Invalid("TEXT_INVALID", "goals[1].text", "an empty second goal", chart, command([Given.Goal, Given.Goal with { Text = "" }]));
        yield return RefusalCase.Invalid("GOAL_OUT_OF_RANGE", "goals[0].target_phq9", "a PHQ-9 of 28", chart, command([Given.Goal with { TargetPhq9 = 28 }]));
        yield return RefusalCase.Invalid("GOAL_OUT_OF_RANGE", "goals[0].target_phq9", "a PHQ-9 of -1", chart, command([Given.Goal with { TargetPhq9 = -1 }]));
        var anxiety = new Goal("Sleep without fear", null, null) { Measure = ScaleKind.Gad7, TargetTotal = 7 };
        foreach (var total in new int?[] { null, -1, 22 })
            yield return RefusalCase.Invalid("GOAL_OUT_OF_RANGE", "goals[0].target_total", $"a GAD-7 of {total}", chart, command([anxiety with { TargetTotal = total }]));
        yield return RefusalCase.Invalid("GOAL_MEASURE_INVALID", "goals[0].target_phq9", "two measures", chart, command([anxiety with { TargetPhq9 = 9 }]));
        foreach (var scale in new ScaleKind?[] { null, ScaleKind.Phq9, ScaleKind.CssrsScreener, ScaleKind.Cadss6, ScaleKind.LongTermSafety, ScaleKind.Moaas })
            yield return RefusalCase.Invalid("GOAL_MEASURE_INVALID", "goals[0].measure", $"{scale} as its measure", chart, command([anxiety with { Measure = scale }]));
    }
}
