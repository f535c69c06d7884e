namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// Something for the writer thread. It is taken or cancelled, never both: a caller that gives up before the job was taken knows that
/// nothing was done; afterwards the result stands.
/// </summary>
internal abstract class WriteJob
{
    private const int Queued = 0;
    private const int Taken = 1;
    private const int Cancelled = 2;

    private int _state = Queued;

    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Queued) == Queued;

    public bool TryCancel() => Interlocked.CompareExchange(ref _state, Cancelled, Queued) == Queued;

    /// <summary>Writes within a savepoint; may run again when the group was rolled back. Throwing undoes this job and no other.</summary>
    public abstract void Write(SqliteSession writer);

    /// <summary>True when the savepoint must be undone although nothing was thrown: the outcome is a refusal.</summary>
    public abstract bool IsRefusal { get; }

    /// <summary>The group is committed.</summary>
    public abstract void Committed();

    /// <summary>It will not be known, or not be done; the exception says which.</summary>
    public abstract void Failed(Exception reason);
}

/// <summary>A job with a result that a caller awaits.</summary>
internal abstract class WriteJob<TResult> : WriteJob
{
    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected abstract TResult Result { get; }

    public override void Committed() => _done.TrySetResult(Result);

    public override void Failed(Exception reason) => _done.TrySetException(reason);

    /// <summary>Waits for the result; cancelling counts only as long as the writer has not taken the job.</summary>
    public async Task<TResult> WaitAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(() =>
        {
            if (TryCancel())
            {
                _done.TrySetCanceled(cancellationToken);
            }
        }).ConfigureAwait(false);
        return await _done.Task.ConfigureAwait(false);
    }
}
