namespace ClinicNetwork.Journal;

/// <summary>The machine's clock, in whole milliseconds. It may go back; records of one stream never do (the journal sees to that).</summary>
public sealed class SystemStoreClock(TimeProvider time) : IStoreClock
{
    public bool IsManual => false;

    public DateTimeOffset Now => StoredTime.Truncate(time.GetUtcNow());

    public Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Only a manual clock is advanced; this store runs by the machine's clock.");
}
