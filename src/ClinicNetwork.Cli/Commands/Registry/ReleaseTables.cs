using System.Globalization;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Verification;

namespace ClinicNetwork.Cli.Commands.Registry;

/// <summary>A release's figures, as the verifier recomputed them.</summary>
internal static class ReleaseTables
{
    internal static void WriteFigures(Terminal terminal, ReleaseFigures figures)
    {
        var table = new Sheet("release", "");
        table.Row("batches, rows", $"{figures.Batches}, {figures.Rows}");
        table.Row("persons, cells", $"{figures.Persons}, {figures.Cells}");
        table.Row("smallest class", $"{figures.ClassMin} persons");
        table.Row("highest, average risk", $"{Percent(figures.RiskMax)}, {Percent(figures.RiskAvg)}");
        table.Row("information lost (NCP)", figures.Ncp.ToString("0.000", CultureInfo.InvariantCulture));
        table.Row("outcome categories, fewest", $"{figures.LDistinct}");
        table.Row("suppressed, withdrawn rows", $"{figures.Suppressed}, {figures.WithdrawnRows}");
        table.Row("waiting, withheld cells", $"{figures.ManifestWaiting}, {figures.WithheldCells}");
        table.WriteTo(terminal);
    }

    internal static void WriteMilestones(Terminal terminal, ReleaseFigures figures)
    {
        var table = new Sheet("milestone", ">released", ">measured", ">response", ">remission", ">worsening", ">missing");
        foreach (var milestone in figures.Milestones)
        {
            table.Row(
                milestone.Milestone, $"{milestone.Rows}", $"{milestone.Measured}", Share(milestone.Response, milestone.Measured),
                Share(milestone.Remission, milestone.Measured), Share(milestone.Worsening, milestone.Measured),
                $"{milestone.Rows - milestone.Measured}");
        }
        terminal.Line("");
        table.WriteTo(terminal);
        foreach (var milestone in figures.Milestones.Where(milestone => milestone.Missing.Count > 0))
        {
            var reasons = milestone.Missing.Select(reason => $"{reason.Key} {reason.Value}");
            terminal.Line($"  missing at {milestone.Milestone}: {string.Join(", ", reasons)}");
        }
    }

    internal static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Share(int count, int of) => of == 0 ? "-" : $"{count} ({Percent((double)count / of)})";
}
