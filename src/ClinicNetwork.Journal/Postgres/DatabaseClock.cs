namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// The database's clock: its time at the last synchronisation and what has passed since by this process's monotonic clock. The machine's
/// wall clock is never used, so that a wrong or jumping one harms nothing. It never goes back, also when the database's does.
/// </summary>
internal sealed class DatabaseClock(TimeProvider time, Func<CancellationToken, Task<long>> readMicroseconds) : IDatabaseTime
{
    /// <summary>An answer that took longer says too little; the time before is kept.</summary>
    private static readonly TimeSpan RoundTripMax = TimeSpan.FromMilliseconds(500);

    private Synchronised _last = new(0, 0);
    private long _shown;

    public bool IsManual => false;

    public DateTimeOffset Now
    {
        get
        {
            var last = Volatile.Read(ref _last);
            var now = (last.Microseconds + (long)time.GetElapsedTime(last.Timestamp).TotalMicroseconds) / 1_000;
            var shown = Volatile.Read(ref _shown);
            while (now > shown)
            {
                var before = Interlocked.CompareExchange(ref _shown, now, shown);
                if (before == shown)
                {
                    return StoredTime.FromStored(now);
                }

                shown = before;
            }

            return StoredTime.FromStored(shown);
        }
    }

    public Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Only a manual clock is advanced; this store runs by the database's clock.");

    public ValueTask RefreshAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async Task SynchroniseAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var microseconds = await readMicroseconds(cancellationToken).ConfigureAwait(false);
        var roundTrip = time.GetElapsedTime(asked);
        if (roundTrip <= RoundTripMax || _last.Timestamp == 0)
        {
            // The database looked at its clock somewhere between question and answer; half-way errs by half the round trip at most.
            Volatile.Write(ref _last, new(microseconds - (long)(roundTrip.TotalMicroseconds / 2), asked));
        }
    }

    private sealed record Synchronised(long Microseconds, long Timestamp);
}
