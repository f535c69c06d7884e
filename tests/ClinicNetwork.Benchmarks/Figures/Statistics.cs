namespace ClinicNetwork.Benchmarks.Figures;

/// <summary>The two statistics that the tables use; exact, on all values, no buckets.</summary>
internal static class Statistics
{
    /// <summary>Nearest rank: the smallest value that at least <paramref name="share"/> of all values do not exceed.</summary>
    /// <param name="sorted">Ascending; NaN when there is none.</param>
    /// <param name="share">Above 0, at most 1.</param>
    public static double Percentile(ReadOnlySpan<float> sorted, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return sorted.IsEmpty ? double.NaN : sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }

    /// <summary>Middle value, or the mean of the two middle ones; values that are not a number are left out.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Where(v => !double.IsNaN(v)).Order().ToArray();
        return sorted.Length == 0 ? double.NaN
            : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
