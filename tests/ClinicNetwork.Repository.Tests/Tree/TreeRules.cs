using System.Text.RegularExpressions;

namespace ClinicNetwork.Repository.Tests.Tree;

/// <summary>Rules over the files that people wrote. Each takes what it judges and returns what is wrong, so that each can be seen to fail.</summary>
internal static partial class TreeRules
{
    /// <summary>A file above this has two ideas in it (healthy C# has a median of 50 to 90 lines).</summary>
    public const int SourceLinesMax = 400;

    private static readonly string[] CodeExtensions = [".cs", ".razor", ".sql"];

    private static readonly string[] SayNothingNames = ["Common", "Core", "Shared", "Infrastructure", "Application"];

    /// <summary>Paths that are true on one machine only: homes of people, and where this checkout happens to lie.</summary>
    public static IEnumerable<string> MachinePaths(string path, string text, string checkout)
    {
        var lines = text.Split('\n');
        var isTelling = checkout.Count(character => character is '/' or '\\') >= 2;
        for (var i = 0; i < lines.Length; i++)
        {
            if (HomePath().IsMatch(lines[i]) || (isTelling && lines[i].Contains(checkout, StringComparison.Ordinal)))
            {
                yield return $"{path}:{i + 1} names a path of one machine.";
            }
        }
    }

    public static IEnumerable<string> TabIndents(string path, string text)
    {
        if (!path.EndsWith(".cs", StringComparison.Ordinal)) yield break;
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (TabIndent().IsMatch(lines[i])) yield return $"{path}:{i + 1} is indented with a tab.";
        }
    }

    public static IEnumerable<string> LongFiles(string path, string text)
    {
        if (!path.StartsWith("src/", StringComparison.Ordinal) || !CodeExtensions.Contains(Path.GetExtension(path))) yield break;
        var lines = text.TrimEnd('\n').Split('\n').Length;
        if (lines > SourceLinesMax) yield return $"{path} has {lines} lines, more than {SourceLinesMax}.";
    }

    public static IEnumerable<string> ProjectNames(string project) => project.Split('.')
        .Where(part => SayNothingNames.Contains(part, StringComparer.OrdinalIgnoreCase))
        .Select(part => $"{project}: {part} says nothing of what the project is for.");

    public static IEnumerable<string> MissingFromSolution(string solution, IEnumerable<string> projects) => projects
        .Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal))
        .Select(project => $"{project} is not in the solution: neither the build nor tests/run sees it.");

    /// <summary>Second places of the product's version: a build property beside the one, or the version in a string of the source.</summary>
    public static IEnumerable<string> SecondVersions(string path, string text, string version)
    {
        var isBuildFile = Path.GetExtension(path) is ".csproj" or ".props" or ".targets";
        if (isBuildFile && path != "Directory.Build.props" && VersionProperty().IsMatch(text)) yield return $"{path} sets a version; it is set in Directory.Build.props alone.";
        var isSource = path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal);
        if (isSource && text.Contains($"\"{version}\"", StringComparison.Ordinal)) yield return $"{path} repeats the version {version}; read it from the assembly.";
    }

    /// <summary>What is wrong with a decision file: its name, its date, or one of its three parts.</summary>
    public static IEnumerable<string> DecisionFile(string path, string text)
    {
        if (!DecisionName().IsMatch(Path.GetFileName(path))) yield return $"{path} is not named NNNN-what-it-decides.md.";
        if (!text.Split('\n').Take(5).Any(line => DateLine().IsMatch(line))) yield return $"{path} has no line `Date: YYYY-MM-DD` among its first five.";
        foreach (var part in new[] { "Context", "Decision", "Consequence" }.Where(part => !text.Contains(part, StringComparison.Ordinal)))
        {
            yield return $"{path} has no part {part}.";
        }
    }

    // Written with classes so that this file does not match its own rule.
    [GeneratedRegex(@"(?<![\w.])(/(home|Users)/[A-Za-z0-9]|/[r]oot/|[A-Za-z]:\\[U]sers\\)")]
    private static partial Regex HomePath();

    [GeneratedRegex(@"^ *\t")]
    private static partial Regex TabIndent();

    [GeneratedRegex("<(Version|VersionPrefix|VersionSuffix|AssemblyVersion|FileVersion|InformationalVersion|PackageVersion)>")]
    private static partial Regex VersionProperty();

    [GeneratedRegex(@"^\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.md$")]
    private static partial Regex DecisionName();

    [GeneratedRegex(@"^Date: \d{4}-\d{2}-\d{2}\b")]
    private static partial Regex DateLine();
}
