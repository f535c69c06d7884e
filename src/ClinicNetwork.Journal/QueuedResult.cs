namespace ClinicNetwork.Journal;

/// <summary>
/// The result of something in a writer's queue. It is taken or cancelled, never both: a caller that gives up before it was taken knows
/// that nothing was done; afterwards the result stands.
/// </summary>
internal sealed class QueuedResult<TResult>
{
    private const int Queued = 0;
    private const int Taken = 1;
    private const int Cancelled = 2;

    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Queued;

    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Queued) == Queued;

    public void Succeed(TResult result) => _done.TrySetResult(result);

    public void Fail(Exception reason) => _done.TrySetException(reason);

    /// <summary>Waits for the result; cancelling counts only as long as it was not taken.</summary>
    public async Task<TResult> WaitAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(() =>
        {
            if (Interlocked.CompareExchange(ref _state, Cancelled, Queued) == Queued)
            {
                _done.TrySetCanceled(cancellationToken);
            }
        }).ConfigureAwait(false);
        return await _done.Task.ConfigureAwait(false);
    }
}
