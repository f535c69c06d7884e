using System.Globalization;
using System.Text;
using ClinicNetwork.Benchmarks.Figures;

namespace ClinicNetwork.Benchmarks.Networks;

/// <summary>Rows and bars as Markdown; the figures of a row are medians over the seeds.</summary>
internal static class NetworksReport
{
    private const int BarWidth = 40;

    private static readonly string[] Columns =
    [
        "new patients a year", "consent form", "persons", "first milestone released", "all milestones", "days after own window", "days after the cell's last window", "rows", "cells", "persons of a cell",
        "suppressed", "waiting", "withheld", "coarse", "NCP", "days blocked",
    ];

    public static string Head => Row(Columns) + Environment.NewLine + Row(Columns.Select((_, i) => i < 2 ? "---" : "---:"));

    public static string Line(int patients, ConsentForm form, IReadOnlyList<NetworkFigures> runs) => Row(
    [
        patients.ToString("N0", CultureInfo.InvariantCulture), form.Name, Count(runs, r => r.Consenting),
        string.Create(CultureInfo.InvariantCulture, $"{Middle(runs, r => r.FirstReleased):P0} ({runs.Min(r => r.FirstReleased):P0} to {runs.Max(r => r.FirstReleased):P0})"),
        Percent(runs, r => r.AllReleased), Days(runs, r => r.Delays), Days(runs, r => r.CellDelays), Count(runs, r => r.Rows), Count(runs, r => r.Cells), Count(runs, r => r.CellMedian),
        Count(runs, r => r.Suppressed), Count(runs, r => r.Waiting), Percent(runs, r => r.Withheld), Percent(runs, r => r.Coarse),
        Number(Middle(runs, r => r.Ncp), "0.000"), Count(runs, r => r.Blocked),
    ]);

    public static string Line(NetworkCase about, CoalitionFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"Guarantee 6, seed {about.Seed}, {about.PatientsAYear:N0} patients a year, {figures.Days} publication days, {figures.Coalitions} coalitions of three, {figures.Tombstones} tombstones, {figures.Corrections} corrections, {figures.Transfers} transfers ({figures.TransfersAfterRelease} after a release), {figures.Merges} records merged ({figures.MergesAfterRelease} after a release): {figures.UnderK:N0} of {figures.Persons:N0} attacked persons under k, the least {figures.Least} candidates; findings of verifier and red team: {(figures.Findings.Count == 0 ? "none" : "**" + string.Join(", ", figures.Findings.CountBy(f => f).Take(8).Select(f => $"{f.Key} ({f.Value})")) + "**")}");

    public static string Plot(IReadOnlyList<(string Name, double Released, double Ncp)> points)
    {
        var text = new StringBuilder().AppendLine("First milestone released (█) and NCP of what is (░)").AppendLine("```text");
        foreach (var (name, released, ncp) in points)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{name,21}  {Bar('█', released)} {Number(released, "0 %")}");
            text.AppendLine(CultureInfo.InvariantCulture, $"{"",21}  {Bar('░', ncp)} {Number(ncp, "0.000")}");
        }

        return text.Append("```").AppendLine().ToString();
    }

    public static double Middle(IEnumerable<NetworkFigures> runs, Func<NetworkFigures, double> figure) => Statistics.Median(runs.Select(figure));

    private static string Days(IEnumerable<NetworkFigures> runs, Func<NetworkFigures, float[]> delays) => string.Join(
        " / ", new[] { 0.5, 0.9 }.Select(share => Number(Statistics.Median(runs.Select(r => Statistics.Percentile(delays(r), share))), "0")));

    private static string Count(IEnumerable<NetworkFigures> runs, Func<NetworkFigures, int> figure) => Number(Middle(runs, r => figure(r)), "#,0");

    private static string Percent(IEnumerable<NetworkFigures> runs, Func<NetworkFigures, double> figure) => Number(Middle(runs, figure), "0 %");

    private static string Number(double value, string format) => double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Bar(char mark, double value) => double.IsNaN(value) ? "" : new string(mark, (int)Math.Round(value * BarWidth));

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
