using ClinicNetwork.Domain;

namespace ClinicNetwork.Journal;

/// <summary>
/// The record: one append-only stream of accepted commands per patient, clinic and release profile. The primary key
/// (stream, version) and the unique key (stream, request id) arbitrate; nothing else is trusted.
/// </summary>
public interface IJournal
{
    /// <summary>
    /// Appends one command with its projections in one durable transaction (commits of many callers are grouped).
    /// Throws <see cref="JournalBusyException"/> (definitely not executed) when the bounded queue is full or a lock is held too long,
    /// <see cref="AppendFailedException"/> (definitely not executed) when the database refuses the command itself, and
    /// <see cref="OutcomeUnknownException"/> when it cannot be told whether it was committed. This and the reads throw <see cref="KeyLostException"/>
    /// when the stream's key was destroyed, and <see cref="StoreRefusedException"/> (definitely not executed) when this process lacks the file of a key-encryption key.
    /// </summary>
    Task<AppendOutcome> AppendAsync(Append append, CancellationToken cancellationToken);

    /// <summary>Reads at most <paramref name="limit"/> rows of a stream after a version, in order. An event type this build does not know throws <see cref="UnknownEventException"/>.</summary>
    Task<IReadOnlyList<JournalRow>> ReadAsync(string stream, long afterVersion, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="ReadAsync"/>, without answers, for who folds a stream from a row that he knows; null when the stored row of that version is not the one with this hash. Reads of many streams
    /// share a query, none that began before it was asked for.
    /// </summary>
    /// <param name="afterHash">Row hash of <paramref name="afterVersion"/>; empty for 0.</param>
    Task<IReadOnlyList<JournalRow>?> ReadTailAsync(string stream, long afterVersion, byte[] afterHash, int limit, CancellationToken cancellationToken);

    /// <summary>The newest version of a stream, 0 when there is none; read from the database, never from memory.</summary>
    Task<long> ReadHeadAsync(string stream, CancellationToken cancellationToken);

    /// <summary>Finds the command accepted under a request id, or null. <see cref="StoredRequest.SamePayload"/> tells a retry from a reused id.</summary>
    Task<StoredRequest?> FindRequestAsync(string stream, string requestId, byte[] payloadHash, CancellationToken cancellationToken);
}

/// <summary>One command to append.</summary>
/// <param name="Stream">Grain key, for example <c>pt-anna</c>.</param>
/// <param name="Version">The version it shall become: head + 1.</param>
/// <param name="BaseHash">Row hash of version − 1 as the decider knew it (32 bytes; empty at version 1): proves what the decision was made on. Another value in the store is a <see cref="AppendOutcome.VersionConflict"/>.</param>
/// <param name="Command">The command's type name, for example <c>RecordAssessment</c>.</param>
/// <param name="Events">One or more.</param>
/// <param name="Answer">What the caller gets; stored, so that a retry gets the same.</param>
/// <param name="Projections">Written in the same transaction, only if the row is really inserted.</param>
public sealed record Append(
    string Stream,
    long Version,
    byte[] BaseHash,
    CommandOrigin Origin,
    string Command,
    IReadOnlyList<IEvent> Events,
    object Answer,
    IReadOnlyList<Projection> Projections);

/// <summary>One stored command.</summary>
/// <param name="Answer">Null once the answer's 30 days are over, and where only events were asked for.</param>
/// <param name="RowHash">HMAC-SHA-256 under the stream's key over base hash, version, request id, payload hash, command, actor, site, time and events: 32 bytes.</param>
public sealed record JournalRow(
    string Stream,
    long Version,
    string RequestId,
    string Command,
    IReadOnlyList<IEvent> Events,
    object? Answer,
    string Actor,
    string Site,
    DateTimeOffset RecordedAt,
    byte[] RowHash);

/// <summary>The command accepted under a request id.</summary>
public sealed record StoredRequest(JournalRow Row, bool SamePayload);

/// <summary>What became of an append; each case is definite.</summary>
public abstract record AppendOutcome
{
    private AppendOutcome()
    {
    }

    /// <summary>Committed, durable.</summary>
    public sealed record Appended(DateTimeOffset RecordedAt, byte[] RowHash) : AppendOutcome;

    /// <summary>This request id was accepted before.</summary>
    public sealed record AlreadyAppended(StoredRequest Request) : AppendOutcome;

    /// <summary>Another command made this version, or the decision was made on another history.</summary>
    public sealed record VersionConflict(long Head) : AppendOutcome;

    /// <summary>
    /// A projection's unique key is taken or a publication's condition no longer holds. Nothing was written. Keys: <c>record_number</c>, <c>clinic</c>,
    /// <c>holder</c> (none of the sites has a key);
    /// of a publication <c>consent</c>, <c>cell_member</c>, <c>cell</c>, <c>milestone</c>, <c>batch</c>.
    /// </summary>
    public sealed record KeyTaken(string Key) : AppendOutcome;
}

/// <summary>The queue or the disk is full: definitely not executed, try again later.</summary>
public sealed class JournalBusyException(string message) : Exception(message);

/// <summary>The database refuses the command for a reason that does not pass, a defect: definitely not executed, and no use to try again.</summary>
public sealed class AppendFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>It cannot be told whether the command was committed; the same request id tells later.</summary>
public sealed class OutcomeUnknownException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A stream holds an event that this build does not know; that stream stops, the others go on.</summary>
public sealed class UnknownEventException(string stream, long version, string alias)
    : Exception($"Stream {stream} holds at version {version} the event '{alias}', which this version does not know. Upgrade this server.");
