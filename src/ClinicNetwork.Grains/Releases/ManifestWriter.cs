using System.Globalization;
using System.Text.Json;
using ClinicNetwork.Anonymisation;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <param name="Waiting">Persons in the pool who found no cell.</param>
public sealed record ManifestFacts(
    int Batch,
    DateOnly PublishedOn,
    string PreviousRoot,
    byte[] Root,
    IReadOnlyList<NewBatchRow> Rows,
    IReadOnlyList<(string Cell, string Milestone)> Cells,
    int Waiting,
    int Withheld,
    int Retired);

/// <summary>Writes the signed description of a batch, by docs/release-format.md. Counts under k are not told.</summary>
public sealed class ManifestWriter(ReleasePolicy policy, string network)
{
    /// <summary>Cell and milestone precede the quasi-identifiers in a row without its pseudonym.</summary>
    private const int RegionAt = 2;

    public byte[] Write(ManifestFacts facts)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteIdentity(json, facts);
            WriteVocabulary(json);
            WriteDefinitions(json);
            WriteCells(json, facts);
            WriteMeasures(json, facts);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private void WriteIdentity(Utf8JsonWriter json, ManifestFacts facts)
    {
        json.WriteString("format", "clinicnetwork.release/1");
        json.WriteString("network", network);
        json.WriteString("profile", policy.Profile);
        json.WriteNumber("profile_version", policy.Version);
        json.WriteString("policy", policy.PolicyText);
        json.WriteNumber("batch", facts.Batch);
        json.WriteString("published_on", facts.PublishedOn.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("previous_root", facts.PreviousRoot);
        json.WriteString("root", Convert.ToHexStringLower(facts.Root));
        json.WriteNumber("rows", facts.Rows.Count);
        json.WriteNumber("k", policy.K);
        json.WriteNumber("margin", policy.Margin);
        json.WriteNumber("distinct_l", policy.DistinctL);
    }

    private void WriteVocabulary(Utf8JsonWriter json)
    {
        WriteStrings(json, "columns", policy.Columns);
        WriteStrings(json, "quasi_identifiers", policy.Grid.Attributes.Select(a => a.Name));
        json.WriteStartObject("hierarchies");
        foreach (var attribute in policy.Grid.Attributes)
        {
            json.WriteStartArray(attribute.Name);
            foreach (var path in attribute.Paths)
            {
                json.WriteStartArray();
                foreach (var value in path)
                {
                    json.WriteStringValue(value);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteDefinitions(Utf8JsonWriter json)
    {
        json.WriteStartArray("definitions");
        foreach (var definition in OutcomeCatalogue.OfMilestones)
        {
            json.WriteStartObject();
            json.WriteString("id", definition.Id);
            json.WriteNumber("version", definition.Version);
            json.WriteString("scale", definition.Scale);
            json.WriteString("rule", definition.RuleText);
            json.WriteString("window", definition.WindowText);
            json.WriteString("source", definition.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCells(Utf8JsonWriter json, ManifestFacts facts)
    {
        var members = facts.Rows.CountBy(r => (r.Cell, r.Milestone)).ToDictionary();
        json.WriteStartArray("cells");
        foreach (var (cell, milestone) in facts.Cells)
        {
            json.WriteStartObject();
            json.WriteString("cell", cell);
            json.WriteString("milestone", milestone);
            json.WriteNumber("members", members[(cell, milestone)]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteMeasures(Utf8JsonWriter json, ManifestFacts facts)
    {
        var width = policy.Grid.Attributes.Count;
        var measures = ReleaseMeasures.Of(policy.Grid, [.. facts.Rows.Select(r => (r.Milestone, (IReadOnlyList<string>)[.. r.Values.Skip(RegionAt).Take(width)]))]);
        var outcomes = facts.Rows.Select(r => (r.Cell, r.Milestone, Outcome: new ReleasedOutcome([.. r.Values.Skip(RegionAt + width)]))).ToArray();
        json.WriteNumber("persons", facts.Rows.Select(r => r.Person).Distinct().Count());
        json.WriteNumber("classes", measures.Classes);
        json.WriteNumber("class_min", measures.ClassMin);
        json.WriteNumber("ncp", measures.Ncp);
        json.WriteNumber("risk_max", measures.RiskMax);
        json.WriteNumber("risk_avg", measures.RiskAverage);
        json.WriteNumber("l_distinct", outcomes
            .Where(o => o.Outcome.Measured)
            .GroupBy(o => (o.Cell, o.Milestone))
            .Min(g => g.Select(o => o.Outcome.Category).Distinct().Count()));
        json.WriteNumber("suppressed", 0);
        json.WriteString("waiting", facts.Waiting == 0 || facts.Waiting >= policy.K ? facts.Waiting.ToString(CultureInfo.InvariantCulture) : FewerThanK);
        json.WriteNumber("withheld_cells", facts.Withheld);
        json.WriteNumber("retired_cells", facts.Retired);
        json.WriteStartObject("missing");
        foreach (var (reason, count) in outcomes.Where(o => !o.Outcome.Measured).CountBy(o => o.Outcome.MissingReason).OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            if (count >= policy.K)
            {
                json.WriteNumber(reason, count);
            }
            else
            {
                json.WriteString(reason, FewerThanK);
            }
        }

        json.WriteEndObject();
        json.WriteString("red_team", "not run: built with the exchange");
    }

    private string FewerThanK => string.Create(CultureInfo.InvariantCulture, $"fewer than {policy.K}");

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
