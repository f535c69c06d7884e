namespace ClinicNetwork.Anonymisation;

/// <summary>The measures of a release, by the formulas of docs/release-format.md.</summary>
/// <param name="ClassMin">Smallest class of equal quasi-identifier values in one milestone, rows; 0 without rows.</param>
/// <param name="Ncp">Mean loss over rows and quasi-identifiers, 0 to 1, rounded to 6 decimals.</param>
/// <param name="RiskMax">1/<paramref name="ClassMin"/>: the highest prosecutor risk.</param>
/// <param name="RiskAverage">classes/rows.</param>
public sealed record ReleaseMeasures(int Classes, int ClassMin, double Ncp, double RiskMax, double RiskAverage)
{
    /// <param name="rows">Milestone and region of each row.</param>
    public static ReleaseMeasures Of(Grid grid, IReadOnlyList<(string Milestone, IReadOnlyList<string> Region)> rows)
    {
        if (rows.Count == 0)
        {
            return new(0, 0, 0, 0, 0);
        }

        var classes = rows.GroupBy(r => r.Milestone + "\t" + string.Join('\t', r.Region), StringComparer.Ordinal).Select(g => g.Count()).ToArray();
        return new(
            classes.Length,
            classes.Min(),
            Math.Round(rows.Average(r => grid.Loss(r.Region)), 6),
            Math.Round(1.0 / classes.Min(), 6),
            Math.Round((double)classes.Length / rows.Count, 6));
    }
}
