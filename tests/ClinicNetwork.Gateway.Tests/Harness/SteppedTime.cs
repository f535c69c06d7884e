namespace ClinicNetwork.Gateway.Tests.Harness;

/// <summary>Time that stands until a test moves it; what was waited for by then is over.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Due> _due = [];
    private TimeSpan _now;

    public TimeSpan Now
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public void Move(TimeSpan by)
    {
        List<Due> over;
        lock (_gate)
        {
            _now += by;
            over = _due.FindAll(one => one.At <= _now);
            _due.RemoveAll(one => one.At <= _now);
        }

        over.ForEach(one => one.Callback());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var due = new Due(dueTime < TimeSpan.Zero ? TimeSpan.MaxValue : _now + dueTime, () => callback(state), this);
            _due.Add(due);
            return due;
        }
    }

    private sealed class Due(TimeSpan at, Action callback, SteppedTime time) : ITimer
    {
        public TimeSpan At => at;

        public Action Callback => callback;

        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
            lock (time._gate)
            {
                time._due.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
