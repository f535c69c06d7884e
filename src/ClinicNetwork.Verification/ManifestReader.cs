using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClinicNetwork.Verification;

/// <summary>
/// Reads manifest.json strictly: every field of its version, none twice and no other, each within its domain. Faults are findings under
/// <see cref="Rules.Format"/> or <see cref="Rules.Hierarchy"/>; any of them makes the manifest unusable.
/// </summary>
internal static class ManifestReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static Manifest? Read(byte[] bytes, string file, LabelRegister[] labels, FindingLog log)
    {
        var before = log.Reported;
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                log.Add(Rules.Format, file, null, "the manifest must be one JSON object");
                return null;
            }

            var fields = new ManifestFields(document.RootElement, "", fault => log.Add(Rules.Format, file, null, fault));
            var manifest = Read(fields, labels, (name, fault) => log.Add(Rules.Hierarchy, file, null, $"hierarchies.{name}: {fault}"));
            return log.Reported == before ? manifest : null;
        }
        catch (JsonException fault)
        {
            log.Add(Rules.Format, file, fault.LineNumber + 1, "not well-formed JSON (a doubled field counts as such)");
        }
        catch (InvalidOperationException)
        {
            // JsonElement reports text that is no valid Unicode only when the text is asked for.
            log.Add(Rules.Format, file, null, "holds text that is not valid Unicode");
        }

        return null;
    }

    private static Manifest Read(ManifestFields fields, LabelRegister[] labels, Action<string, string> refuseHierarchy)
    {
        var format = ReadFormat(fields);
        if (!DateOnly.TryParseExact(fields.Text("published_on"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            fields.Refuse("published_on", "must be a day as YYYY-MM-DD");
        fields.Whole("margin", 0, Limits.RowsMax);
        fields.Whole("retired_cells", 0, int.MaxValue);
        ReadDefinitions(fields);
        ReadQuasiIdentifiers(fields);
        var k = fields.Whole("k", Limits.KMin, Limits.RowsMax);
        var cells = ReadCells(fields, format);
        var manifest = new Manifest
        {
            Format = format,
            Network = fields.Text("network"),
            Batch = fields.Whole("batch", 1, Limits.BatchesMax),
            PreviousRoot = RootText(fields, "previous_root", mayBeEmpty: true),
            Root = RootText(fields, "root", mayBeEmpty: false),
            Rows = fields.Whole("rows", 0, Limits.RowsMax),
            K = k,
            DistinctL = fields.Whole("distinct_l", 1, OutcomeProfile.OutcomeCategories),
            Positions = ReadPositions(fields, format),
            Hierarchies = HierarchiesReader.Read(fields.Object("hierarchies"), labels, refuseHierarchy),
            Cells = cells,
            Persons = fields.Whole("persons", 0, Limits.RowsMax),
            Classes = fields.Whole("classes", 0, Limits.RowsMax),
            ClassMin = fields.Whole("class_min", 0, Limits.RowsMax),
            Ncp = fields.Fraction("ncp"),
            RiskMax = fields.Fraction("risk_max"),
            RiskAvg = fields.Fraction("risk_avg"),
            LDistinct = fields.Whole("l_distinct", 0, OutcomeProfile.OutcomeCategories),
            Suppressed = fields.Whole("suppressed", 0, Limits.RowsMax),
            Waiting = ManifestCounts.ReadWaiting(fields, k, format.IsSecond),
            WithheldCells = fields.Whole("withheld_cells", 0, int.MaxValue),
            Missing = ManifestCounts.ReadMissing(fields, k),
            Exchange = format.IsSecond ? ExchangeReader.Read(fields, cells, k) : null,
        };
        if (!format.IsSecond)
        {
            fields.Text("policy");
            fields.Text("red_team");
        }

        fields.RefuseOthers();
        return manifest;
    }

    /// <summary>What the fields that name version and profile agree on; the first version, with a finding, when there is none such.</summary>
    private static ReleaseFormat ReadFormat(ManifestFields fields)
    {
        ReleaseFormat[] known = [ReleaseFormat.First, .. ReleaseFormat.Second];
        var (name, profile) = (fields.Text("format"), fields.Text("profile"));
        var ofName = known.Where(format => format.Name == name).ToList();
        if (ofName.Count == 0) fields.Refuse("format", $"is not \"{ReleaseFormat.First.Name}\" or \"{ReleaseFormat.Second[0].Name}\": this verifier knows no other");
        var found = ofName.Find(format => format.Profile == profile);
        if (found is null && ofName.Count > 0) fields.Refuse("profile", "is none that this verifier knows in this version of the format");
        found ??= ofName.FirstOrDefault() ?? known[0];
        fields.Whole("profile_version", found.ProfileVersion, found.ProfileVersion);
        return found;
    }

    private static string RootText(ManifestFields fields, string name, bool mayBeEmpty)
    {
        var text = fields.Text(name, mayBeEmpty);
        Span<byte> hash = stackalloc byte[MerkleTree.HashBytes];
        if (text.Length > 0 && !LowerHex.TryDecode(Encoding.UTF8.GetBytes(text), hash))
            fields.Refuse(name, "must be 64 lower-case hex digits");
        return text;
    }

    private static int[] ReadPositions(ManifestFields fields, ReleaseFormat format)
    {
        var names = fields.List("columns", JsonValueKind.String, format.Columns.Length).Select(name => name.GetString()!).ToList();
        var positions = OutcomeProfile.ColumnNames.Select(name => names.IndexOf(name)).ToArray();
        if (!format.IsSecond)
        {
            if (positions[..format.Columns.Length].Contains(-1)) fields.Refuse("columns", "must name each column of the profile once and no other");
        }
        else if (positions[..((int)Column.MissingReason + 1)].Contains(-1) || !names.SequenceEqual(format.Columns.Where(names.Contains)))
        {
            fields.Refuse("columns", "must name columns of the profile in its order, the first nine among them");
        }

        return positions;
    }

    private static void ReadQuasiIdentifiers(ManifestFields fields)
    {
        var names = fields.List("quasi_identifiers", JsonValueKind.String, OutcomeProfile.QuasiIdentifierCount)
            .Select(name => name.GetString());
        if (!names.Order(StringComparer.Ordinal).SequenceEqual(HierarchiesReader.Names.Order(StringComparer.Ordinal)))
            fields.Refuse("quasi_identifiers", "must name each quasi-identifier of the profile once and no other");
    }

    private static void ReadDefinitions(ManifestFields fields)
    {
        foreach (var (index, json) in fields.List("definitions", JsonValueKind.Object).Index())
        {
            var definition = fields.Item("definitions", index, json);
            foreach (var name in (ReadOnlySpan<string>)["id", "scale", "rule", "window", "source"]) definition.Text(name);
            definition.Whole("version", 1, int.MaxValue);
            definition.RefuseOthers();
        }
    }

    private static List<ManifestCell> ReadCells(ManifestFields fields, ReleaseFormat format)
    {
        var cells = new List<ManifestCell>();
        foreach (var (index, json) in fields.List("cells", JsonValueKind.Object).Index())
        {
            var entry = fields.Item("cells", index, json);
            if (!CellId.TryRead(Encoding.UTF8.GetBytes(entry.Text("cell")), out var cell))
                entry.Refuse("cell", "must be c- and 16 lower-case hex digits");
            var milestone = format.Closed[(int)Column.Milestone]!.CodeOf(Encoding.UTF8.GetBytes(entry.Text("milestone")));
            if (milestone < 0) entry.Refuse("milestone", "is not a milestone of the profile");
            var members = entry.Whole("members", 1, Limits.RowsMax);
            var bands = !format.IsSecond || entry.OneOf("bands", "full", "coarse") == 0 ? Bands.Full : Bands.Coarse;
            cells.Add(new ManifestCell(cell, Math.Max(milestone, 0), members, bands));
            entry.RefuseOthers();
        }

        return cells;
    }
}
