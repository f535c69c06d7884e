using ClinicNetwork.Domain.Releases;

namespace ClinicNetwork.Grains.Releases;

/// <summary>Places in a row's canonical values (<see cref="ReleaseProfiles.Canonical"/> without the pseudonym), and what they say of the outcome.</summary>
public static class CanonicalRow
{
    /// <summary>Cell and milestone precede the quasi-identifiers.</summary>
    public const int RegionAt = 2;

    private static readonly int Width = PublicOutcomes.Policy.Grid.Attributes.Count;
    private static readonly int OutcomeAt = RegionAt + Width;

    public static IReadOnlyList<string> Of(string cell, string milestone, IReadOnlyList<string> region, ReleasedOutcome outcome) =>
        [cell, milestone, .. region, .. outcome.Values];

    public static string[] Region(IReadOnlyList<string> values) => [.. values.Skip(RegionAt).Take(Width)];

    public static ReleasedOutcome Outcome(IReadOnlyList<string> values) => new([.. values.Skip(OutcomeAt)]);
}
