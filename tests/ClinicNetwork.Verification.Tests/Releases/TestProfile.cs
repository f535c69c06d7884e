namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>The profile as the test writer knows it, written from docs/release-format.md and not from the verifier.</summary>
internal static class TestProfile
{
    public const int K = 11;

    public static readonly string[] Columns =
    [
        "pseudonym", "cell", "milestone", "sex", "age", "treatment", "baseline_severity", "status", "missing_reason", "response",
        "remission", "worsening", "severity", "sessions", "side_effects",
    ];

    /// <summary>Of version 2: <c>public-outcomes</c> all but the last, <c>research-outcomes</c> all.</summary>
    public static readonly string[] AllColumns = [.. Columns, "courses", "treatment_at", "sessions_since", "phq9"];

    public static readonly string[] QuasiIdentifiers = ["sex", "age", "treatment", "baseline_severity"];

    public static readonly string[] Milestones = ["END_OF_INDUCTION", "WEEK_4", "WEEK_8", "WEEK_12", "WEEK_26", "WEEK_52"];

    public static readonly string[] AllMilestones = [.. Milestones, "YEAR_2", "YEAR_3", "YEAR_4", "YEAR_5"];

    public static readonly string[] MissingReasons =
        ["NOT_ATTENDED", "LEFT_TREATMENT", "INDUCTION_INCOMPLETE", "DECLINED", "UNREACHABLE", "BASELINE_MISSING"];

    /// <summary>Holds a label that needs escapes, one beyond ASCII and one that spans two levels.</summary>
    public static readonly IReadOnlyDictionary<string, string[][]> Hierarchies = new Dictionary<string, string[][]>
    {
        ["sex"] = [["female", "*"], ["male", "*"]],
        ["age"] = [["18–29", "18–44", "*"], ["30–44", "18–44", "*"], ["45–64", "45+", "*"], ["65+", "45+", "*"]],
        ["treatment"] =
            [["esketamine \"nasal\"", "esketamine", "*"], ["esketamine \\ iv", "esketamine", "*"], ["ketamine", "ketamine", "*"]],
        ["baseline_severity"] = [["MODERATE", "MODERATE", "*"], ["MODERATELY_SEVERE", "UPPER", "*"], ["SEVERE", "UPPER", "*"]],
    };

    /// <summary>Every value a quasi-identifier may take.</summary>
    public static string[] Nodes(string quasiIdentifier) => [.. Hierarchies[quasiIdentifier].SelectMany(leaf => leaf).Distinct()];

    /// <summary>(|U| - 1) / (|D| - 1) of one value.</summary>
    public static double Loss(string quasiIdentifier, string value)
    {
        var leaves = Hierarchies[quasiIdentifier];
        return (leaves.Count(leaf => leaf.Contains(value)) - 1.0) / (leaves.Length - 1.0);
    }
}
