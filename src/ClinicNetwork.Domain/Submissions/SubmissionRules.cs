using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain.Releases;

namespace ClinicNetwork.Domain.Submissions;

/// <summary>What a profile takes from partners: the domain of each column and the bounds of its classes.</summary>
/// <param name="K">Persons of a class, at least.</param>
/// <param name="Margin">Persons beyond <paramref name="K"/> that a class with <c>*</c> in every quasi-identifier has, at least.</param>
/// <param name="DistinctL">Distinct outcome categories among the measured rows of a class, at least.</param>
/// <param name="Columns">One for each of the profile's columns, in its order.</param>
/// <param name="HierarchiesHash">SHA-256 over the hierarchies, lower-case hex: <see cref="HashOf"/>.</param>
public sealed record SubmissionRules(
    ReleaseProfile Profile, int K, int Margin, int DistinctL, ImmutableArray<ColumnDomain> Columns, ImmutableArray<string> QuasiIdentifiers, string HierarchiesHash)
{
    /// <param name="hierarchies">Of each quasi-identifier, its paths: one for each leaf, most specific value first.</param>
    public static SubmissionRules Of(
        ReleaseProfile profile, int k, int margin, int distinctL, IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<string>> Paths)> hierarchies)
    {
        var nodes = hierarchies.ToDictionary(h => h.Name, h => h.Paths.SelectMany(path => path).Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
        var leaves = hierarchies.Single(h => h.Name == "treatment").Paths.Select(path => path[0]);
        return new(
            profile,
            k,
            margin,
            distinctL,
            [.. profile.Columns.Select(c => nodes.TryGetValue(c, out var values) ? ColumnDomain.OfValues(c, values) : c == "treatment_at" ? ColumnDomain.OfValues(c, ["", "none", .. leaves]) : ColumnDomain.Of(c))],
            [.. hierarchies.Select(h => h.Name)],
            HashOf(hierarchies));
    }

    /// <summary>Place of a column; -1: the profile has none of this name.</summary>
    public int IndexOf(string column) => Profile.Columns.IndexOf(column);

    /// <summary>Lower-case hex SHA-256 over a line for each leaf: the attribute's name and the leaf's path, TAB between, LF after each.</summary>
    public static string HashOf(IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<string>> Paths)> hierarchies) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(
            hierarchies.SelectMany(h => h.Paths.Select(path => $"{h.Name}\t{string.Join('\t', path)}\n"))))));
}

/// <summary>The values of one column (docs/release-format.md).</summary>
/// <param name="Values">By themselves; null: hex digits behind a prefix.</param>
/// <param name="HexDigits">Lower-case, behind <paramref name="Prefix"/>; 0 for a column with a list of values.</param>
public sealed record ColumnDomain(string Name, FrozenSet<string>? Values, string Prefix, int HexDigits)
{
    /// <summary>In order of time.</summary>
    public static readonly ImmutableArray<string> Milestones = ["END_OF_INDUCTION", "WEEK_4", "WEEK_8", "WEEK_12", "WEEK_26", "WEEK_52", "YEAR_2", "YEAR_3", "YEAR_4", "YEAR_5"];

    /// <summary>Only one value is spelt so when case is not looked at.</summary>
    private readonly FrozenDictionary<string, string> _anyCase =
        (Values ?? []).GroupBy(v => v, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() == 1).ToFrozenDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);

    public static ColumnDomain OfValues(string name, IEnumerable<string> values) => new(name, values.ToFrozenSet(StringComparer.Ordinal), "", 0);

    /// <exception cref="ArgumentOutOfRangeException">No such column.</exception>
    public static ColumnDomain Of(string name) => name switch
    {
        "pseudonym" => new(name, null, "", 32),
        "cell" => new(name, null, "c-", 16),
        "milestone" => OfValues(name, Milestones),
        "status" => OfValues(name, ["MEASURED", "MISSING"]),
        "missing_reason" => OfValues(name, ["", "NOT_ATTENDED", "LEFT_TREATMENT", "INDUCTION_INCOMPLETE", "DECLINED", "UNREACHABLE", "BASELINE_MISSING"]),
        "response" or "remission" or "worsening" => OfValues(name, ["", "yes", "no"]),
        "severity" => OfValues(name, ["", "MINIMAL", "MILD", "MODERATE", "MODERATELY_SEVERE", "SEVERE", "BELOW_MODERATE", "MODERATE_OR_WORSE"]),
        "sessions" => OfValues(name, ["1-3", "4-8", "9+"]),
        "side_effects" => OfValues(name, ["NONE", "MILD", "MODERATE", "SEVERE"]),
        "courses" => OfValues(name, ["", "1", "2", "3+"]),
        "sessions_since" => OfValues(name, ["", "0", "1-3", "4-8", "9+"]),
        "phq9" => OfValues(name, ["", .. Enumerable.Range(0, 28).Select(n => $"{n}")]),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>The value as it is kept: without blanks around it and in the column's own case. Null: it is none of the column's values.</summary>
    public string? Normalise(string value)
    {
        var trimmed = value.Trim(' ');
        if (Values is null)
        {
            var lower = trimmed.ToLowerInvariant();
            return lower.Length == Prefix.Length + HexDigits && lower.StartsWith(Prefix, StringComparison.Ordinal) && lower.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0 ? lower : null;
        }

        return Values.TryGetValue(trimmed, out var known) || _anyCase.TryGetValue(trimmed, out known) ? known : null;
    }
}
