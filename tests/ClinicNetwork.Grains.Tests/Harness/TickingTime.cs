namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>Its one timer fires when told.</summary>
internal sealed class TickingTime : TimeProvider
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource<Action> _timer = new();

    public async Task TickAsync() => (await _timer.Task.WaitAsync(WaitMax))();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timer.TrySetResult(() => callback(state));
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
