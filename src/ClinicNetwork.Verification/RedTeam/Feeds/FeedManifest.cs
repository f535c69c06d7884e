using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>What a manifest tells an attacker. Neither its form nor its signature is judged here: that is the verifier's.</summary>
/// <param name="Recipient">Empty in format 1.</param>
/// <param name="WithholdShare">Null in format 1.</param>
/// <param name="Hierarchies">For each quasi-identifier its paths, leaf first.</param>
/// <param name="Members">Told for each cell and milestone.</param>
/// <param name="Tombstones">Rows of earlier batches, corrected ones too.</param>
/// <param name="Corrections">Row of this batch, batch and row that it replaces.</param>
/// <param name="Told">Numbers of persons that are told as numbers, by name.</param>
internal sealed record FeedManifest(
    string Recipient,
    int K,
    double? WithholdShare,
    int Rows,
    string[] Columns,
    string[] QuasiIdentifiers,
    string[][][] Hierarchies,
    Dictionary<(ulong Cell, byte Milestone), int> Members,
    (int Batch, int Row)[] Tombstones,
    (int Row, int Batch, int Of)[] Corrections,
    IReadOnlyList<(string Name, int Persons)> Told)
{
    /// <summary>In the order in which they close.</summary>
    public static readonly string[] Milestones =
        ["END_OF_INDUCTION", "WEEK_4", "WEEK_8", "WEEK_12", "WEEK_26", "WEEK_52", "YEAR_2", "YEAR_3", "YEAR_4", "YEAR_5"];

    private const int ColumnsMax = 64;
    private const int QuasiIdentifiersMax = 4;

    /// <exception cref="FeedFormatException">It is no manifest.</exception>
    public static FeedManifest Read(byte[] json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            throw new FeedFormatException(file, "is no manifest of docs/release-format.md; verify the folder first");
        }
    }

    private static FeedManifest Read(JsonElement json)
    {
        string[] columns = [.. Texts(json.GetProperty("columns"))];
        string[] quasi = [.. Texts(json.GetProperty("quasi_identifiers"))];
        if (columns.Length > ColumnsMax || quasi.Length is 0 or > QuasiIdentifiersMax || quasi.Any(name => !columns.Contains(name)))
        {
            throw new FormatException();
        }

        var hierarchies = json.GetProperty("hierarchies");
        return new(
            Optional(json, "recipient")?.GetString() ?? "",
            json.GetProperty("k").GetInt32(),
            Optional(json, "withhold_share")?.GetDouble(),
            json.GetProperty("rows").GetInt32(),
            columns,
            quasi,
            [.. quasi.Select(name => hierarchies.GetProperty(name).EnumerateArray().Select(path => Texts(path).ToArray()).ToArray())],
            json.GetProperty("cells").EnumerateArray().ToDictionary(
                cell => (CellOf(cell.GetProperty("cell").GetString()!), MilestoneOf(cell.GetProperty("milestone").GetString()!)),
                cell => cell.GetProperty("members").GetInt32()),
            [.. List(json, "tombstones").SelectMany(t => t.GetProperty("rows").EnumerateArray().Select(row => (t.GetProperty("batch").GetInt32(), row.GetInt32())))],
            [.. List(json, "corrections").Select(c => (c.GetProperty("row").GetInt32(), c.GetProperty("batch").GetInt32(), c.GetProperty("of").GetInt32()))],
            [.. Counts(json)]);
    }

    private static IEnumerable<(string Name, int Persons)> Counts(JsonElement json)
    {
        foreach (var name in (string[])["waiting", "promised"])
        {
            if (Optional(json, name) is { } count && Number(count) is { } persons)
            {
                yield return (name, persons);
            }
        }

        foreach (var reason in json.GetProperty("missing").EnumerateObject())
        {
            if (Number(reason.Value) is { } persons)
            {
                yield return ("missing", persons);
            }
        }
    }

    private static int? Number(JsonElement count) =>
        count.ValueKind == JsonValueKind.Number ? count.GetInt32()
        : int.TryParse(count.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    private static JsonElement? Optional(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value : null;

    private static IEnumerable<JsonElement> List(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.EnumerateArray() : [];

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(text => text.GetString() ?? throw new FormatException());

    private static ulong CellOf(string text) => CellId.TryRead(Encoding.UTF8.GetBytes(text), out var cell) ? cell : throw new FormatException();

    private static byte MilestoneOf(string text) => Array.IndexOf(Milestones, text) is >= 0 and var milestone ? (byte)milestone : throw new FormatException();
}
