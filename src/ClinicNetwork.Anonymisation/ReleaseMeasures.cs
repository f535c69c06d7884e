namespace ClinicNetwork.Anonymisation;

/// <summary>The measures of a release, by the formulas of docs/release-format.md.</summary>
/// <param name="ClassMin">Smallest class of equal quasi-identifier values in one milestone, rows; 0 without rows.</param>
/// <param name="Ncp">Mean loss over rows and quasi-identifiers, 0 to 1, rounded to 6 decimals.</param>
/// <param name="RiskMax">1/<paramref name="ClassMin"/>: the highest prosecutor risk.</param>
/// <param name="RiskAverage">classes/rows.</param>
public sealed record ReleaseMeasures(int Classes, int ClassMin, double Ncp, double RiskMax, double RiskAverage)
{
    /// <param name="cells">Milestone, region and rows of each cell and milestone.</param>
    public static ReleaseMeasures Of(Grid grid, IReadOnlyList<(string Milestone, IReadOnlyList<string> Region, int Rows)> cells)
    {
        var rows = cells.Sum(c => c.Rows);
        if (rows == 0)
        {
            return new(0, 0, 0, 0, 0);
        }

        var classes = cells.GroupBy(c => c.Milestone + "\t" + string.Join('\t', c.Region), StringComparer.Ordinal).Select(g => g.Sum(c => c.Rows)).ToArray();
        return new(
            classes.Length,
            classes.Min(),
            Math.Round(cells.Sum(c => c.Rows * grid.Loss(c.Region)) / rows, 6),
            Math.Round(1.0 / classes.Min(), 6),
            Math.Round((double)classes.Length / rows, 6));
    }
}
