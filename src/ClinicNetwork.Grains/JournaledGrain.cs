using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains;

/// <summary>
/// A grain whose state is the fold of its stream: decide → append → evolve → answer. Memory is adopted after the commit only; the
/// journal's keys decide, so a second activation can be slow or stale, never wrong.
/// </summary>
public abstract class JournaledGrain<TState>(GrainServices services) : Grain
    where TState : class
{
    /// <summary>Rounds of losing a version to another writer before the caller is asked to come back.</summary>
    private const int ConflictRoundsMax = 8;

    /// <summary>Rows read at a time when catching up.</summary>
    private const int CatchUpRows = 500;

    private const string StoreAway = "The database does not answer";

    private const string KeyAway = "This server lacks a key file that the database needs, its log says which";

    private Refusal? _unreadable;
    private KeyLoss? _loss;
    private byte[] _headHash = [];
    private StreamSnapshots<TState> _snapshots = null!;
    private bool _loaded;
#if FAULTS
    private bool _lostVersion;
#endif

    protected GrainServices Services => services;

    protected TState State { get; private set; } = null!;

    protected long Version { get; private set; }

    protected string Stream => this.GetPrimaryKeyString();

    protected abstract TState Empty { get; }

    protected abstract TState Evolve(TState state, IEvent @event);

    /// <summary>False for a snapshot of an earlier version that lacks what only the stream tells: the stream is read instead.</summary>
    protected virtual bool IsWhole(TState snapshot) => true;

    /// <summary>The rows that must never disagree with this command; pure.</summary>
    protected abstract IReadOnlyList<Projection> Project(TState before, TState after, IReadOnlyList<IEvent> events);

    /// <summary>What the journal calls an accepted command, decided on this state at this time.</summary>
    protected virtual string NameOf(string command, CommandOrigin origin, TState state, DateTimeOffset now) => command;

    /// <summary>What has to be durable elsewhere before this is appended. A refusal: it is not appended.</summary>
    protected virtual Task<Refusal?> PrecedeAsync(Append append, TState before, CancellationToken cancellationToken) => Task.FromResult<Refusal?>(null);

    /// <summary>The refusal for a projection's unique key that is taken.</summary>
    protected virtual Refusal RefuseTaken(string key) =>
        Refusal.Unavailable("NOT_EXECUTED", "A row this command relies on changed meanwhile; try again with the same request id.");

    /// <summary>The refusal of whatever is asked once the stream's key was destroyed.</summary>
    /// <param name="site">The clinic that asks; none for the network itself.</param>
    protected virtual Refusal RefuseLost(KeyLoss loss, ClinicId? site) =>
        Refusal.Precondition("KEY_DESTROYED", "", "The key of this record was destroyed; nobody can read it any more.");

    /// <summary>Without the database the activation stands all the same, knows nothing, and loads when it is next called: no exception has to be told apart by a caller.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        State = Empty;
        _snapshots = new(services, Stream, GrainContext.GrainId, () => FindLoss() is null ? new(State, Version, _headHash) : null);
        await TryLoadAsync(cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _snapshots.DeactivatedAsync(cancellationToken);

    /// <summary>Decides on the present state, appends, adopts, answers. A retry gets the stored answer; a refusal is checked against the head before it leaves.</summary>
    protected Task<Reply<TAnswer>> HandleAsync<TAnswer>(
        string command, CommandOrigin origin, Func<TState, DateTimeOffset, Decision<TAnswer>> decide, CancellationToken cancellationToken)
        where TAnswer : class =>
        HandleAsync(command, origin, decide, static () => [], cancellationToken);

    /// <inheritdoc cref="HandleAsync{TAnswer}(string, CommandOrigin, Func{TState, DateTimeOffset, Decision{TAnswer}}, CancellationToken)"/>
    /// <param name="more">Projections beyond those that follow from the events.</param>
    protected async Task<Reply<TAnswer>> HandleAsync<TAnswer>(
        string command, CommandOrigin origin, Func<TState, DateTimeOffset, Decision<TAnswer>> decide, Func<IReadOnlyList<Projection>> more, CancellationToken cancellationToken)
        where TAnswer : class
    {
        if (await LoadAsync(cancellationToken) is { } away)
        {
            return Reply<TAnswer>.Refused(NotExecuted(away));
        }

        if (RefuseUnreadable(origin.Site) is { } unreadable)
        {
            return Reply<TAnswer>.Refused(unreadable);
        }

        try
        {
#if FAULTS
            if (Faults.Has("LeaksHandles"))
            {
                Faults.Leak();
            }

            if (Faults.Has("ExecutesRetriesAgain")
                && await services.Journal.FindRequestAsync(Stream, origin.RequestId, origin.PayloadHash, cancellationToken) is not null)
            {
                origin = origin with { RequestId = $"again-{Version}-{Environment.TickCount64}" };
            }
#endif
            for (var round = 0; round < ConflictRoundsMax; round++)
            {
                // A read that catches up meanwhile may move the version on, another process a manual clock.
                var (decidedOn, decidedAt) = (Version, services.Clock.Now);
#if FAULTS
                var decision = decide(State, Faults.Has("RunsOnWallClock") ? Faults.Clock.GetUtcNow() : decidedAt);
#else
                var decision = decide(State, decidedAt);
#endif
                var reply = decision.Refusal is { } refusal
                    ? await RefuseAsync<TAnswer>(refusal, decidedOn, decidedAt, origin, cancellationToken)
                    : await AppendAsync(NameOf(command, origin, State, decidedAt), origin, decision.Events, decision.Answer!, more(), cancellationToken);
                if (reply is not null)
                {
                    return reply;
                }

                await CatchUpAsync(cancellationToken);
            }

            return Reply<TAnswer>.Refused(NotExecuted("Too many writers at once"));
        }
        catch (Exception exception) when (IsOfTheStream(exception))
        {
            return Reply<TAnswer>.Refused(Stop(exception, origin.Site));
        }
        catch (Exception exception) when (FindTrouble(exception is AppendFailedException { InnerException: { } cause } ? cause : exception) is { } trouble)
        {
            // Thrown by reads alone, or before anything is written: whatever was appended was definitely not.
            return Reply<TAnswer>.Refused(NotExecuted(trouble));
        }
        catch (JournalBusyException)
        {
            return Reply<TAnswer>.Refused(NotExecuted("The journal is busy"));
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or AppendFailedException))
        {
            // Whatever is not a definite "not committed" is unknown; the stored answer decides at the retry.
            services.Log.LogWarning("The outcome of an append to {Stream} is unknown; the activation is dropped: {Failure}", services.Handles.Of(Stream), services.Handles.Told(exception, Stream));
            DeactivateOnIdle();
#if FAULTS
            if (Faults.Has("RefusesWhatIsUnknown"))
            {
                return Reply<TAnswer>.Refused(Refusal.Precondition("NOT_POSSIBLE", "patient", "A planted defect: nobody knows whether it was executed."));
            }
#endif
            return Reply<TAnswer>.Refused(Refusal.Unavailable("OUTCOME_UNKNOWN", "It may have been executed; the same request id will tell."));
        }
    }

    /// <summary>Appends at the next version. Null: another writer made it first; catch up and decide again.</summary>
    private async Task<Reply<TAnswer>?> AppendAsync<TAnswer>(
        string command, CommandOrigin origin, IReadOnlyList<IEvent> events, TAnswer answer, IReadOnlyList<Projection> more, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var before = State;
        var next = events.Aggregate(before, Evolve);
        var append = new Append(Stream, Version + 1, _headHash, origin, command, events, answer, [.. Project(before, next, events), .. more]);
        if (await PrecedeAsync(append, before, cancellationToken) is { } refusal)
        {
            return Reply<TAnswer>.Refused(refusal);
        }

#if FAULTS
        if (Faults.Has("LosesFeedOnRetry") && _lostVersion)
        {
            append = append with { Projections = [.. append.Projections.Where(p => p is not Projection.FeedReference)] };
        }

        if (Faults.Has("AdoptsBeforeCommit"))
        {
            State = next;
        }

        var outcome = await services.Journal.AppendAsync(append, cancellationToken);
        _lostVersion = outcome is AppendOutcome.VersionConflict;
        switch (outcome)
#else
        switch (await services.Journal.AppendAsync(append, cancellationToken))
#endif
        {
            case AppendOutcome.Appended appended:
                Adopt(next, append.Version, appended.RowHash);
                foreach (var reference in append.Projections.OfType<Projection.FeedReference>())
                {
                    services.WakeUp.Signal(reference.Site);
                }

                _snapshots.Appended(append.Version);
                return Reply<TAnswer>.Accepted(answer, append.Version, appended.RecordedAt);
            case AppendOutcome.AlreadyAppended already:
                return StoredReply.Of<TAnswer>(already.Request, origin);
            case AppendOutcome.KeyTaken taken:
                return Reply<TAnswer>.Refused(RefuseTaken(taken.Key));
            default:
                return null;
        }
    }

    /// <summary>The present state, as fresh as asked. From memory it is told without the database, also while an append is under way.</summary>
    protected async Task<Reading<TState>> ReadStateAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        if (await LoadAsync(cancellationToken) is { } away)
        {
            return Reading<TState>.Refused(Unavailable(away));
        }

        if (RefuseUnreadable(request.Site) is { } unreadable)
        {
            return Reading<TState>.Refused(unreadable);
        }

#if FAULTS
        if (Faults.Has("ReadsOlderThanAsked"))
        {
            request = request with { MinVersion = 0 };
        }

        if (Faults.Has("ConfirmsFromMemory") && request.MinVersion <= Version)
        {
            return new(State, Version, request.Confirmed, null);
        }
#endif
        var confirm = request.Confirmed || request.MinVersion > Version;
        try
        {
            if (confirm && await services.Journal.ReadHeadAsync(Stream, cancellationToken) > Version)
            {
                await CatchUpAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (FindTrouble(exception) is { } trouble)
        {
            return Reading<TState>.Refused(Unavailable(trouble));
        }
        catch (Exception exception) when (IsOfTheStream(exception))
        {
            return Reading<TState>.Refused(Stop(exception, request.Site));
        }

        return request.MinVersion > Version
            ? Reading<TState>.Refused(Refusal.OutOfRange("VERSION_UNKNOWN", "read.min_version", "This store has no such version (it may have been restored); read without min_version."))
            : new(State, Version, confirm, null);
    }

    /// <summary>A read of rows or projections beside the state; without the database, or a key of it, a refusal.</summary>
    protected async Task<Reading<T>> ReadStoreAsync<T>(Func<Task<Reading<T>>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (FindTrouble(exception) is { } trouble)
        {
            return Reading<T>.Refused(Unavailable(trouble));
        }
    }

    /// <summary>False: the database does not answer, or not to this server. True once the stream was read, or cannot be read for good.</summary>
    protected async Task<bool> TryLoadAsync(CancellationToken cancellationToken) => await LoadAsync(cancellationToken) is null;

    /// <summary>Null, or what is wrong for now.</summary>
    private async Task<string?> LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
        {
            return null;
        }

        try
        {
            var (snapshot, tail) = await _snapshots.ReadAsync(IsWhole, CatchUpRows, cancellationToken);
            if (snapshot is not null)
            {
                Adopt(snapshot.State, snapshot.Version, snapshot.RowHash);
            }

            Fold(tail);
            if (tail.Count == CatchUpRows)
            {
                await CatchUpAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (FindTrouble(exception) is { } trouble)
        {
            return trouble;
        }
        catch (Exception exception) when (IsOfTheStream(exception))
        {
            Stop(exception, null);
        }

        _loaded = true;
        return null;
    }

    /// <summary>What keeps this server from the database's rows for now; null: it is something else.</summary>
    private string? FindTrouble(Exception exception)
    {
        if (exception is StoreRefusedException missing)
        {
            services.Tell(missing);
            return KeyAway;
        }

        return exception is StoreUnavailableException ? StoreAway : null;
    }

    private static Refusal NotExecuted(string why) => Refusal.Unavailable("NOT_EXECUTED", $"{why}; nothing was done. Try again with the same request id.");

    private static Refusal Unavailable(string why) => Refusal.Unavailable("STORE_UNAVAILABLE", $"{why}; try again, or read what is cached.");

    /// <summary>Never backwards: reads catch up while an append is under way.</summary>
    private void Adopt(TState state, long version, byte[] rowHash)
    {
        if (version > Version)
        {
            (State, Version, _headHash) = (state, version, rowHash);
        }
    }

    /// <summary>From memory: what another process destroyed shows within seconds, and at once to whoever reads or writes rows. What was known is forgotten.</summary>
    private KeyLoss? FindLoss() => _loss ?? (services.Keys.LossOf(Stream) is { } loss ? Lose(loss) : null);

    private KeyLoss Lose(KeyLoss loss)
    {
        (State, _loss) = (Empty, loss);
        return loss;
    }

    private Refusal? RefuseUnreadable(ClinicId? site) => FindLoss() is { } loss ? RefuseLost(loss, site) : _unreadable;

    private static bool IsOfTheStream(Exception exception) => exception is UnknownEventException or StoreDamagedException or KeyLostException;

    private Refusal Stop(Exception exception, ClinicId? site)
    {
        if (exception is KeyLostException lost)
        {
            return RefuseLost(Lose(lost.Loss), site);
        }

        services.Log.LogError("Stream {Stream} cannot be read; it is stopped, the others go on: {Failure}", services.Handles.Of(Stream), services.Handles.Told(exception, Stream));
        return _unreadable = Refusal.Unavailable("STREAM_UNREADABLE", "This record cannot be read by this server; an operator has to act (see the server's log).");
    }

    private async Task<Reply<TAnswer>?> RefuseAsync<TAnswer>(
        Refusal refusal, long decidedOn, DateTimeOffset decidedAt, CommandOrigin origin, CancellationToken cancellationToken)
        where TAnswer : class
    {
        if (await services.Journal.FindRequestAsync(Stream, origin.RequestId, origin.PayloadHash, cancellationToken) is { } stored)
        {
            return StoredReply.Of<TAnswer>(stored, origin);
        }

#if FAULTS
        if (Faults.Has("RefusesFromMemory"))
        {
            return Reply<TAnswer>.Refused(refusal);
        }
#endif
        return await services.Journal.ReadHeadAsync(Stream, cancellationToken) == decidedOn && !(services.Clock.IsManual && services.Clock.Now > decidedAt)
            ? Reply<TAnswer>.Refused(refusal)
            : null;
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<JournalRow> rows;
        do
        {
            rows = await services.Journal.ReadAsync(Stream, Version, CatchUpRows, cancellationToken);
            Fold(rows);
        }
        while (rows.Count == CatchUpRows);
    }

    /// <summary>Another turn may have caught up while this one was reading.</summary>
    private void Fold(IReadOnlyList<JournalRow> rows)
    {
        foreach (var row in rows.Where(row => row.Version == Version + 1))
        {
            (State, Version, _headHash) = (row.Events.Aggregate(State, Evolve), row.Version, row.RowHash);
        }
    }
}
