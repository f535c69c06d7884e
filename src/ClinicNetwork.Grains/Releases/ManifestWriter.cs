using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClinicNetwork.Anonymisation;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;

namespace ClinicNetwork.Grains.Releases;

/// <param name="PreviousRoot">Lower-case hex; empty for the recipient's first batch.</param>
/// <param name="Waiting">Persons in the pool who found no cell.</param>
/// <param name="Promised">Persons in cells with milestones to come.</param>
/// <param name="Withheld">Cells and milestones since the recipient's batch before.</param>
/// <param name="Retired">Cells since then.</param>
public sealed record ManifestFacts(int Publication, DateOnly PublishedOn, string PreviousRoot, int Waiting, int Promised, int Withheld, int Retired);

/// <summary>Writes the signed description of a batch, by docs/release-format.md. Counts of persons under k are not told.</summary>
public sealed class ManifestWriter(ReleasePolicy policy, string network)
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="redTeam">Null: it has not attacked yet.</param>
    public byte[] Write(RecipientBatch batch, ManifestFacts facts, RedTeamSummary? redTeam)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            var profile = ReleaseProfiles.Find(batch.Agreement.Profile) ?? throw new InvalidOperationException("An agreement names a profile that there is not.");
            var cells = CellsOf(batch);
            json.WriteStartObject();
            WriteIdentity(json, batch, facts, profile);
            WriteVocabulary(json, batch);
            WriteDefinitions(json);
            WriteCells(json, batch, cells);
            WriteChanges(json, batch);
            WriteMeasures(json, batch, facts, cells);
            if (redTeam is not null)
            {
                WriteRedTeam(json, redTeam);
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private void WriteIdentity(Utf8JsonWriter json, RecipientBatch batch, ManifestFacts facts, ReleaseProfile profile)
    {
        json.WriteString("format", "clinicnetwork.release/2");
        json.WriteString("network", network);
        json.WriteString("recipient", batch.Agreement.Agreement);
        json.WriteString("recipient_class", ClassName((RecipientClass)(batch.Agreement.Required & ReleasePermission.Classes)));
        json.WriteString("purpose", PurposeName((ResearchPurpose)(batch.Agreement.Required & ReleasePermission.Purposes)));
        json.WriteString("profile", profile.Id);
        json.WriteNumber("profile_version", profile.Version);
        json.WriteStartObject("policy");
        json.WriteString("kind", profile.Policy == ReleasePolicyKind.SafeHarbor ? "safe-harbor" : "expert-determination");
        json.WriteString("text", profile.PolicyText);
        json.WriteString("dated", profile.Dated.ToString("O", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteNumber("publication", facts.Publication);
        json.WriteNumber("batch", batch.Number);
        json.WriteString("published_on", facts.PublishedOn.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("previous_root", facts.PreviousRoot);
        json.WriteString("root", Convert.ToHexStringLower(batch.Root));
        json.WriteNumber("rows", batch.Rows.Count);
        json.WriteNumber("k", policy.K);
        json.WriteNumber("margin", policy.Margin);
        json.WriteNumber("distinct_l", policy.DistinctL);
        json.WriteNumber("t", policy.T);
        json.WriteNumber("withhold_share", policy.WithholdShare);
    }

    private static string ClassName(RecipientClass recipientClass) => recipientClass switch
    {
        RecipientClass.ResearchRegistry => "RESEARCH_REGISTRY",
        RecipientClass.PartnerClinic => "PARTNER_CLINIC",
        RecipientClass.PublicHealth => "PUBLIC_HEALTH",
        RecipientClass.Industry => "INDUSTRY",
        _ => throw new ArgumentOutOfRangeException(nameof(recipientClass)),
    };

    private static string PurposeName(ResearchPurpose purpose) => purpose switch
    {
        ResearchPurpose.Research => "RESEARCH",
        ResearchPurpose.QualityImprovement => "QUALITY_IMPROVEMENT",
        ResearchPurpose.SafetyMonitoring => "SAFETY_MONITORING",
        ResearchPurpose.ProductDevelopment => "PRODUCT_DEVELOPMENT",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    private void WriteVocabulary(Utf8JsonWriter json, RecipientBatch batch)
    {
        WriteStrings(json, "columns", batch.Agreement.Fields);
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

    /// <summary>Corrections are of cells of earlier batches and belong to none of this one.</summary>
    private static BatchCell[] CellsOf(RecipientBatch batch) =>
    [
        .. batch.Rows
            .Where(r => r.Source.Corrects is null)
            .GroupBy(r => (r.Source.Cell, r.Source.Milestone))
            .OrderBy(g => g.Key.Cell, StringComparer.Ordinal).ThenBy(g => g.Key.Milestone, StringComparer.Ordinal)
            .Select(g => new BatchCell(g.Key.Cell, g.Key.Milestone, CanonicalRow.Region(g.First().Values), [.. g.Select(r => CanonicalRow.Outcome(r.Values))])),
    ];

    private void WriteCells(Utf8JsonWriter json, RecipientBatch batch, BatchCell[] cells)
    {
        json.WriteStartArray("cells");
        foreach (var cell in cells)
        {
            json.WriteStartObject();
            json.WriteString("cell", cell.Cell);
            json.WriteString("milestone", cell.Milestone);
            json.WriteNumber("members", cell.Outcomes.Length);
            json.WriteString("bands", cell.IsCoarse ? "coarse" : "full");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("reference");
        foreach (var milestone in policy.Milestones.Where(m => cells.Any(c => c.Milestone == m)))
        {
            json.WriteStartObject(milestone);
            foreach (var (category, share) in OutcomeCategories.Shares(batch.Reference, milestone))
            {
                json.WriteNumber(category, share);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteChanges(Utf8JsonWriter json, RecipientBatch batch)
    {
        json.WriteStartArray("tombstones");
        foreach (var told in batch.Tombstones.GroupBy(t => t.Batch).OrderBy(g => g.Key))
        {
            json.WriteStartObject();
            json.WriteNumber("batch", told.Key);
            json.WriteStartArray("rows");
            foreach (var row in told.Select(t => t.Row).Order())
            {
                json.WriteNumberValue(row);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("corrections");
        foreach (var (place, row) in batch.Rows.Index())
        {
            if (row.Source.Corrects is { } earlier)
            {
                json.WriteStartObject();
                json.WriteNumber("row", place);
                json.WriteNumber("batch", earlier.Batch);
                json.WriteNumber("of", earlier.Row);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private void WriteMeasures(Utf8JsonWriter json, RecipientBatch batch, ManifestFacts facts, BatchCell[] cells)
    {
        var measures = ReleaseMeasures.Of(policy.Grid, [.. cells.Select(c => (c.Milestone, c.Region, c.Outcomes.Length))]);
        json.WriteNumber("persons", batch.Rows.Where(r => r.Source.Corrects is null).Select(r => r.Source.Person).Distinct(StringComparer.Ordinal).Count());
        json.WriteNumber("classes", measures.Classes);
        json.WriteNumber("class_min", measures.ClassMin);
        json.WriteNumber("ncp", measures.Ncp);
        json.WriteNumber("risk_max", measures.RiskMax);
        json.WriteNumber("risk_avg", measures.RiskAverage);
        json.WriteNumber("l_distinct", cells.Select(c => c.Categories.Where(v => v is not null).Distinct(StringComparer.Ordinal).Count()).DefaultIfEmpty(0).Min());
        json.WriteNumber("t_max", Math.Round(
            cells.Where(c => !c.IsCoarse).Select(c => MilestoneRelease.Distance(c.Categories, OutcomeCategories.Shares(batch.Reference, c.Milestone))).DefaultIfEmpty(0).Max(), 4));
        json.WriteNumber("suppressed", cells.Where(c => c.Region.All(v => v == Hierarchy.Root)).Sum(c => c.Outcomes.Length));
        json.WriteString("waiting", IsTold(facts.Waiting) ? facts.Waiting.ToString(CultureInfo.InvariantCulture) : FewerThanK);
        WriteCount(json, "promised", facts.Promised);
        json.WriteNumber("withheld_cells", facts.Withheld);
        json.WriteNumber("retired_cells", facts.Retired);
        json.WriteStartObject("missing");
        foreach (var (reason, count) in cells.SelectMany(c => c.Outcomes).Where(o => !o.Measured).CountBy(o => o.MissingReason).OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            WriteCount(json, reason, count);
        }

        json.WriteEndObject();
    }

    private static void WriteRedTeam(Utf8JsonWriter json, RedTeamSummary redTeam)
    {
        json.WriteStartObject("red_team");
        json.WriteString("control", redTeam.Control);
        json.WriteNumber("persons", redTeam.Persons);
        json.WriteStartArray("attacks");
        foreach (var attack in redTeam.Attacks)
        {
            json.WriteStartObject();
            json.WriteString("attack", attack.Attack);
            json.WriteNumber("attacked", attack.Attacked);
            json.WriteNumber("risk", attack.Risk);
            json.WriteNumber("control_risk", attack.ControlRisk);
            json.WriteNumber("excess_high", attack.ExcessHigh);
            json.WriteString("verdict", attack.Verdict);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteCount(Utf8JsonWriter json, string name, int count)
    {
        if (IsTold(count))
        {
            json.WriteNumber(name, count);
        }
        else
        {
            json.WriteString(name, FewerThanK);
        }
    }

    private bool IsTold(int count) => count == 0 || count >= policy.K;

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

    private sealed record BatchCell(string Cell, string Milestone, IReadOnlyList<string> Region, ReleasedOutcome[] Outcomes)
    {
        public string?[] Categories { get; } = [.. Outcomes.Select(o => o.Category)];

        public bool IsCoarse => Outcomes.Any(o => o.IsCoarse);
    }
}
