namespace ClinicNetwork.Client;

/// <summary>
/// How long to wait before a retry. Exponential with "equal jitter" (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog,
/// 2015): half of the wait is certain, so that no retry comes at once, and half is random, so that callers cut off together do not come
/// back together. What a server asks for raises the certain half and changes nothing else: a constant wish does not switch the doubling off.
/// </summary>
public static class RetryDelay
{
    /// <param name="retry">0 for the first retry.</param>
    /// <param name="first">Wait of the first retry before jitter.</param>
    /// <param name="max">Longest wait of the doubling.</param>
    /// <param name="asked">What the server asked for (google.rpc.RetryInfo); null when it did not. Never less than this is waited, and at most
    /// half of <paramref name="max"/> longer than the longer one of this and that half.</param>
    /// <param name="jitter">0 to less than 1.</param>
    public static TimeSpan Of(int retry, TimeSpan first, TimeSpan max, TimeSpan? asked, double jitter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retry);
        // 2^30 times the smallest first wait (1 ms) is already above the largest max.
        var doubled = first.TotalMilliseconds * Math.Pow(2, Math.Min(retry, 30));
        var half = Math.Min(doubled, max.TotalMilliseconds) / 2;
        return TimeSpan.FromMilliseconds(Math.Max(asked?.TotalMilliseconds ?? 0, half) + half * jitter);
    }
}
