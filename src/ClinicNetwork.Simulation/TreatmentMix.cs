namespace ClinicNetwork.Simulation;

/// <summary>Which treatment is chosen. Shares 0-1, all assumptions. The outcome does not depend on it (McInnes 2022 is IV only).</summary>
public sealed record TreatmentMix
{
    /// <summary>Esketamine nasal; the others have racemic ketamine IV.</summary>
    public double Esketamine { get; init; } = 0.20;

    /// <summary>Of the IV courses, three a week for two weeks (Murrough 2013, Phillips 2019); the others two a week for
    /// three (ELEKT-D 2023).</summary>
    public double ThriceWeekly { get; init; } = 0.50;

    /// <summary>Of the esketamine courses, 84 mg from the second session; the others stay at 56 mg.</summary>
    public double Esketamine84Mg { get; init; } = 0.70;

    internal IEnumerable<SpecProblem> Problems() => SpecProblem.OfShares(
        ("course.treatments.esketamine", Esketamine), ("course.treatments.thrice_weekly", ThriceWeekly),
        ("course.treatments.esketamine_84_mg", Esketamine84Mg));
}
