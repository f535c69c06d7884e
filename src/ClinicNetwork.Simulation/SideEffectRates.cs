namespace ClinicNetwork.Simulation;

/// <summary>
/// Chance (0-1) of each side effect in the first session, fading by <see cref="SessionFactor"/> from session to session. Raised blood
/// pressure is not drawn: it follows from the readings (<see cref="PressureModel"/>).
/// </summary>
public sealed record SideEffectRates
{
    /// <summary>Each session's chance over that of the one before, 0-1. Assumption.</summary>
    public double SessionFactor { get; init; } = 0.80;

    /// <summary>0.30 fading by 0.8 over eight sessions: 75 % of patients have it once; label 61-84 %.</summary>
    public double EsketamineDissociation { get; init; } = 0.30;

    /// <summary>0.18 fading by 0.8 over eight sessions: 54 % of patients have it once; label 48-61 %.</summary>
    public double EsketamineSedation { get; init; } = 0.18;

    /// <summary>[K]</summary>
    public double IntravenousDissociation { get; init; } = 0.35;

    /// <summary>[K]</summary>
    public double IntravenousSedation { get; init; } = 0.12;

    /// <summary>Either drug. [K]</summary>
    public double Nausea { get; init; } = 0.10;

    /// <summary>Either drug. [K]</summary>
    public double Headache { get; init; } = 0.08;

    /// <summary>Of the drawn side effects. [K]; the rest are mild.</summary>
    public double Moderate { get; init; } = 0.22;

    /// <summary>Of the drawn side effects. [K]</summary>
    public double Severe { get; init; } = 0.03;

    internal double FirstSession(VirtualSideEffect kind, VirtualDrug drug) => (kind, drug) switch
    {
        (VirtualSideEffect.Dissociation, VirtualDrug.EsketamineNasal) => EsketamineDissociation,
        (VirtualSideEffect.Sedation, VirtualDrug.EsketamineNasal) => EsketamineSedation,
        (VirtualSideEffect.Dissociation, _) => IntravenousDissociation,
        (VirtualSideEffect.Sedation, _) => IntravenousSedation,
        (VirtualSideEffect.Nausea, _) => Nausea,
        (VirtualSideEffect.Headache, _) => Headache,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    internal IEnumerable<SpecProblem> Problems()
    {
        foreach (var problem in SpecProblem.OfShares(
            ("course.side_effects.session_factor", SessionFactor), ("course.side_effects.esketamine_dissociation", EsketamineDissociation),
            ("course.side_effects.esketamine_sedation", EsketamineSedation), ("course.side_effects.nausea", Nausea),
            ("course.side_effects.intravenous_dissociation", IntravenousDissociation), ("course.side_effects.headache", Headache),
            ("course.side_effects.intravenous_sedation", IntravenousSedation), ("course.side_effects.moderate", Moderate),
            ("course.side_effects.severe", Severe)))
            yield return problem;
        if (!(Moderate + Severe <= 1))
            yield return new SpecProblem("course.side_effects.severe", "at most 1 minus the moderate share");
    }
}
