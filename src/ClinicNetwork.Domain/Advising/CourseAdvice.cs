using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Advising;

/// <summary>Benefit after induction, what the last session asks for, and what goes with the drug.</summary>
internal static class CourseAdvice
{
    private const string NoPlanChange = "changes no plan";

    public static Advice? Nausea(AdviceFacts facts) =>
        facts.EffectsOf(facts.LastDose).Where(e => e.Effect.Kind == SideEffectKind.Nausea).ToArray() is { Length: > 0 } nausea
            ? Given(
                AdviceCatalogue.AntiNausea,
                "Give treatment against nausea before the next dose.",
                [.. nausea.Select(e => new AdviceDatum(
                    $"side-effects/{e.Number}", string.IsNullOrEmpty(e.Effect.TreatmentGiven) ? "nausea in the last session" : "nausea in the last session, treated"))],
                NoPlanChange)
            : null;

    public static Advice? Pressure(AdviceFacts facts)
    {
        var last = facts.LastDose;
        var held = last.Before is not { SystolicMmHg: <= StartSession.HoldSystolicMmHg, DiastolicMmHg: <= StartSession.HoldDiastolicMmHg };
        return held || facts.HadSeverePressure(last)
            ? Given(
                AdviceCatalogue.Pressure,
                "Measure again at rest, and treat hypertension, before the next dose; watch it more closely.",
                [AdviceFacts.Of(last, facts.HadSeverePressure(last) ? "180 mmHg systolic or 110 diastolic, or more" : "above 140/90 mmHg before the dose")],
                "140/90 mmHg before a dose holds the session")
            : null;
    }

    public static Advice? Reassess(AdviceFacts facts) =>
        facts.IsInductionOver
            && facts.Answers.All(a => a.OccurredAt < facts.LastInductionDose.DosedAt)
            && facts.State.AnsweredScales.All(a => a.Scale != ScaleKind.Madrs || a.OccurredAt < facts.LastInductionDose.DosedAt)
                ? Given(
                    AdviceCatalogue.Reassess,
                    "Assess the benefit before the next dose.",
                    [AdviceFacts.Of(facts.LastInductionDose, "the last dose of induction; no PHQ-9 or MADRS since")],
                    NoPlanChange)
                : null;

    /// <param name="facts">With a baseline and a present answer.</param>
    public static Advice? Stop(AdviceFacts facts) =>
        facts is { IsInductionOver: true, Best: { } best, Current: { } current } && !facts.IsPartialResponse(best) && current.OccurredAt >= facts.LastInductionDose.DosedAt
            ? Given(
                AdviceCatalogue.Stop,
                "Consider with the patient to stop.",
                [facts.BaselineDatum, facts.CurrentDatum, AdviceFacts.Of(facts.LastInductionDose, "the last dose of induction")],
                NoPlanChange)
            : null;

    /// <param name="facts">With a baseline and a present answer.</param>
    public static IEnumerable<Advice> Support(AdviceFacts facts)
    {
        if (facts is not { IsInductionOver: true, Current: { } current })
        {
            yield break;
        }

        if (facts.IsPartialResponse(current) && IsWithout(SupportKind.Psychotherapy))
        {
            yield return Of(AdviceCatalogue.Psychotherapy, "Plan psychotherapy.", SupportKind.Psychotherapy, "psychotherapy");
        }

        if (!facts.IsResponse(current) && IsWithout(SupportKind.SupportGroup))
        {
            yield return Of(AdviceCatalogue.SupportGroup, "Offer a support group.", SupportKind.SupportGroup, "support group");
        }

        bool IsWithout(SupportKind kind) => !facts.Plan.GivenSupport.Any(s => s.Kind == kind && s.IsPlannedAfter(facts.Day));

        Advice Of(AdviceRule rule, string text, SupportKind kind, string words) => new(
            rule.Key, rule.Kind, text,
            [facts.BaselineDatum, facts.CurrentDatum, new($"plan/no-{words.Replace(' ', '-')}", $"no {words} is planned")],
            $"at least every {PlannedSupport.EveryDaysMax} days", rule.Alternatives, new(Support: kind));
    }

    private static Advice Given(AdviceRule rule, string text, AdviceDatum[] data, string limit) =>
        new(rule.Key, rule.Kind, text, [.. data], limit, rule.Alternatives, AdviceChange.None);
}
