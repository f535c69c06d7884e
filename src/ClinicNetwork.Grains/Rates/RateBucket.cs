namespace ClinicNetwork.Grains.Rates;

/// <summary>
/// A client's permits (a token bucket): they come back at the limit's rate and are kept up to its burst. Over any time T no more than
/// burst + T × rate are given.
/// </summary>
/// <param name="Permits">At <paramref name="At"/>.</param>
/// <param name="At">By a clock that never goes back.</param>
public readonly record struct RateBucket(double Permits, TimeSpan At)
{
    public static RateBucket Full(RateLimit limit, TimeSpan now) => new(limit.Burst, now);

    /// <summary>A lot at least, or nothing: a client at its limit is not asked for one permit at a time.</summary>
    /// <param name="wanted">Permits, 1 or more.</param>
    public (RateLease Lease, RateBucket Left) Lease(int wanted, RateLimit limit, TimeSpan now)
    {
        var (permits, lot) = (PermitsAt(now, limit), Math.Min(Math.Max(1, wanted), limit.Lot));
        if (permits < lot)
        {
            return (new(0, TimeSpan.FromMilliseconds(Math.Ceiling((lot - permits) * 1_000 / limit.PerSecond))), new(permits, Later(now)));
        }

        var given = Math.Min(Math.Max(1, wanted), (int)permits);
        return (new(given, TimeSpan.Zero), new(permits - given, Later(now)));
    }

    private double PermitsAt(TimeSpan now, RateLimit limit) => Math.Min(limit.Burst, Permits + Math.Max(0, (now - At).TotalSeconds) * limit.PerSecond);

    private TimeSpan Later(TimeSpan now) => now > At ? now : At;
}
