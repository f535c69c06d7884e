namespace ClinicNetwork.Simulation;

/// <summary>Score interval of a share, 0-1 (Wilson 1927, JASA 22:209, 10.1080/01621459.1927.10502953).</summary>
public readonly record struct WilsonInterval(double Low, double High)
{
    /// <summary>Two-sided 95 %.</summary>
    private const double Z = 1.959963984540054;

    /// <param name="count">0 to <paramref name="of"/>.</param>
    /// <param name="of">1 or more.</param>
    public static WilsonInterval Of95(int count, int of)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(of, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, of);
        var share = count / (double)of;
        var centre = share + Z * Z / (2 * of);
        var half = Z * Math.Sqrt(share * (1 - share) / of + Z * Z / (4.0 * of * of));
        var scale = 1 + Z * Z / of;
        return new WilsonInterval(Math.Max(0, (centre - half) / scale), Math.Min(1, (centre + half) / scale));
    }

    public bool Contains(double share) => share >= Low && share <= High;
}
