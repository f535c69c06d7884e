using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>What version 2 of the format adds to a batch, written from docs/release-format.md and not from the verifier.</summary>
internal sealed class TestExchange
{
    private static readonly string[] Categories = ["no_change", "remission", "response", "worsening"];

    public string Recipient { get; init; } = "agreement-1";
    public string Profile { get; init; } = "public-outcomes";
    public required int Publication { get; init; }
    public required IReadOnlyList<string> Columns { get; init; }
    public double T { get; set; } = 1;

    /// <summary>Rows of earlier batches, by batch.</summary>
    public SortedDictionary<int, SortedSet<int>> Tombstones { get; } = [];

    /// <summary>Rows of this batch that replace a row of another.</summary>
    public Dictionary<TestRow, (int Batch, int Of)> Corrections { get; } = [];

    /// <summary>Cells and milestones in coarse bands.</summary>
    public HashSet<(string Cell, string Milestone)> Coarse { get; } = [];

    /// <summary>Measured rows that the network released up to this publication.</summary>
    public IReadOnlyList<TestRow> Released { get; set; } = [];

    public void Tell(int batch, int row)
    {
        Tombstones.TryAdd(batch, []);
        Tombstones[batch].Add(row);
    }

    /// <summary>Replaces a row of an earlier batch: the old one is told and leaves its leaf.</summary>
    public TestRow Correct(TestBatch into, int batch, TestBatch earlier, int of, Action<TestRow> change, Random random)
    {
        var salt = new byte[16];
        random.NextBytes(salt);
        var row = new TestRow([.. earlier.Rows[of].Values], Convert.ToHexStringLower(salt)) { Agreed = earlier.Rows[of].Agreed };
        change(row);
        earlier.Rows[of].Withdrawn = true;
        Tell(batch, of);
        Corrections.Add(row, (batch, of));
        into.Rows.Insert(random.Next(into.Rows.Count + 1), row);
        return row;
    }

    /// <summary>Turns a manifest of version 1 of the same rows into one of version 2.</summary>
    public void Complete(JsonObject json, TestBatch batch)
    {
        json["format"] = "clinicnetwork.release/2";
        json["recipient"] = Recipient;
        json["recipient_class"] = "RESEARCH_REGISTRY";
        json["purpose"] = "RESEARCH";
        json["profile"] = Profile;
        json["profile_version"] = Profile == "public-outcomes" ? 2 : 1;
        json["policy"] = new JsonObject { ["kind"] = "safe-harbor", ["text"] = "45 CFR 164.514(b)(2)", ["dated"] = "2026-11-27" };
        json["publication"] = Publication;
        json["t"] = T;
        json["withhold_share"] = 0.05;
        json["columns"] = JsonSerializer.SerializeToNode(Columns);
        json["waiting"] = Publication % 2 == 0 ? "34" : "fewer than 11";
        json["promised"] = Publication % 2 == 0 ? 410 : "fewer than 11";
        foreach (var cell in json["cells"]!.AsArray()) cell!["bands"] = IsCoarse(cell) ? "coarse" : "full";
        var milestones = json["cells"]!.AsArray().Select(cell => (string)cell!["milestone"]!).Distinct().ToList();
        json["reference"] = new JsonObject(milestones.Select(milestone => KeyValuePair.Create(milestone, (JsonNode?)ReferenceOf(milestone))));
        json["t_max"] = Math.Round(json["cells"]!.AsArray().Where(cell => !IsCoarse(cell)).Select(cell => Distance(batch, cell!)).DefaultIfEmpty(0).Max(), 4);
        json["tombstones"] = new JsonArray([.. Tombstones.Select(entry => new JsonObject
        {
            ["batch"] = entry.Key, ["rows"] = new JsonArray([.. entry.Value.Select(row => JsonValue.Create(row))]),
        })]);
        json["corrections"] = new JsonArray([.. batch.Rows.Index().Where(row => Corrections.ContainsKey(row.Item)).Select(row => new JsonObject
        {
            ["row"] = row.Index, ["batch"] = Corrections[row.Item].Batch, ["of"] = Corrections[row.Item].Of,
        })]);
        json["red_team"] = JsonNode.Parse("""
            { "control": "pool", "persons": 1240, "attacks": [
              { "attack": "linkage", "attacked": 500, "risk": 0.02, "control_risk": 0.01, "excess_high": 0.03, "verdict": "held" },
              { "attack": "inference", "attacked": 40, "risk": 0.5, "control_risk": 0.6, "excess_high": 0.2, "verdict": "not_established" } ] }
            """);
    }

    private bool IsCoarse(JsonNode? cell) => Coarse.Contains(((string)cell!["cell"]!, (string)cell["milestone"]!));

    private JsonObject ReferenceOf(string milestone) =>
        new(Shares(Released.Where(row => row["milestone"] == milestone)).Zip(Categories, (share, name) => KeyValuePair.Create(name, (JsonNode?)Math.Round(share, 4))));

    private double Distance(TestBatch batch, JsonNode cell)
    {
        var rows = batch.Rows.Where(row => !Corrections.ContainsKey(row) && row["cell"] == (string)cell["cell"]! && row["milestone"] == (string)cell["milestone"]!).ToList();
        return rows.Exists(row => row.Measured)
            ? Shares(rows).Zip(Shares(Released.Where(row => row["milestone"] == (string)cell["milestone"]!)), (own, all) => Math.Abs(own - all)).Sum() / 2
            : 0;
    }

    private static double[] Shares(IEnumerable<TestRow> rows)
    {
        var measured = rows.Where(row => row.Measured).ToList();
        return [.. Categories.Select(name => measured.Count == 0 ? 0 : (double)measured.Count(row => row.Outcome == name) / measured.Count)];
    }

    /// <summary>Gives rows of version 1 the columns of version 2, the PHQ-9 total among them.</summary>
    public static void Widen(TestRow row, int index)
    {
        if (row.Values.Length < TestProfile.AllColumns.Length) row.Values = [.. row.Values, .. Enumerable.Repeat("", TestProfile.AllColumns.Length - row.Values.Length)];
        // Rows of before 0.6 have none of them.
        if (index % 5 == 0) return;
        row["courses"] = index % 3 == 0 ? "3+" : "1";
        row["treatment_at"] = index % 4 == 0 ? "none" : "esketamine \"nasal\"";
        row["sessions_since"] = index % 4 == 0 ? "0" : "4-8";
        if (row.Measured) row["phq9"] = Total(row["severity"]).ToString(CultureInfo.InvariantCulture);
    }

    private static int Total(string severity) => severity switch { "MINIMAL" => 4, "MILD" => 5, "MODERATE" => 14, "MODERATELY_SEVERE" => 15, _ => 27 };
}
