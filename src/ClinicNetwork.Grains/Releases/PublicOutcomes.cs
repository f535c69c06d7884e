using System.Collections.Immutable;
using ClinicNetwork.Anonymisation;
using ClinicNetwork.Domain.Releases;

namespace ClinicNetwork.Grains.Releases;

/// <summary>The grid and the rules of all profiles, and the first profile's name; what registries are told stands in docs/release-format.md.</summary>
public static class PublicOutcomes
{
    public const string Profile = "public-outcomes";

    /// <summary>Persons a delivered cell has at least.</summary>
    public const int K = 11;

    private static readonly Hierarchy Sex = new("sex", [["female", "*"], ["male", "*"], ["other", "*"]]);

    /// <summary>Five-year bands up to 90 and over (HIPAA Safe Harbor: ages above 89 in one band), two wider levels, everybody.</summary>
    private static readonly Hierarchy AgeBands = new("age", [.. AgeLeaves().Select(AgePath)]);

    /// <summary>Drug and route, above them the drug. The grid's first version had the leaves of two protocols alone.</summary>
    private static readonly Hierarchy Treatment = new("treatment", [.. ReleasedOutcome.Treatments.Select(t => (string[])[t, t.Split('-')[0], Hierarchy.Root])]);

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
        Version: 2,
        K,
        Margin: 3,
        DistinctL: 2,
        T: 0.5,
        WithholdShare: 0.05,
        RemainderMonths: 4,
        new Grid("adult-depression", 2, [Sex, AgeBands, Treatment, BaselineSeverity]),
        Milestones: ["END_OF_INDUCTION", "WEEK_4", "WEEK_8", "WEEK_12", "WEEK_26", "WEEK_52", "YEAR_2", "YEAR_3", "YEAR_4", "YEAR_5"]);

    /// <summary>The milestones that are released, in their order.</summary>
    public static IReadOnlyList<string> Milestones => Policy.Milestones;

    /// <summary>Columns of the batches that were published before 0.6.</summary>
    public static readonly ImmutableArray<string> ColumnsBefore06 = [.. ReleaseProfiles.Canonical.TakeWhile(c => c != "courses")];

    /// <summary>All values of a quasi-identifier, each once: leaves and groups.</summary>
    public static IEnumerable<string> NodesOf(string quasiIdentifier) =>
        Policy.Grid.Attributes.First(a => a.Name == quasiIdentifier).Paths.SelectMany(path => path).Distinct(StringComparer.Ordinal);

    /// <summary>The age leaf of a person; 18 and over.</summary>
    public static string AgeLeaf(int years) => years >= 90 ? "90+" : years < 25 ? "18-24" : Band(years / 5 * 5, 5);

    private static IEnumerable<int> AgeLeaves() => [18, .. Enumerable.Range(5, 14).Select(i => i * 5)];

    private static IReadOnlyList<string> AgePath(int from) =>
        [AgeLeaf(from), from < 35 ? "18-34" : from < 50 ? "35-49" : from < 65 ? "50-64" : "65+", from < 50 ? "18-49" : "50+", Hierarchy.Root];

    private static string Band(int from, int width) => $"{from}-{from + width - 1}";
}
