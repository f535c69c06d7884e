using System.Text.RegularExpressions;

namespace ClinicNetwork.Repository.Tests.Guarantees;

/// <summary>One row of the README's table: a guarantee and the tests that the last column names.</summary>
internal sealed record GuaranteeRow(string Line, IReadOnlyList<string> Tests);

/// <summary>The README's table of guarantees, and whether the tests that it names exist.</summary>
internal static partial class GuaranteeTable
{
    public const string Heading = "## Guarantees, and the test that checks each";

    /// <summary>The table's rows, without its head; none when the heading or the table is missing.</summary>
    public static IReadOnlyList<GuaranteeRow> Rows(string readme) =>
    [
        .. readme.Split('\n')
            .Select(line => line.Trim())
            .SkipWhile(line => line != Heading)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => new GuaranteeRow(line, [.. TestName().Matches(LastCell(line)).Select(match => match.Value)])),
    ];

    /// <param name="readme">The README's text.</param>
    /// <param name="sources">The texts of the C# files under tests/.</param>
    public static IEnumerable<string> Problems(string readme, IReadOnlyList<string> sources)
    {
        var rows = Rows(readme);
        if (rows.Count == 0) yield return $"README.md has no table under \"{Heading}\".";
        foreach (var row in rows.Where(row => row.Tests.Count == 0)) yield return $"No test is named in the last column of: {row.Line}";
        foreach (var test in rows.SelectMany(row => row.Tests).Distinct().Where(test => !Exists(test, sources)))
        {
            yield return $"{test} is named in README.md and does not exist under tests/.";
        }
    }

    /// <summary>Whether one of the sources holds the class and, as a fact or a theory, the method.</summary>
    /// <param name="test">For example <c>KeepTests.Nothing_is_lost</c>.</param>
    internal static bool Exists(string test, IReadOnlyList<string> sources)
    {
        var (type, method) = (test.Split('.')[0], test.Split('.')[1]);
        var declaration = new Regex(@"\[(?:Fact|Theory)\b[\s\S]*?\bpublic\s+(?:async\s+)?(?:void|Task|ValueTask)\s+" + method + @"\s*\(");
        return sources.Any(source => Regex.IsMatch(source, @"\bclass\s+" + type + @"\b") && declaration.IsMatch(source));
    }

    private static string LastCell(string line) => line.TrimEnd('|').Split('|')[^1];

    [GeneratedRegex(@"\b[A-Z]\w*\.[A-Z]\w*\b")]
    private static partial Regex TestName();
}
