using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using ClinicNetwork.Verification;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>A release that the server made, changed afterwards: refused, and by the right rule.</summary>
[Collection(PublishedFixture.ReadOnly)]
public sealed class TamperTests(PublishedFixture fixture)
{
    [Fact]
    public async Task One_changed_row_is_refused()
    {
        using var folder = await PulledFolder.PullAsync(fixture);
        ChangeRows(folder, lines =>
        {
            var row = JsonNode.Parse(lines[5])!;
            var values = row["values"]!.AsArray();
            values[14] = values[14]!.GetValue<string>() == "MILD" ? "NONE" : "MILD";
            lines[5] = row.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        });
        Assert.Contains(Rules.Root, folder.Verify().Findings.Select(f => f.Rule));
    }

    [Fact]
    public async Task A_cell_of_ten_is_refused()
    {
        using var folder = await PulledFolder.PullAsync(fixture);
        ChangeRows(folder, lines =>
        {
            var cell = JsonNode.Parse(lines[0])!["values"]![1]!.GetValue<string>();
            var members = lines.Index().Where(l => l.Item.Contains(cell, StringComparison.Ordinal)).ToList();
            foreach (var (number, line) in members.Skip(10))
            {
                // As a withdrawal looks: the leaf alone. Root and signature stay true, only the cell is too small.
                lines[number] = $$"""{"row":{{number}},"leaf":"{{LeafOf(line)}}"}""";
            }
        });
        var rules = folder.Verify().Findings.Select(f => f.Rule).ToList();
        Assert.Contains(Rules.CellSize, rules);
        Assert.DoesNotContain(Rules.Root, rules);
    }

    [Fact]
    public async Task A_changed_manifest_and_a_missing_batch_are_refused()
    {
        using var folder = await PulledFolder.PullAsync(fixture);
        var manifest = Path.Combine(folder.Path, "batches/0001/manifest.json");
        var text = File.ReadAllText(manifest);
        File.WriteAllText(manifest, text.Replace("\"k\": 11", "\"k\": 10", StringComparison.Ordinal));
        Assert.Contains(Rules.Signature, folder.Verify().Findings.Select(f => f.Rule));
        Directory.Delete(Path.Combine(folder.Path, "batches/0001"), recursive: true);
        Assert.Contains(Rules.Chain, folder.Verify().Findings.Select(f => f.Rule));
    }

    private static void ChangeRows(PulledFolder folder, Action<string[]> change)
    {
        var file = Path.Combine(folder.Path, "batches/0001/rows.ndjson");
        var lines = File.ReadAllLines(file);
        change(lines);
        File.WriteAllText(file, string.Concat(lines.Select(l => l + "\n")));
    }

    private static string LeafOf(string line)
    {
        var row = JsonNode.Parse(line)!;
        return Convert.ToHexStringLower(ReleasedLeaf.Of(Convert.FromHexString(row["salt"]!.GetValue<string>()), row["values"]!.AsArray().Select(v => v!.GetValue<string>())));
    }
}
