using ClinicNetwork.Anonymisation;

namespace ClinicNetwork.Grains.Releases;

/// <summary>The profile <c>public-outcomes</c>, version 1: columns, grid and rules as docs/release-format.md tells registries.</summary>
public static class PublicOutcomes
{
    public const string Profile = "public-outcomes";

    /// <summary>Persons a delivered cell has at least.</summary>
    public const int K = 11;

    private static readonly Hierarchy Sex = new("sex", [["female", "*"], ["male", "*"], ["other", "*"]]);

    /// <summary>Five-year bands up to 90 and over (HIPAA Safe Harbor: ages above 89 in one band), two wider levels, everybody.</summary>
    private static readonly Hierarchy AgeBands = new("age", [.. AgeLeaves().Select(AgePath)]);

    private static readonly Hierarchy Treatment = new("treatment", [["ketamine-iv", "*"], ["esketamine-nasal", "*"]]);

    /// <summary>Severity bands of the PHQ-9 before the first dose (Kroenke 2001).</summary>
    private static readonly Hierarchy BaselineSeverity = new(
        "baseline_severity",
        [
            ["MINIMAL", "below 20", "*"],
            ["MILD", "below 20", "*"],
            ["MODERATE", "below 20", "*"],
            ["MODERATELY_SEVERE", "below 20", "*"],
            ["SEVERE", "20 and over", "*"],
            ["NOT_RECORDED", "not recorded", "*"],
        ]);

    public static readonly ReleasePolicy Policy = new(
        Profile,
        Version: 1,
        K,
        Margin: 3,
        DistinctL: 2,
        WithholdShare: 0.05,
        PolicyText: "safe-harbor, 45 CFR 164.514(b)(2)",
        new Grid("adult-depression", 1, [Sex, AgeBands, Treatment, BaselineSeverity]),
        Columns:
        [
            "pseudonym", "cell", "milestone", "sex", "age", "treatment", "baseline_severity", "status", "missing_reason",
            "response", "remission", "worsening", "severity", "sessions", "side_effects",
        ],
        Milestones: ["END_OF_INDUCTION", "WEEK_4", "WEEK_8", "WEEK_12", "WEEK_26", "WEEK_52"]);

    /// <summary>The age leaf of a person; 18 and over.</summary>
    public static string AgeLeaf(int years) => years >= 90 ? "90+" : years < 25 ? "18-24" : Band(years / 5 * 5, 5);

    private static IEnumerable<int> AgeLeaves() => [18, .. Enumerable.Range(5, 14).Select(i => i * 5)];

    private static IReadOnlyList<string> AgePath(int from) =>
        [AgeLeaf(from), from < 35 ? "18-34" : from < 50 ? "35-49" : from < 65 ? "50-64" : "65+", from < 50 ? "18-49" : "50+", Hierarchy.Root];

    private static string Band(int from, int width) => $"{from}-{from + width - 1}";
}
