namespace ClinicNetwork.Journal.Sqlite;

/// <summary>A clock that stands still until it is advanced; its time lies in the store, so that a restart does not move it.</summary>
internal sealed class ManualStoreClock(long now) : IStoreClock
{
    private WriteQueue? _queue;
    private long _now = now;

    public bool IsManual => true;

    public DateTimeOffset Now => StoredTime.FromStored(Interlocked.Read(ref _now));

    /// <summary>The queue needs the clock and the clock the queue; the clock gets its half later.</summary>
    public void WriteThrough(WriteQueue queue) => _queue = queue;

    public async Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken) =>
        await _queue!.RunAsync(new AdvanceJob(this, StoredTime.ToStored(to)), cancellationToken).ConfigureAwait(false);

    /// <summary>Runs on the writer thread, so that every command is stamped either before or after it.</summary>
    private sealed class AdvanceJob(ManualStoreClock clock, long to) : WriteJob<long>
    {
        public override bool IsRefusal => false;

        protected override long Result => to;

        public override void Write(SqliteSession writer) =>
            writer.Execute("UPDATE store SET manual_now = $to WHERE manual_now < $to", ("$to", to));

        public override void Committed()
        {
            // Only the writer thread writes the field.
            Interlocked.Exchange(ref clock._now, Math.Max(clock._now, to));
            base.Committed();
        }
    }
}
