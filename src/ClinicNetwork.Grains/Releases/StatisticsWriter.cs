using System.Globalization;
using System.Text.Json;
using ClinicNetwork.Anonymisation;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Domain.Releases.Statistics;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <param name="Withheld">Cells and milestones since the beginning, as the recipient's manifests tell them together.</param>
/// <param name="Retired">Cells since then.</param>
public sealed record StatisticsFacts(AgreementRecord Agreement, int Publication, int Batch, DateOnly AsOf, int Withheld, int Retired);

/// <summary>Writes the fixed tables of a publication for one recipient, by docs/release-format.md: computed from the rows that it has and nothing else, so that they tell it nothing new.</summary>
public sealed class StatisticsWriter(ReleasePolicy policy, string network)
{
    /// <summary>Of the exchange's documents; their number is the publication's.</summary>
    public const string Kind = "statistics";

    /// <summary>Tables, in the order in which they are written.</summary>
    public static readonly IReadOnlyList<string> Tables = [OutcomeTable.Name, DurabilityTable.Name];

    private static readonly int MilestoneAt = At("milestone");
    private static readonly int TreatmentAt = At("treatment");
    private static readonly int SeverityAt = At("baseline_severity");
    private static readonly int MissingAt = At("missing_reason");
    private static readonly int ResponseAt = At("response");
    private static readonly int RemissionAt = At("remission");
    private static readonly int WorseningAt = At("worsening");

    public static string NameOf(string table, string recipient) => $"{table}/{recipient}";

    /// <summary>A canonical row as its recipient has it.</summary>
    /// <param name="columns">Those of the agreement.</param>
    /// <param name="values">In canonical order without the pseudonym.</param>
    public static StatisticRow RowOf(IReadOnlyList<string> columns, string pseudonym, IReadOnlyList<string> values)
    {
        // A million rows hold few different words.
        string Of(int at) => string.Intern(values[at]);
        bool? Told(string column, int at) => !columns.Contains(column) || values[at].Length == 0 ? null : values[at] == "yes";
        return new(
            pseudonym, Of(MilestoneAt), Of(TreatmentAt), Of(SeverityAt), Of(MissingAt),
            Told("response", ResponseAt), Told("remission", RemissionAt), Told("worsening", WorseningAt));
    }

    /// <summary>One document a table, to be signed.</summary>
    /// <param name="rows">Corrections applied, withdrawn rows left out.</param>
    public IEnumerable<(string Table, byte[] Document)> Write(StatisticsFacts facts, IReadOnlyList<StatisticRow> rows) =>
    [
        (OutcomeTable.Name, Write(facts, rows, OutcomeTable.Name, OutcomeTable.Version, json =>
        {
            foreach (var line in OutcomeTable.Of(rows, policy.Milestones))
            {
                WriteLine(json, line);
            }
        })),
        (DurabilityTable.Name, Write(facts, rows, DurabilityTable.Name, DurabilityTable.Version, json =>
        {
            foreach (var line in DurabilityTable.Of(rows, policy.Milestones))
            {
                WriteLine(json, line);
            }
        })),
    ];

    private byte[] Write(StatisticsFacts facts, IReadOnlyList<StatisticRow> rows, string table, int version, Action<Utf8JsonWriter> writeLines)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("format", "clinicnetwork.statistics/1");
            json.WriteString("network", network);
            json.WriteString("recipient", facts.Agreement.Agreement);
            json.WriteString("profile", facts.Agreement.Profile);
            json.WriteNumber("publication", facts.Publication);
            json.WriteNumber("batch", facts.Batch);
            json.WriteString("as_of", facts.AsOf.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("table", table);
            json.WriteNumber("version", version);
            json.WriteNumber("persons", rows.Select(r => r.Pseudonym).Distinct(StringComparer.Ordinal).Count());
            json.WriteNumber("withheld_cells", facts.Withheld);
            json.WriteNumber("retired_cells", facts.Retired);
            json.WriteStartArray("lines");
            writeLines(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteLine(Utf8JsonWriter json, OutcomeLine line)
    {
        json.WriteStartObject();
        json.WriteString("milestone", line.Milestone);
        json.WriteString("treatment", line.Treatment);
        json.WriteString("baseline_severity", line.BaselineSeverity);
        json.WriteNumber("released", line.Response.Released);
        json.WriteNumber("measured", line.Response.Released - line.Response.Missing);
        json.WriteStartObject("missing");
        foreach (var (reason, count) in line.Missing)
        {
            json.WriteNumber(reason, count);
        }

        json.WriteEndObject();
        WriteShare(json, "response", line.Response);
        WriteShare(json, "remission", line.Remission);
        WriteShare(json, "worsening", line.Worsening);
        json.WriteEndObject();
    }

    private static void WriteShare(Utf8JsonWriter json, string name, OutcomeShare share)
    {
        json.WriteStartObject(name);
        json.WriteNumber("known", share.Known);
        json.WriteNumber("met", share.Met);
        json.WriteNumber("not_told", share.NotTold);
        WriteShare(json, "share", share.Share);
        WriteShare(json, "low", share.Interval?.Low);
        WriteShare(json, "high", share.Interval?.High);
        WriteShare(json, "low_if_missing", share.LowIfMissing);
        WriteShare(json, "high_if_missing", share.HighIfMissing);
        json.WriteEndObject();
    }

    private static void WriteLine(Utf8JsonWriter json, DurabilityLine line)
    {
        json.WriteStartObject();
        json.WriteString("milestone", line.Milestone);
        json.WriteString("treatment", line.Treatment);
        json.WriteNumber("at_risk", line.AtRisk);
        json.WriteNumber("lost", line.Lost);
        json.WriteNumber("censored", line.Censored);
        WriteShare(json, "lasting", line.Lasting);
        json.WriteEndObject();
    }

    private static void WriteShare(Utf8JsonWriter json, string name, double? share)
    {
        if (share is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 4));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Canonical values lack the pseudonym.</summary>
    private static int At(string column) => ReleaseProfiles.Canonical.IndexOf(column) - 1;
}
