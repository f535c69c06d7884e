using System.Text.RegularExpressions;

namespace ClinicNetwork.Repository.Tests.Tree;

/// <summary>A version's heading in CHANGELOG.md, for example <c>## [0.1.0] - 2026-11-23</c>.</summary>
internal sealed record ChangelogEntry(string Version, bool IsReleased);

/// <summary>Reads CHANGELOG.md (Keep a Changelog 1.1.0).</summary>
internal static partial class Changelog
{
    /// <summary>The headings with a version, newest first as they stand; one marked "unreleased" is not released.</summary>
    public static IReadOnlyList<ChangelogEntry> Entries(string text) =>
        [.. Heading().Matches(text).Select(match => new ChangelogEntry(
            match.Groups["version"].Value,
            !match.Groups["rest"].Value.Contains("unreleased", StringComparison.OrdinalIgnoreCase)))];

    /// <summary>What does not fit together of the changelog, the build's version and the golden folders of released versions.</summary>
    public static IEnumerable<string> Problems(string text, string version, Func<string, bool> hasGolden)
    {
        var entries = Entries(text);
        if (entries.Count == 0 || entries[0].Version != version)
        {
            yield return $"The newest heading of CHANGELOG.md is {entries.FirstOrDefault()?.Version ?? "missing"}, the build's version {version}.";
        }

        foreach (var entry in entries.Where(entry => entry.IsReleased && !hasGolden(entry.Version)))
        {
            yield return $"{entry.Version} is released and has no folder tests/golden/{entry.Version}.";
        }
    }

    [GeneratedRegex(@"^## \[(?<version>\d+\.\d+\.\d+[^\]]*)\](?<rest>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
