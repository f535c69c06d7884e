namespace ClinicNetwork.Gateway.Tests.Harness;

/// <summary>A clock that passes when it is told to: what it says, what it measures, and its timers.</summary>
internal sealed class HandTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<HandTimer> _timers = [];
    private TimeSpan _passed = TimeSpan.FromTicks(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _passed.Ticks;
        }
    }

    public override DateTimeOffset GetUtcNow() => Start + TimeSpan.FromTicks(GetTimestamp());

    /// <summary>A timer that is due is called once, however long the time.</summary>
    public void Pass(TimeSpan time)
    {
        List<HandTimer> due;
        lock (_gate)
        {
            _passed += time;
            due = _timers.FindAll(timer => timer.DueAt <= _passed);
            due.ForEach(timer => timer.DueAt = timer.Period > TimeSpan.Zero ? _passed + timer.Period : TimeSpan.MaxValue);
        }

        due.ForEach(timer => timer.Call());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    private sealed class HandTimer(HandTime time, Action call) : ITimer
    {
        public TimeSpan DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public Action Call => call;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                (DueAt, Period) = (dueTime < TimeSpan.Zero ? TimeSpan.MaxValue : time._passed + dueTime, period);
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
