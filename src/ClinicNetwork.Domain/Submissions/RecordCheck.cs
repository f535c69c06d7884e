using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Submissions;

/// <summary>One record as it came.</summary>
/// <param name="Record">The partner's own id for it, within the submission.</param>
/// <param name="Values">One for each of the profile's columns, in its order.</param>
[GenerateSerializer, Immutable, Alias("submitted-record")]
public sealed record SubmittedRecord([property: Id(0)] string Record, [property: Id(1)] ImmutableArray<string> Values)
{
    /// <summary>Lower-case hex SHA-256( UTF-8( id and values joined by TAB ) ): of what came, not of what is kept.</summary>
    public string Leaf() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Record + "\t" + string.Join('\t', Values))));

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(SubmittedRecord);
}

/// <summary>What became of one record.</summary>
[GenerateSerializer, Alias("record-outcome")]
public enum RecordOutcome
{
    Accepted = 1,

    /// <summary>Accepted with values in their proper spelling.</summary>
    Corrected = 2,
    Refused = 3,
}

/// <param name="Reason">Stable code; empty when accepted as it came.</param>
/// <param name="Fields">Columns that were corrected, or the one that is wrong; never their content.</param>
[GenerateSerializer, Immutable, Alias("record-receipt")]
public sealed record RecordReceipt([property: Id(0)] string Record, [property: Id(1)] RecordOutcome Outcome, [property: Id(2)] string Reason, [property: Id(3)] ImmutableArray<string> Fields);

/// <summary>A record against the profile's domain. Reasons: VALUES_COUNT_WRONG, VALUE_UNKNOWN, OUTCOME_INCONSISTENT; VALUE_NORMALISED of a corrected one.</summary>
public static class RecordCheck
{
    public const string Normalised = "VALUE_NORMALISED";

    /// <summary>Longest value, characters: every value of every column is shorter.</summary>
    public const int ValueLengthMax = 64;

    private const string Unknown = "VALUE_UNKNOWN";
    private const string CountWrong = "VALUES_COUNT_WRONG";
    private const string Inconsistent = "OUTCOME_INCONSISTENT";
    private const string Yes = "yes";

    private static readonly string[] CoarseSeverities = ["BELOW_MODERATE", "MODERATE_OR_WORSE"];

    /// <summary>What to do about a reason.</summary>
    public static string HintOf(string reason) => reason switch
    {
        "" => "",
        Normalised => "Blanks around a value were taken away, or its case was changed; send it as the profile spells it.",
        CountWrong => "Send one value for each of the profile's columns, in its order; empty where nothing applies.",
        Unknown => "Send one of the values that docs/release-format.md lists for the column; quasi-identifiers are nodes of the network's hierarchies.",
        Inconsistent => "An outcome belongs to a measured row, a reason to a missing one; response, remission, worsening and severity must not contradict each other.",
        _ => "See docs/release-format.md.",
    };

    /// <summary>The values to keep, and the receipt; of a refused record none are kept.</summary>
    public static (RecordReceipt Receipt, ImmutableArray<string> Kept) Check(SubmittedRecord record, SubmissionRules rules)
    {
        if (record.Values.Length != rules.Columns.Length)
        {
            return Refuse(record, CountWrong, "values");
        }

        var (kept, corrected) = (new string[record.Values.Length], new List<string>());
        for (var i = 0; i < kept.Length; i++)
        {
            var (column, value) = (rules.Columns[i], record.Values[i]);
            if (value.Length > ValueLengthMax || column.Normalise(value) is not { } normalised)
            {
                return Refuse(record, Unknown, column.Name);
            }

            if (normalised != value)
            {
                corrected.Add(column.Name);
            }

            kept[i] = normalised;
        }

        if (FindContradiction(column => rules.IndexOf(column) is >= 0 and var at ? kept[at] : "") is { } field)
        {
            return Refuse(record, Inconsistent, field);
        }

        return corrected.Count == 0
            ? (new(record.Record, RecordOutcome.Accepted, "", []), [.. kept])
            : (new(record.Record, RecordOutcome.Corrected, Normalised, [.. corrected]), [.. kept]);
    }

    /// <summary>The column by which an outcome contradicts itself, as the verifier's rule CONSISTENT; null: none does.</summary>
    private static string? FindContradiction(Func<string, string> of)
    {
        var (response, remission, worsening, severity) = (of("response"), of("remission"), of("worsening"), of("severity"));
        if (of("status") == "MISSING")
        {
            return of("missing_reason").Length == 0 ? "missing_reason" : FirstGiven(of, "response", "remission", "worsening", "severity", "phq9");
        }

        var coarse = CoarseSeverities.Contains(severity, StringComparer.Ordinal);
        return of("missing_reason").Length > 0 ? "missing_reason"
            : response.Length == 0 ? "response"
            : severity.Length == 0 ? "severity"
            : coarse ? FirstGiven(of, "remission", "worsening", "phq9")
            : remission.Length == 0 ? "remission"
            : worsening.Length == 0 || (worsening == Yes && response == Yes) ? "worsening"
            : remission == Yes && severity != Phq9.Name(Phq9Severity.Minimal) ? "severity"
            : of("phq9") is { Length: > 0 } score && Phq9.Name(Phq9.Severity(int.Parse(score, System.Globalization.CultureInfo.InvariantCulture))) != severity ? "phq9"
            : null;
    }

    private static string? FirstGiven(Func<string, string> of, params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns)
        {
            if (of(column).Length > 0)
            {
                return column;
            }
        }

        return null;
    }

    private static (RecordReceipt, ImmutableArray<string>) Refuse(SubmittedRecord record, string reason, string field) => (new(record.Record, RecordOutcome.Refused, reason, [field]), []);
}
