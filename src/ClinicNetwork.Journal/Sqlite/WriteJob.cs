namespace ClinicNetwork.Journal.Sqlite;

/// <summary>Something for the writer thread; taken or cancelled as <see cref="QueuedResult{TResult}"/> says.</summary>
internal abstract class WriteJob
{
    public abstract bool TryTake();

    /// <summary>Writes within a savepoint; may run again when the group was rolled back. Throwing undoes this job and no other.</summary>
    public abstract void Write(SqliteSession writer);

    /// <summary>True when the savepoint must be undone although nothing was thrown: the outcome is a refusal.</summary>
    public abstract bool IsRefusal { get; }

    /// <summary>What it deletes must not stay in the log either.</summary>
    public virtual bool Erases => false;

    /// <summary>The group is committed.</summary>
    public abstract void Committed();

    /// <summary>It will not be known, or not be done; the exception says which.</summary>
    public abstract void Failed(Exception reason);
}

/// <summary>A job with a result that a caller awaits.</summary>
internal abstract class WriteJob<TResult> : WriteJob
{
    private readonly QueuedResult<TResult> _result = new();

    protected abstract TResult Result { get; }

    public override bool TryTake() => _result.TryTake();

    public override void Committed() => _result.Succeed(Result);

    public override void Failed(Exception reason) => _result.Fail(reason);

    /// <inheritdoc cref="QueuedResult{TResult}.WaitAsync"/>
    public Task<TResult> WaitAsync(CancellationToken cancellationToken) => _result.WaitAsync(cancellationToken);
}
