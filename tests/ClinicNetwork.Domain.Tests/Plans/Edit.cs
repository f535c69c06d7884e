using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Plans;

/// <summary>One change of a plan, as a clinician would make it on whatever plan is there.</summary>
/// <param name="Of">What it is about: <c>dose</c> for all of the dosing group, or one goal or series.</param>
internal sealed record Edit(string Name, string Of, Func<Plan, RevisePlan, RevisePlan> Change)
{
    private static readonly PlannedSupport Therapy = new(SupportKind.Psychotherapy, "Dr A", 7, new DateOnly(2025, 2, 3), null);
    private static readonly PlannedSupport Group = new(SupportKind.SupportGroup, "Dr B", 14, new DateOnly(2025, 2, 10), null);
    private static readonly Goal Anxiety = new("Less fear", null, null) { Measure = ScaleKind.Gad7, TargetTotal = 9 };
    private static readonly Goal Sleep = new("Sleep", null, null);

    private static readonly Edit[] OfAll =
    [
        new("7 sessions", "dose", (_, r) => r with { InductionSessions = 7 }),
        new("9 sessions", "dose", (_, r) => r with { InductionSessions = 9 }),
        new("PHQ-9 of 9", "goal PHQ-9", Goals(g => g.TargetPhq9 is not null, g => [g with { TargetPhq9 = 9 }])),
        new("PHQ-9 of 5", "goal PHQ-9", Goals(g => g.TargetPhq9 is not null, g => [g with { TargetPhq9 = 5 }])),
        new("PHQ-9 in other words", "goal PHQ-9", Goals(g => g.TargetPhq9 is not null, g => [g with { Text = "Back to work" }])),
        new("GAD-7 of 7", "goal GAD-7", Goals(g => g.Measure == ScaleKind.Gad7, g => [g with { TargetTotal = 7 }])),
        new("no GAD-7", "goal GAD-7", Goals(g => g.Measure == ScaleKind.Gad7, _ => [])),
        new("sleep until May", "goal sleep", Goals(g => g.Text == "Sleep", g => [g with { TargetDate = new DateOnly(2025, 5, 1) }])),
        new("sleep in other words", "goal sleep", Goals(g => g.Text == "Sleep", g => [g with { Text = "Sleep through" }])),
        new("sleep in yet other words", "goal sleep", Goals(g => g.Text == "Sleep", g => [g with { Text = "Sleep 7 h" }])),
        new("no sleep", "goal sleep", Goals(g => g.Text == "Sleep", _ => [])),
        new("walk", "goal walk", (p, r) => r with { Goals = p.Goals.Add(new("Walk", null, null)) }),
        new("walk until May", "goal walk", (p, r) => r with { Goals = p.Goals.Add(new("Walk", null, new DateOnly(2025, 5, 1))) }),
        new("see friends", "goal friends", (p, r) => r with { Goals = p.Goals.Add(new("See friends", null, null)) }),
        new("MADRS of 10", "goal MADRS", (p, r) => r with { Goals = p.Goals.Add(new("Better", null, null) { Measure = ScaleKind.Madrs, TargetTotal = 10 }) }),
        new("MADRS of 12", "goal MADRS", (p, r) => r with { Goals = p.Goals.Add(new("Much better", null, null) { Measure = ScaleKind.Madrs, TargetTotal = 12 }) }),
        new("therapy every 14 days", "support A", Support(s => s.Provider == "Dr A", s => s with { EveryDays = 14 })),
        new("therapy every 10 days", "support A", Support(s => s.Provider == "Dr A", s => s with { EveryDays = 10 })),
        new("therapy ends", "support A", Support(s => s.Provider == "Dr A", s => s with { To = new DateOnly(2025, 5, 1) })),
        new("therapy by Dr C", "support A", Support(s => s.Provider == "Dr A", s => s with { Provider = "Dr C" })),
        new("therapy by Dr D", "support A", Support(s => s.Provider == "Dr A", s => s with { Provider = "Dr D" })),
        new("group ends", "support B", Support(s => s.Provider == "Dr B", s => s with { To = new DateOnly(2025, 5, 1) })),
        new("another group", "support E", (p, r) => r with { Support = p.Support.Add(new(SupportKind.SupportGroup, "Dr E", 30, new DateOnly(2025, 3, 3), null)) }),
        new("another group, later", "support F", (p, r) => r with { Support = p.Support.Add(new(SupportKind.SupportGroup, "Dr E", 30, new DateOnly(2025, 4, 7), null)) }),
    ];

    private static readonly Edit[] OfKetamine =
    [
        new("0.6 mg/kg", "dose", (_, r) => r with { DoseMgPerKg = 0.6 }),
        new("0.75 mg/kg", "dose", (_, r) => r with { DoseMgPerKg = 0.75 }),
        new("another setting", "dose", (_, r) => r with { Setting = Setting.CertifiedClinic }),
        new("watched by family", "dose", (_, r) => r with { Supervision = "Family" }),
        new("watched by a nurse", "dose", (_, r) => r with { Supervision = "Nurse by telephone" }),
    ];

    private static readonly Edit[] OfPhases =
    [
        new("maintenance", "dose", (_, r) => r with { Phase = PhaseKind.Maintenance }),
        new("taper", "dose", (_, r) => r with { Phase = PhaseKind.Taper }),
        new("every 3 days", "dose", (_, r) => r with { IntervalDays = 3 }),
        new("every 4 days", "dose", (_, r) => r with { IntervalDays = 4 }),
    ];

    /// <summary>A plan with three goals and two series, and every edit that fits it.</summary>
    public static IEnumerable<(Chart Chart, Edit[] Edits)> Plans()
    {
        yield return (Planned(false), [.. OfAll, .. OfKetamine, new("version 2", "dose", (_, r) => r with { ProtocolVersion = 2 })]);
        yield return (
            Planned(false, 2),
            [
                .. OfAll, .. OfKetamine, .. OfPhases,
                new("intramuscular", "dose", (_, r) => r with { Protocol = ProtocolCatalogue.KetamineIm.Id }),
                new("subcutaneous", "dose", (_, r) => r with { Protocol = ProtocolCatalogue.KetamineSc.Id }),
            ]);
        yield return (Planned(true, 2), [.. OfAll, .. OfPhases, new("84 mg", "dose", (_, r) => r with { DoseMg = 84 })]);
    }

    public override string ToString() => Name;

    private static Chart Planned(bool esketamine, int protocolVersion = 1)
    {
        var chart = Chart.Planned(esketamine: esketamine);
        return chart.Revise(r => r with { ProtocolVersion = protocolVersion, Goals = [Given.Goal, Anxiety, Sleep], Support = [Therapy, Group] });
    }

    private static Func<Plan, RevisePlan, RevisePlan> Goals(Func<Goal, bool> which, Func<Goal, Goal[]> change) =>
        (p, r) => r with { Goals = [.. p.Goals.SelectMany(g => which(g) ? change(g) : [g])] };

    private static Func<Plan, RevisePlan, RevisePlan> Support(Func<PlannedSupport, bool> which, Func<PlannedSupport, PlannedSupport> change) =>
        (p, r) => r with { Support = [.. p.Support.Select(s => which(s) ? change(s) : s)] };
}
