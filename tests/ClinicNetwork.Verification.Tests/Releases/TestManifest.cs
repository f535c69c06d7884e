using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>The true manifest of a batch's rows, computed the slow and plain way.</summary>
internal static class TestManifest
{
    public static JsonObject Of(TestBatch batch, int number, string previousRoot)
    {
        var rows = batch.Rows.Where(row => batch.Exchange?.Corrections.ContainsKey(row) != true).ToList();
        var classes = rows.GroupBy(row => (row["milestone"], row.QuasiIdentifierKey)).Select(rowsOf => rowsOf.Count()).ToList();
        var measured = rows.Where(row => row.Measured).GroupBy(row => (row["cell"], row["milestone"])).ToList();
        var losses = rows.SelectMany(row => TestProfile.QuasiIdentifiers.Select(name => TestProfile.Loss(name, row[name]))).ToList();
        return new JsonObject
        {
            ["format"] = "clinicnetwork.release/1",
            ["network"] = "net-1",
            ["profile"] = "public-outcomes",
            ["profile_version"] = 1,
            ["policy"] = "safe-harbor, 45 CFR 164.514(b)(2)",
            ["batch"] = number,
            ["published_on"] = "2025-10-01",
            ["previous_root"] = previousRoot,
            ["root"] = batch.Root,
            ["rows"] = batch.Rows.Count,
            ["k"] = TestProfile.K,
            ["margin"] = 3,
            ["distinct_l"] = 2,
            ["columns"] = JsonSerializer.SerializeToNode(TestProfile.Columns),
            ["quasi_identifiers"] = JsonSerializer.SerializeToNode(TestProfile.QuasiIdentifiers),
            ["hierarchies"] = JsonSerializer.SerializeToNode(TestProfile.Hierarchies),
            ["definitions"] = new JsonArray(Definition()),
            ["cells"] = new JsonArray([.. rows.GroupBy(row => (row["cell"], row["milestone"])).Select(Cell)]),
            ["persons"] = rows.Select(row => row["pseudonym"]).Distinct().Count(),
            ["classes"] = classes.Count,
            ["class_min"] = classes.DefaultIfEmpty(0).Min(),
            ["ncp"] = losses.Count == 0 ? 0 : Math.Round(losses.Average(), 6),
            ["risk_max"] = classes.Count == 0 ? 0 : Math.Round(1.0 / classes.Min(), 6),
            ["risk_avg"] = classes.Count == 0 ? 0 : Math.Round((double)classes.Count / rows.Count, 6),
            ["l_distinct"] = measured.Select(cell => cell.Select(row => row.Outcome).Distinct().Count()).DefaultIfEmpty(0).Min(),
            ["suppressed"] = rows.Count(row => TestProfile.QuasiIdentifiers.All(name => row[name] == "*")),
            ["waiting"] = number % 2 == 0 ? 34 : "fewer than 11",
            ["withheld_cells"] = number,
            ["retired_cells"] = 0,
            ["missing"] = new JsonObject(rows
                .Where(row => !row.Measured && TestProfile.MissingReasons.Contains(row["missing_reason"]))
                .GroupBy(row => row["missing_reason"]).Select(Missing)),
            ["red_team"] = "not run: built with the exchange",
        };
    }

    private static JsonObject Definition() => new()
    {
        ["id"] = "response-phq9-mcinnes",
        ["version"] = 1,
        ["scale"] = "PHQ-9",
        ["rule"] = "half of the baseline score or less",
        ["window"] = "days 25 to 35",
        ["source"] = "doi:10.1016/j.jad.2021.12.097",
    };

    private static JsonNode Cell(IGrouping<(string Cell, string Milestone), TestRow> rows) => new JsonObject
    {
        ["cell"] = rows.Key.Cell,
        ["milestone"] = rows.Key.Milestone,
        ["members"] = rows.Count(),
    };

    private static KeyValuePair<string, JsonNode?> Missing(IGrouping<string, TestRow> rows) =>
        new(rows.Key, rows.Count() < TestProfile.K ? "fewer than 11" : rows.Count());
}
