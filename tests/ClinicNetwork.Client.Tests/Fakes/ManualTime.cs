namespace ClinicNetwork.Client.Tests.Fakes;

/// <summary>
/// A clock that moves by itself over short waits: a timer of at most <paramref name="skipUpTo"/> fires at once, the clock moves along and
/// the wait is noted. Longer ones (timeouts) fire when the clock gets there.
/// </summary>
internal sealed class ManualTime(TimeSpan skipUpTo) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Waiting> waiting = [];
    private readonly List<TimeSpan> waits = [];
    private DateTimeOffset now = new(2025, 7, 1, 5, 0, 0, TimeSpan.Zero);

    /// <summary>The waits that were skipped, in order.</summary>
    internal IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (gate)
                return [.. waits];
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Waiting(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal void Advance(TimeSpan by)
    {
        List<Waiting> due;
        lock (gate)
        {
            now += by;
            due = [.. waiting.Where(timer => timer.At <= now)];
            waiting.RemoveAll(due.Contains);
        }
        due.ForEach(timer => timer.Fire());
    }

    private sealed class Waiting(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        internal DateTimeOffset At { get; private set; }

        internal void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.waiting.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                At = time.now + dueTime;
                if (dueTime > skipLimit)
                {
                    time.waiting.Add(this);
                    return true;
                }
                time.waits.Add(dueTime);
            }
            // Never inside the constructor of whoever waits.
            ThreadPool.QueueUserWorkItem(_ =>
            {
                time.Advance(dueTime);
                Fire();
            });
            return true;
        }

        private readonly TimeSpan skipLimit = time.SkipUpTo;

        public void Dispose()
        {
            lock (time.gate)
                time.waiting.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private TimeSpan SkipUpTo { get; } = skipUpTo;
}
