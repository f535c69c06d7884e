namespace ClinicNetwork.Gateway.Limits;

/// <summary>When it is time for a line in the log that there is a reason for again and again: at the first, and then once a minute at most.</summary>
internal sealed class MinuteLine(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private long _told = long.MinValue;
    private long _times;

    /// <summary>There is a reason.</summary>
    /// <returns>How often there was one since the last line; null: it is not time for the next.</returns>
    public long? Times()
    {
        Interlocked.Increment(ref _times);
        var told = Interlocked.Read(ref _told);
        return (told == long.MinValue || time.GetElapsedTime(told) >= Every) && Interlocked.CompareExchange(ref _told, time.GetTimestamp(), told) == told
            ? Interlocked.Exchange(ref _times, 0)
            : null;
    }
}
