using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Advising;

/// <summary>One step of the dose, within what the protocol permits. Down by the last session; up only by three that were tolerated.</summary>
internal static class DoseAdvice
{
    public static Advice? Down(AdviceFacts facts)
    {
        var last = facts.LastDose;
        AdviceDatum[] why =
        [
            .. facts.EffectsOf(last).Where(e => IsSparedBySmallerDose(e.Effect)).Select(e => new AdviceDatum($"side-effects/{e.Number}", "severe, in the last session")),
            .. facts.HadEmergency(last) ? (AdviceDatum[])[AdviceFacts.Of(last, "a reading that asks for emergency care")] : [],
        ];
        return why.Length > 0 && facts.WasGivenByPresentDose(last) is true && Step(facts.Plan, up: false) is { } change
            ? Given(AdviceCatalogue.StepDown, "Lower the dose", facts, change, [.. why])
            : null;
    }

    /// <param name="facts">With a baseline and a present answer.</param>
    public static Advice? Up(AdviceFacts facts)
    {
        if (facts is not { Phase.Kind: not PhaseKind.Taper, Current: { } current, WasResponder: false } || facts.Doses.Count < AdviceCatalogue.DosesBeforeStep)
        {
            return null;
        }

        var last = facts.Doses.TakeLast(AdviceCatalogue.DosesBeforeStep).ToArray();
        return last.All(s => facts.WasGivenByPresentDose(s) is true && IsTolerated(facts, s)) && current.OccurredAt >= last[^1].DosedAt && Step(facts.Plan, up: true) is { } change
            ? Given(
                AdviceCatalogue.StepUp, "Raise the dose", facts, change,
                [facts.BaselineDatum, facts.CurrentDatum, .. last.Select(s => AdviceFacts.Of(s, "a dose of this size, tolerated"))])
            : null;
    }

    /// <summary>Null at the protocol's limit.</summary>
    public static AdviceChange? Step(Plan plan, bool up)
    {
        var protocol = plan.MadeFrom;
        if (plan.DoseMg is { } mg)
        {
            var others = protocol.DosesMg.Where(d => up ? d > mg : d < mg).ToArray();
            return others.Length == 0 ? null : new(DoseMg: up ? others.Min() : others.Max());
        }

        var perKg = plan.DoseMgPerKg!.Value;
        var next = protocol.Route == Route.Subcutaneous
            ? AdviceCatalogue.SubcutaneousSteps.Where(d => up ? d > perKg : d < perKg).OrderBy(d => Math.Abs(d - perKg)).Select(d => (double?)d).FirstOrDefault()
            : Math.Round(perKg + (up ? AdviceCatalogue.StepMgPerKg : -AdviceCatalogue.StepMgPerKg), 2, MidpointRounding.AwayFromZero);
        return next >= protocol.DoseMgPerKgMin && next <= protocol.DoseMgPerKgMax ? new(DoseMgPerKg: next) : null;
    }

    private static bool IsTolerated(AdviceFacts facts, Session session) =>
        facts.EffectsOf(session).All(e => e.Effect.Severity == SideEffectSeverity.Mild) && !facts.HadEmergency(session) && !facts.HadSeverePressure(session);

    /// <summary>Nausea has its own advice.</summary>
    private static bool IsSparedBySmallerDose(SideEffect effect) =>
        effect.Severity == SideEffectSeverity.Severe && effect.Kind is not (SideEffectKind.Nausea or SideEffectKind.Other);

    private static Advice Given(AdviceRule rule, string verb, AdviceFacts facts, AdviceChange change, AdviceDatum[] data)
    {
        var protocol = facts.Plan.MadeFrom;
        var (to, limit) = change.DoseMg is { } mg
            ? ($"{AdviceFacts.Number(mg)} mg", $"{string.Join(" or ", protocol.DosesMg.Select(AdviceFacts.Number))} mg")
            : ($"{AdviceFacts.Number(change.DoseMgPerKg!.Value)} mg/kg", $"{AdviceFacts.Number(protocol.DoseMgPerKgMin)} to {AdviceFacts.Number(protocol.DoseMgPerKgMax)} mg/kg");
        return new(
            rule.Key, rule.Kind, $"{verb} to {to}.", [.. data, facts.DoseDatum], $"{limit}: {protocol.Id.Name}, version {protocol.Version}", rule.Alternatives, change);
    }
}
