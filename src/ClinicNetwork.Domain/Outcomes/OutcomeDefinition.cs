namespace ClinicNetwork.Domain.Outcomes;

/// <summary>How a definition compares a score with the baseline; lower scores are better.</summary>
public enum OutcomeRule
{
    /// <summary>The score is at least <c>Threshold</c> (a share, 0 to 1) below baseline.</summary>
    FallAtLeastShare,

    /// <summary>The score is below <c>Threshold</c> points.</summary>
    Below,

    /// <summary>The score is more than <c>Threshold</c> points above baseline.</summary>
    RiseAbove,
}

/// <summary>A versioned outcome definition. Every derived value carries <see cref="Key"/>; a change of rule or window is a new version.</summary>
/// <param name="Threshold">A share for <see cref="OutcomeRule.FallAtLeastShare"/>, else points on the scale.</param>
/// <param name="RuleText">The rule in words, for people and manifests.</param>
/// <param name="WindowText">The window in words.</param>
/// <param name="Source">Author, year, DOI.</param>
public sealed record OutcomeDefinition(
    string Id,
    int Version,
    string Scale,
    OutcomeRule Rule,
    double Threshold,
    string RuleText,
    string WindowText,
    string Source)
{
    private const string McInnes = "McInnes 2022, J Affect Disord, 10.1016/j.jad.2021.12.097";

    private const string Window = "4 to 8 doses in 7 to 28 days; first PHQ-9 on days 14 to 31 after the last of them (later milestones: their own window)";

    /// <summary>At least 50 % below baseline.</summary>
    public static readonly OutcomeDefinition Response =
        new("response-phq9-mcinnes", 1, "PHQ-9", OutcomeRule.FallAtLeastShare, 0.5, "at least 50 % below baseline", Window, McInnes);

    /// <summary>Below 5. (The VA, Pfeiffer 2024, uses at most 5: another definition.)</summary>
    public static readonly OutcomeDefinition Remission =
        new("remission-phq9-mcinnes", 1, "PHQ-9", OutcomeRule.Below, 5, "below 5", Window, McInnes);

    /// <summary>Any increase above baseline; not "5 points or more", which is another definition with another rate.</summary>
    public static readonly OutcomeDefinition AnyWorsening =
        new("worsening-any-phq9-mcinnes", 1, "PHQ-9", OutcomeRule.RiseAbove, 0, "any increase above baseline", Window, McInnes);

    public static readonly IReadOnlyList<OutcomeDefinition> All = [Response, Remission, AnyWorsening];

    /// <summary><c>id/version</c>.</summary>
    public string Key => $"{Id}/{Version}";

    /// <summary>Whether a score in the window meets the definition. Both scores 0 to 27.</summary>
    public bool IsMet(int baseline, int score) => Rule switch
    {
        // Compared as 2·score <= baseline would be for one half: no rounding at odd baselines.
        OutcomeRule.FallAtLeastShare => baseline > 0 && baseline - score >= Threshold * baseline,
        OutcomeRule.Below => score < Threshold,
        OutcomeRule.RiseAbove => score - baseline > Threshold,
        _ => throw new InvalidOperationException($"Unknown rule {Rule}."),
    };
}
