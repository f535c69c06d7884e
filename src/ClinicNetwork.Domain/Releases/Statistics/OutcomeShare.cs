using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Releases.Statistics;

/// <summary>
/// How many of those released met something, never without those it is a share of: Released = Known + Missing + NotTold. Whoever is missing may or may not have met it, so the share
/// of all lies between <see cref="LowIfMissing"/> and <see cref="HighIfMissing"/>, whatever made them drop out.
/// </summary>
/// <param name="Released">Persons with a row at the milestone.</param>
/// <param name="Known">Of them, measured, and told whether it was met.</param>
/// <param name="Met">Of the known.</param>
/// <param name="Missing">Of the released, not measured.</param>
public sealed record OutcomeShare(int Released, int Known, int Met, int Missing)
{
    /// <summary>Measured in coarse bands that do not tell it.</summary>
    public int NotTold => Released - Known - Missing;

    /// <summary>Of the known, 0 to 1; null when nobody is.</summary>
    public double? Share => Known == 0 ? null : Met / (double)Known;

    /// <summary>95 %, of chance alone; null when nobody is known.</summary>
    public ShareInterval? Interval => Known == 0 ? null : ShareInterval.Wilson95(Met, Known);

    /// <summary>Of the released, 0 to 1: if nobody of whom it is not known met it. Null when nobody was released.</summary>
    public double? LowIfMissing => Released == 0 ? null : Met / (double)Released;

    /// <summary>If everybody of whom it is not known met it.</summary>
    public double? HighIfMissing => Released == 0 ? null : (Met + Released - Known) / (double)Released;

    /// <summary>Of the released, those of whom it is not known, 0 to 1: what the two bounds are apart.</summary>
    public double? UnknownShare => Released == 0 ? null : (Released - Known) / (double)Released;

    public static OutcomeShare Of(IReadOnlyCollection<StatisticRow> rows, Func<StatisticRow, bool?> met)
    {
        var (known, met_, missing) = (0, 0, 0);
        foreach (var row in rows)
        {
            if (!row.Measured)
            {
                missing++;
            }
            else if (met(row) is { } value)
            {
                known++;
                met_ += value ? 1 : 0;
            }
        }

        return new(rows.Count, known, met_, missing);
    }
}
