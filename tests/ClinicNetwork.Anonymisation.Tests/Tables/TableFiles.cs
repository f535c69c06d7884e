using System.Globalization;
using System.Text;
using System.Text.Json;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>A table and what came of it as the files that a user has, handed to the independent verifier and the red team.</summary>
internal static class TableFiles
{
    /// <param name="measures">As reported; null: no report.</param>
    /// <param name="withBatches">With the leading column of a stream's output.</param>
    /// <param name="regions">The grid's, one tuple each; null: any.</param>
    public static TableVerdict Verify(PlainTable table, PrivacyModel model, double limit, TableMeasures? measures, bool withBatches, string[][]? regions = null) => TableVerifier.Verify(
        new([Published(table, withBatches)], [.. Names(table)])
        {
            Originals = [Original(table)],
            Hierarchies = Hierarchies(table).ToDictionary(h => h.Name),
            Person = table.Persons is null ? null : "person",
            Sensitive = table.Sensitive is null ? null : "sensitive",
            Regions = regions is null ? null : Regions(table, regions),
            Report = measures is null ? null : ReportedMeasures.Read(Report(measures, model.K)),
        },
        new(model.K, model.DistinctL, model.T, model.Ordered, limit));

    /// <summary>Of a table that was made in the regions of a grid.</summary>
    public static RedTeamReport Attack(PlainTable table, int k, string[][] regions) => RedTeamRun.Attack(
        new(
            [new("released", Published(table, withBatches: false))],
            [new("original", Original(table))],
            [.. Hierarchies(table)],
            Regions: new("regions", Regions(table, regions))),
        new(k, Person: table.Persons is null ? null : "person", Sensitive: table.Sensitive is null ? null : "sensitive", FixedRegions: true, Attacks: 50));

    private static IEnumerable<string> Names(PlainTable table) => table.Hierarchies.Select((_, a) => "q" + a);

    private static IEnumerable<TableHierarchy> Hierarchies(PlainTable table) => table.Hierarchies.Select((rows, a) => TableHierarchy.Read(Csv(rows), "q" + a));

    private static VerifiedTable Regions(PlainTable table, string[][] regions) => VerifiedTable.Read(Csv([Names(table), .. regions]));

    private static VerifiedTable Original(PlainTable table) => VerifiedTable.Read(Csv(
    [
        [.. Names(table), .. table.Persons is null ? (string[])[] : ["person"], .. table.Sensitive is null ? (string[])[] : ["sensitive"]],
        .. table.Original.Select((cells, row) => (string[])[.. cells, .. Cell(table.Persons, row), .. Cell(table.Sensitive, row)]),
    ]));

    private static VerifiedTable Published(PlainTable table, bool withBatches) => VerifiedTable.Read(Csv(
    [
        [.. withBatches ? (string[])["batch"] : [], .. Names(table), .. table.Sensitive is null ? (string[])[] : ["sensitive"]],
        .. table.Cells.Select((cells, row) => (string[])
        [
            .. withBatches ? (string[])[table.Batch[row] == 0 ? "" : Text(table.Batch[row])] : [], .. cells,
            .. table.Sensitive is not null && table.Batch[row] == 0 ? [""] : Cell(table.Sensitive, row),
        ]),
    ]));

    private static string[] Cell(int[]? column, int row) => column is null ? [] : [Text(column[row])];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static MemoryStream Csv(IEnumerable<IEnumerable<string>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendJoin(';', row.Select(cell => cell.AsSpan().IndexOfAny(";\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
        }

        return new(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static MemoryStream Report(TableMeasures m, int k) => new(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
    {
        ["n"] = m.Rows, ["k"] = k, ["persons"] = m.Persons, ["classes"] = m.Classes, ["min_class"] = m.MinClass, ["suppressed"] = m.Suppressed, ["ncp"] = m.Ncp,
        ["gi"] = m.GeneralisationIntensity, ["dm"] = m.Discernibility, ["c_avg"] = m.AverageClass, ["risk_max"] = m.RiskMax, ["risk_avg"] = m.RiskAverage,
        ["l_distinct"] = m.DistinctL, ["t"] = m.T, ["mode"] = "tight", ["seconds_compute"] = 0.0, ["seconds_total"] = 0.0, ["peak_bytes"] = 0,
    }));
}
