using System.Text.RegularExpressions;

namespace ClinicNetwork.Repository.Tests.Guarantees;

/// <summary>One row of the mapping: a requirement of a standard, and the tests that check it or the part that the summary tells.</summary>
internal sealed record SecurityRow(string Standard, string Requirement, IReadOnlyList<string> Tests)
{
    public string Name => $"{Standard} {Requirement}";
}

/// <summary>Which tests check which requirement of ASVS and HIPAA, and what is wrong with that list. A requirement that no test covers is not in it.</summary>
internal static partial class SecurityMapping
{
    public const string Path = "docs/security/asvs.csv";

    public const string Header = "standard,requirement,summary,tests";

    private const int FieldCount = 4;

    private static readonly Dictionary<string, Regex> Forms = new() { ["ASVS 5.0.0"] = AsvsForm(), ["HIPAA"] = HipaaForm() };

    /// <param name="text">The mapping's text; no field holds a comma, so none is quoted.</param>
    /// <param name="sources">The texts of the C# files under tests/.</param>
    public static IEnumerable<string> Problems(string text, IReadOnlyList<string> sources)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        if (lines[0] != Header) yield return $"The first line is not {Header}.";
        if (lines.Length == 1) yield return "No requirement is listed.";
        foreach (var line in lines.Skip(1).Where(line => !HasAllFields(line))) yield return $"Not {FieldCount} fields, each with something in it: {line}";

        var rows = lines.Skip(1).Where(HasAllFields).Select(Row).ToList();
        foreach (var row in rows.Where(row => !Forms.TryGetValue(row.Standard, out var form) || !form.IsMatch(row.Requirement)))
        {
            yield return $"{row.Name} has not the form of a requirement.";
        }

        foreach (var name in rows.GroupBy(row => row.Name).Where(same => same.Count() > 1).Select(same => same.Key)) yield return $"{name} is listed more than once.";
        foreach (var (before, after) in rows.Zip(rows.Skip(1)).Where(pair => string.CompareOrdinal(SortKey(pair.First), SortKey(pair.Second)) > 0))
        {
            yield return $"{after.Name} belongs before {before.Name}.";
        }

        var named = rows.SelectMany(row => row.Tests).Distinct().ToList();
        foreach (var test in named.Where(test => !TestForm().IsMatch(test))) yield return $"'{test}' is no Class.Method.";
        foreach (var test in named.Where(test => TestForm().IsMatch(test) && !GuaranteeTable.Exists(test, sources)))
        {
            yield return $"{test} is named for {rows.First(row => row.Tests.Contains(test)).Name} and does not exist under tests/.";
        }
    }

    private static bool HasAllFields(string line) => line.Split(',') is { Length: FieldCount } fields && !fields.Any(string.IsNullOrWhiteSpace);

    private static SecurityRow Row(string line)
    {
        var fields = line.Split(',');
        return new(fields[0], fields[1], fields[3].Split(' '));
    }

    /// <summary>Numbers of one width, so that 2.2.1 comes before 11.3.3.</summary>
    private static string SortKey(SecurityRow row) => Number().Replace(row.Name, number => number.Value.PadLeft(9, '0'));

    [GeneratedRegex(@"^[1-9][0-9]?\.[1-9][0-9]?\.[1-9][0-9]?$")]
    private static partial Regex AsvsForm();

    [GeneratedRegex(@"^164\.312\([a-e]\)(\([1-9]\)(\([ivx]+\))?)?$")]
    private static partial Regex HipaaForm();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[A-Z]\w*\.[A-Z]\w*$")]
    private static partial Regex TestForm();
}
