namespace ClinicNetwork.Journal.Audit;

/// <summary>
/// The audit of a store: changes (its journal rows) and accesses, put into one Merkle tree (RFC 9162, section 2.1) in the order in which they were
/// committed. One process at a time places, whichever has the tree's row; nothing is placed that a transaction still under way could come before.
/// </summary>
public interface IAuditLog
{
    /// <summary>Most entries placed in one round.</summary>
    const int RoundMax = 4_096;

    /// <summary>
    /// Keeps accesses, durable when it returns. Of a refused one the subject is kept only if there is such a stream; what else a caller typed may tell of
    /// somebody, so it is kept as a keyed hash that is equal when it is typed again.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The database does not answer; they may have been kept.</exception>
    Task RecordAsync(IReadOnlyList<AccessRecord> accesses, CancellationToken cancellationToken);

    /// <summary>Places what was committed and not yet placed, at most <see cref="RoundMax"/>, and signs a head when one is due; nothing of it on a tree's row that this network did not write.</summary>
    /// <exception cref="StoreUnavailableException">The database does not answer; the next round goes on where the last durable one ended.</exception>
    Task<AuditRound> PlaceAsync(AuditHeads heads, CancellationToken cancellationToken);

    /// <summary>Null, or why nothing is placed or signed: what lies in the database was not written by this network, or was put back.</summary>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    Task<string?> FindProblemAsync(CancellationToken cancellationToken);

    /// <summary>The newest head, or null.</summary>
    Task<SignedHead?> ReadHeadAsync(CancellationToken cancellationToken);

    /// <summary>Heads after a number, in order.</summary>
    Task<IReadOnlyList<SignedHead>> ReadHeadsAsync(long afterNumber, int limit, CancellationToken cancellationToken);

    /// <summary>What lies at a position and after it, in order.</summary>
    Task<IReadOnlyList<PlacedEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken);

    /// <summary>What was placed about a stream at a position and after it, in order; what was tried while there was no such stream too.</summary>
    Task<IReadOnlyList<PlacedEntry>> ReadOfSubjectAsync(string subject, long from, int limit, CancellationToken cancellationToken);

    /// <summary>Hashes of complete subtrees, 32 bytes each: level 0 are leaves, the others multiples of <see cref="MerkleFrontier.StoredLevels"/>.</summary>
    /// <param name="index">Of the first: it covers the leaves from index · 2^level on.</param>
    Task<IReadOnlyList<byte[]>> ReadNodesAsync(int level, long index, int count, CancellationToken cancellationToken);
}
