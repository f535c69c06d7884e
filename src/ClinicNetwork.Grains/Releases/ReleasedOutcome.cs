using System.Collections.Immutable;
using System.Globalization;

namespace ClinicNetwork.Grains.Releases;

/// <summary>
/// One milestone of one person in released form: twelve values from closed vocabularies and nothing else. The only type that the
/// release engine accepts; anything outside the vocabularies throws, and so blocks the batch instead of leaking.
/// </summary>
public sealed record ReleasedOutcome
{
    /// <summary>Drug and route of all protocols: the leaves of <c>treatment</c>, and with <c>none</c> the values of <c>treatment_at</c>. What stands before the dash is the drug.</summary>
    public static readonly ImmutableArray<string> Treatments =
        ["ketamine-iv", "ketamine-im", "ketamine-sc", "ketamine-sublingual", "esketamine-nasal"];

    /// <summary>Columns of an outcome, in the order of its values.</summary>
    public static readonly ImmutableArray<string> Columns =
    [
        "status", "missing_reason", "response", "remission", "worsening", "severity", "sessions", "side_effects", "courses", "treatment_at", "sessions_since", "phq9",
    ];

    /// <summary>Values of what closed before 0.6: up to <c>side_effects</c>.</summary>
    private const int ValuesBefore06 = 8;

    private static readonly string[][] Vocabularies =
    [
        ["MEASURED", "MISSING"],
        ["", "NOT_ATTENDED", "LEFT_TREATMENT", "INDUCTION_INCOMPLETE", "DECLINED", "UNREACHABLE", "BASELINE_MISSING"],
        ["", "yes", "no"],
        ["", "yes", "no"],
        ["", "yes", "no"],
        ["", "MINIMAL", "MILD", "MODERATE", "MODERATELY_SEVERE", "SEVERE", "BELOW_MODERATE", "MODERATE_OR_WORSE"],
        ["1-3", "4-8", "9+"],
        ["NONE", "MILD", "MODERATE", "SEVERE"],
        ["", "1", "2", "3+"],
        ["", "none", .. Treatments],
        ["", "0", "1-3", "4-8", "9+"],
        ["", .. Enumerable.Range(0, 28).Select(total => total.ToString(CultureInfo.InvariantCulture))],
    ];

    /// <param name="values">As <see cref="Columns"/>; eight, of what closed before 0.6, are filled up with empty ones.</param>
    /// <exception cref="ArgumentException">A value is outside its vocabulary, or they contradict each other; the message names the position only.</exception>
    public ReleasedOutcome(IReadOnlyList<string> values)
    {
        if (values.Count == ValuesBefore06)
        {
            values = [.. values, .. Enumerable.Repeat("", Vocabularies.Length - ValuesBefore06)];
        }

        if (values.Count != Vocabularies.Length)
        {
            throw new ArgumentException("A released outcome has twelve values.", nameof(values));
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (!Vocabularies[i].Contains(values[i], StringComparer.Ordinal))
            {
                throw new ArgumentException($"Value {i} of a released outcome is outside its vocabulary.", nameof(values));
            }
        }

        Values = values;
        if (FirstContradiction() is { } at)
        {
            throw new ArgumentException($"Value {at} of a released outcome contradicts the others.", nameof(values));
        }
    }

    public IReadOnlyList<string> Values { get; }

    /// <summary>The vocabulary of one of <see cref="Columns"/>; with the empty value where there may be none.</summary>
    public static IReadOnlyList<string> ValuesOf(string column) => Vocabularies[Columns.IndexOf(column)];

    public bool Measured => Values[0] == "MEASURED";

    public string MissingReason => Values[1];

    /// <summary>Measured, and told in coarse bands: response, and severity in two.</summary>
    public bool IsCoarse => Measured && Values[3].Length == 0;

    /// <summary>The sensitive value that diversity is counted on: worsening, remission, response or no_change, in coarse bands response or no_change; null when missing.</summary>
    public string? Category =>
        !Measured ? null : Values[4] == "yes" ? "worsening" : Values[3] == "yes" ? "remission" : Values[2] == "yes" ? "response" : "no_change";

    /// <summary>The same in coarse bands: without remission, worsening and total, severity below moderate or not. What is missing, or coarse already, stays as it is.</summary>
    public ReleasedOutcome Coarse() => !Measured || IsCoarse
        ? this
        : new([.. Values.Take(3), "", "", Values[5] is "MINIMAL" or "MILD" ? "BELOW_MODERATE" : "MODERATE_OR_WORSE", .. Values.Skip(6).Take(5), ""]);

    /// <summary>A measured outcome has no reason and all judgements, in coarse bands the response alone; a missing one has a reason and nothing else.</summary>
    private int? FirstContradiction()
    {
        var coarse = Values[5] is "BELOW_MODERATE" or "MODERATE_OR_WORSE";
        (int At, bool Given)[] expected = [(1, !Measured), (2, Measured), (3, Measured && !coarse), (4, Measured && !coarse), (5, Measured)];
        return expected.Where(e => (Values[e.At].Length > 0) != e.Given).Select(e => (int?)e.At).FirstOrDefault() ?? (Values[11].Length > 0 && (!Measured || coarse) ? 11 : null);
    }
}
