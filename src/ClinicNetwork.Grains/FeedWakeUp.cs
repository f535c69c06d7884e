namespace ClinicNetwork.Grains;

/// <summary>A hint that something was committed in this process. Never relied on: a waiter looks again after its timeout anyway.</summary>
public sealed class FeedWakeUp
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next signal. Take it before looking, so that no commit in between is missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Signal() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
