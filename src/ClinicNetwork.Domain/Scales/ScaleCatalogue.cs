namespace ClinicNetwork.Domain.Scales;

/// <summary>The scales that answers are scored by, newest version of each.</summary>
public static class ScaleCatalogue
{
    public static readonly IReadOnlyList<Scale> All =
        [Phq9.Scale, Gad7.Scale, Madrs.Scale, QidsSr16.Scale, CssrsScreener.Scale, Cadss6.Scale, LongTermSafety.Scale, Moaas.Scale];

    public static Scale Get(ScaleKind kind) =>
        All.FirstOrDefault(s => s.Kind == kind) ?? throw new InvalidOperationException($"The scale {kind} is not in the catalogue.");
}
