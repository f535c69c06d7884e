using System.Globalization;
using System.Text;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>Rows and bars as Markdown.</summary>
internal static class TablesReport
{
    private const int BarWidth = 50;

    public static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    public static string Head => Line(TableRow.Columns) + Environment.NewLine + Line(TableRow.Columns.Select((_, i) => i < 2 || i == TableRow.Columns.Count - 1 ? "---" : "---:"));

    /// <summary>A block of bars for each plot: the loss of each contender at each point.</summary>
    public static string Plots(IReadOnlyList<TableRow> rows)
    {
        var text = new StringBuilder();
        foreach (var plot in rows.Where(row => row.Case.Point is not null).GroupBy(row => row.Case.Point!.Value.Plot))
        {
            var most = plot.Select(row => row.Ncp).Where(double.IsFinite).DefaultIfEmpty(1).Max();
            text.AppendLine(CultureInfo.InvariantCulture, $"NCP by {plot.Key}").AppendLine("```text");
            foreach (var point in plot.GroupBy(row => row.Case.Point!.Value.At))
            {
                foreach (var (row, i) in point.Select((row, i) => (row, i)))
                {
                    var bar = double.IsFinite(row.Ncp) ? new string('█', (int)Math.Round(row.Ncp / most * BarWidth)) : "";
                    text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? point.Key.ToString("N0", CultureInfo.InvariantCulture) : ""),9}  {row.Contender,-12} {bar} {(double.IsFinite(row.Ncp) ? row.Ncp.ToString("0.0000", CultureInfo.InvariantCulture) : "-")}"));
                }
            }

            text.AppendLine("```").AppendLine();
        }

        return text.ToString();
    }
}
