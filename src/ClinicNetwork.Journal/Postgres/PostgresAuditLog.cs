using System.Data;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Keys;
using Npgsql;
using NpgsqlTypes;

namespace ClinicNetwork.Journal.Postgres;

/// <inheritdoc cref="IAuditLog"/>
internal sealed class PostgresAuditLog(NpgsqlDataSource source, ReadConnections readers, TreeGuard guard, BlindIndex index) : IAuditLog
{
    /// <summary>
    /// One statement, hence one snapshot and one horizon for both kinds: the oldest transaction id still running. Below it nothing can appear any more.
    /// </summary>
    private const string Waiting =
        """
        (SELECT tx, stream, version, recorded_at, command, actor, site, stream, version, '', 'OK', 1, sha256(convert_to(request_id, 'UTF8') || '\x00' || payload_hash || base_hash || row_hash || events)
         FROM journal WHERE tx >= $1 AND tx < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY tx, stream, version LIMIT $2)
        UNION ALL
        (SELECT tx, '', id, recorded_at, action, actor, site, subject, 0, purpose, outcome, count, ''
         FROM audit_access WHERE tx >= $1 AND tx < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY tx, id LIMIT $2)
        """;

    /// <summary>As <see cref="Waiting"/>, for a restored store, on which nobody works.</summary>
    private static readonly string AllWaiting = Waiting.Replace(" AND tx < pg_snapshot_xmin(pg_current_snapshot())", "", StringComparison.Ordinal);

    /// <summary>All that a silo asks twice a second on an idle store: the newest head (or nulls), the tree, and whether something waits.</summary>
    private const string Look =
        """
        SELECT h.number, h.size, h.signed_at, h.note, h.signature, t.size, t.frontier, t.mac, t.next_tx,
               EXISTS (SELECT FROM journal AS j WHERE j.tx >= t.next_tx AND j.tx < pg_snapshot_xmin(pg_current_snapshot()))
            OR EXISTS (SELECT FROM audit_access AS a WHERE a.tx >= t.next_tx AND a.tx < pg_snapshot_xmin(pg_current_snapshot()))
        FROM audit_tree AS t LEFT JOIN LATERAL (SELECT * FROM audit_head ORDER BY number DESC LIMIT 1) AS h ON true
        """;

    private const string LastHead = "SELECT number, size, signed_at, note, signature FROM audit_head ORDER BY number DESC LIMIT 1";

    private const string Entry =
        """
        l.position, l.leaf,
        j.recorded_at, j.command, j.actor, j.site, j.stream, j.version, sha256(convert_to(j.request_id, 'UTF8') || '\x00' || j.payload_hash || j.base_hash || j.row_hash || j.events),
        a.recorded_at, a.action, a.actor, a.site, a.subject, a.purpose, a.outcome, a.count
        FROM page AS l
        LEFT JOIN journal AS j ON l.stream <> '' AND j.stream = l.stream AND j.version = l.key
        LEFT JOIN audit_access AS a ON l.stream = '' AND a.id = l.key
        ORDER BY l.position
        """;

    public async Task RecordAsync(IReadOnlyList<AccessRecord> accesses, CancellationToken cancellationToken) =>
        await WriteAsync(
            (connection, cancel) => connection.ExecuteAsync(
                """
                INSERT INTO audit_access (recorded_at, action, actor, site, subject, purpose, outcome, count, entry_id)
                SELECT recorded_at, action, actor, site, CASE WHEN subject = other OR EXISTS (SELECT FROM journal AS j WHERE j.stream = subject) THEN subject ELSE other END,
                       purpose, outcome, count, entry_id
                FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::uuid[], $10::text[])
                     AS n (recorded_at, action, actor, site, subject, purpose, outcome, count, entry_id, other)
                ON CONFLICT ON CONSTRAINT audit_access_entry_id_key DO NOTHING
                """,
                cancel,
                Query.Longs(accesses, one => StoredTime.ToStored(one.At)),
                Query.Texts(accesses, one => one.Action),
                Query.Texts(accesses, one => one.Actor),
                Query.Texts(accesses, one => one.Site),
                Query.Texts(accesses, one => one.Subject),
                Query.Texts(accesses, one => one.Purpose),
                Query.Texts(accesses, one => one.Outcome),
                Query.Ints(accesses, one => one.Count),
                Query.Ids(accesses, one => one.EntryId ?? Guid.CreateVersion7()),
                Query.Texts(accesses, index.SubjectIfUnknown)),
            cancellationToken).ConfigureAwait(false);

    public Task<AuditRound> PlaceAsync(AuditHeads heads, CancellationToken cancellationToken) =>
        WriteAsync(
            async (connection, cancel) =>
            {
                var seen = guard.Seen;
                var look = (await connection.ListAsync(Look, ReadLook, cancel).ConfigureAwait(false)).FirstOrDefault();
                if (await ProblemOfAsync(look, seen, cancel).ConfigureAwait(false) is { } problem)
                {
                    return AuditRound.Refused(problem);
                }

                return look!.Waits || heads.IsDue(look.Newest, look.Tree.Size, isGrowing: false)
#if FAULTS
                    ? await PlaceAsync(connection, guard, heads, Faults.Has("PlacesOverGaps") ? AllWaiting : Waiting, cancel).ConfigureAwait(false)
#else
                    ? await PlaceAsync(connection, guard, heads, Waiting, cancel).ConfigureAwait(false)
#endif
                    : AuditRound.Nothing;
            },
            cancellationToken);

    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        var seen = guard.Seen;
        return await ProblemOfAsync((await readers.ListAsync(Look, ReadLook, cancellationToken).ConfigureAwait(false)).FirstOrDefault(), seen, cancellationToken).ConfigureAwait(false);
    }

    public async Task<SignedHead?> ReadHeadAsync(CancellationToken cancellationToken) =>
        (await readers.ListAsync(LastHead, ReadHead, cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    public async Task<IReadOnlyList<SignedHead>> ReadHeadsAsync(long afterNumber, int limit, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            "SELECT number, size, signed_at, note, signature FROM audit_head WHERE number > $1 ORDER BY number LIMIT $2",
            ReadHead,
            cancellationToken,
            Query.Long(afterNumber),
            Query.Int(limit)).ConfigureAwait(false);

    public async Task<IReadOnlyList<PlacedEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            $"WITH page AS (SELECT * FROM audit_leaf WHERE position >= $1 ORDER BY position LIMIT $2) SELECT {Entry}",
            ReadEntry,
            cancellationToken,
            Query.Long(from),
            Query.Int(limit)).ConfigureAwait(false);

    public async Task<IReadOnlyList<PlacedEntry>> ReadOfSubjectAsync(string subject, long from, int limit, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            $"WITH page AS (SELECT * FROM audit_leaf WHERE subject IN ($1, $4) AND position >= $2 ORDER BY position LIMIT $3) SELECT {Entry}",
            ReadEntry,
            cancellationToken,
            Query.Text(subject),
            Query.Long(from),
            Query.Int(limit),
            Query.Text(index.UnknownStream(subject))).ConfigureAwait(false);

    public async Task<IReadOnlyList<byte[]>> ReadNodesAsync(int level, long index, int count, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            level == 0
                ? "SELECT leaf FROM audit_leaf WHERE $1 = 0 AND position >= $2 AND position < $2 + $3 ORDER BY position"
                : "SELECT hash FROM audit_node WHERE level = $1 AND position >= $2 AND position < $2 + $3 ORDER BY position",
            row => row.GetFieldValue<byte[]>(0),
            cancellationToken,
            Query.Int(level),
            Query.Long(index),
            Query.Int(count)).ConfigureAwait(false);

    /// <summary>What was written before there was an audit, by a connection that may take its time; the first server signs.</summary>
    /// <exception cref="StoreRefusedException">The tree's row was not written by this network.</exception>
    public static async Task PlaceBacklogAsync(NpgsqlConnection connection, TreeGuard guard, CancellationToken cancellationToken)
    {
        while (await PlaceAsync(connection, guard, null, Waiting, cancellationToken).ConfigureAwait(false) is var round && IsAnyPlaced(round))
        {
        }
    }

    /// <summary>
    /// A restored store: everything is placed now, since transaction ids begin anew and older rows may lie in their future. Within the caller's
    /// transaction; the next thing placed is of a later one.
    /// </summary>
    /// <param name="renewed">Of the store's new incarnation.</param>
    public static async Task PlaceAllAsync(NpgsqlConnection connection, TreeGuard guard, TreeGuard renewed, CancellationToken cancellationToken)
    {
        while (await PlaceInTransactionAsync(connection, guard, null, AllWaiting, cancellationToken).ConfigureAwait(false) is var round && IsAnyPlaced(round))
        {
        }

        await connection.ExecuteAsync("UPDATE audit_tree SET next_tx = (pg_current_xact_id()::text::numeric + 1)::text::xid8", cancellationToken).ConfigureAwait(false);
        await SealAsync(connection, renewed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Trusts what lies in the tree's row now.</summary>
    public static async Task SealAsync(NpgsqlConnection connection, TreeGuard guard, CancellationToken cancellationToken)
    {
        var row = (await connection.ListAsync("SELECT size, frontier, mac, next_tx FROM audit_tree FOR UPDATE", row => ReadTree(row, 0), cancellationToken).ConfigureAwait(false))[0];
        await connection.ExecuteAsync("UPDATE audit_tree SET mac = $1", cancellationToken, Query.Bytes(guard.MacOf(row))).ConfigureAwait(false);
    }

    private static bool IsAnyPlaced(AuditRound round) => round.Problem is null
        ? round.Placed > 0
        : throw new StoreRefusedException($"The audit tree is not this network's: {round.Problem}.");

    private static async Task<AuditRound> PlaceAsync(
        NpgsqlConnection connection, TreeGuard guard, AuditHeads? heads, string waiting, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        var round = await PlaceInTransactionAsync(connection, guard, heads, waiting, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return round;
    }

    private static async Task<AuditRound> PlaceInTransactionAsync(
        NpgsqlConnection connection, TreeGuard guard, AuditHeads? heads, string waiting, CancellationToken cancellationToken)
    {
        var seen = guard.Seen;
        var tree = (await connection.ListAsync(
            "SELECT size, frontier, mac, next_tx FROM audit_tree FOR UPDATE SKIP LOCKED", row => ReadTree(row, 0), cancellationToken).ConfigureAwait(false)).FirstOrDefault();
        if (tree is null)
        {
            return AuditRound.Nothing;
        }

        var newest = (await connection.ListAsync(LastHead, ReadHead, cancellationToken).ConfigureAwait(false)).FirstOrDefault();
        if (guard.ProblemOf(tree, newest, seen) is { } problem)
        {
            return AuditRound.Refused(problem);
        }

        var (rows, full) = await WaitingAsync(connection, waiting, tree.Placed[0], cancellationToken).ConfigureAwait(false);
        var placement = new Placement(tree.Size, tree.Frontier, rows);
        var head = heads is null ? null : placement.Sign(heads, newest);
        if (rows.Count > 0)
        {
            await WriteAsync(connection, guard, placement, rows[^1].Transaction + 1, cancellationToken).ConfigureAwait(false);
        }

        if (head is not null)
        {
            await connection.ExecuteAsync(
                "INSERT INTO audit_head (number, size, signed_at, note, signature) VALUES ($1, $2, $3, $4, $5)",
                cancellationToken,
                Query.Long(head.Number),
                Query.Long(head.Size),
                Query.Long(StoredTime.ToStored(head.At)),
                Query.Text(head.Note),
                Query.Bytes(head.Signature)).ConfigureAwait(false);
        }

        return new(rows.Count, full, head);
    }

    /// <summary>Whole transactions only, in their order: what one wrote is either placed or waits.</summary>
    private static async Task<(List<Unplaced> Rows, bool Full)> WaitingAsync(
        NpgsqlConnection connection, string waiting, ulong from, CancellationToken cancellationToken)
    {
        for (var limit = IAuditLog.RoundMax; ; limit *= 4)
        {
            var found = await connection.ListAsync(
                waiting, ReadUnplaced, cancellationToken, new NpgsqlParameter<ulong> { TypedValue = from, NpgsqlDbType = NpgsqlDbType.Xid8 }, Query.Int(limit)).ConfigureAwait(false);
            var whole = ulong.MaxValue;
            foreach (var kind in found.GroupBy(one => one.Stream.Length == 0).Where(kind => kind.Count() == limit))
            {
                whole = Math.Min(whole, kind.Max(one => one.Transaction));
            }

            // Stable: within a transaction and kind as the statement orders them.
            var rows = found.Where(one => one.Transaction < whole).OrderBy(one => one.Transaction).ThenBy(one => one.Stream.Length == 0).ToList();
            if (rows.Count > 0 || found.Count == 0)
            {
                return (rows, whole < ulong.MaxValue);
            }
        }
    }

    private static Task WriteAsync(NpgsqlConnection connection, TreeGuard guard, Placement placement, ulong next, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Query.Step(
            "INSERT INTO audit_leaf (position, stream, key, subject, leaf) SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bytea[])",
            Query.Longs(placement.Leaves, leaf => leaf.Position),
            Query.Texts(placement.Leaves, leaf => leaf.Stream),
            Query.Longs(placement.Leaves, leaf => leaf.Key),
            Query.Texts(placement.Leaves, leaf => leaf.Subject),
            Query.Blobs(placement.Leaves, leaf => leaf.Leaf)));
        if (placement.Nodes.Count > 0)
        {
            batch.BatchCommands.Add(Query.Step(
                "INSERT INTO audit_node (level, position, hash) SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bytea[])",
                Query.Ints(placement.Nodes, node => node.Level),
                Query.Longs(placement.Nodes, node => node.Index),
                Query.Blobs(placement.Nodes, node => node.Hash)));
        }

        batch.BatchCommands.Add(Query.Step(
            "UPDATE audit_tree SET size = $1, frontier = $2, next_tx = $3, mac = $4",
            Query.Long(placement.Size),
            Query.Bytes(placement.Frontier),
            new NpgsqlParameter<ulong> { TypedValue = next, NpgsqlDbType = NpgsqlDbType.Xid8 },
            Query.Bytes(guard.MacOf(new(placement.Size, placement.Frontier, [], next)))));
        return ExecuteAsync(batch, cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using (batch)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string?> ProblemOfAsync(Looked? look, long seen, CancellationToken cancellationToken) => look is null
        ? "its row is gone; restore the database from a backup"
        : await guard.ProblemOfAsync(this, look.Tree, look.Newest, seen, cancellationToken).ConfigureAwait(false);

    private async Task<T> WriteAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return await write(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Failures.IsUnavailable(e))
        {
            if (Failures.IsOutage(e))
            {
                source.Clear();
            }

            throw new StoreUnavailableException($"The database does not answer ({Failures.Brief(e)}); try again later.", e);
        }
    }

    private static Unplaced ReadUnplaced(NpgsqlDataReader row) => new(
        row.GetFieldValue<ulong>(0),
        row.GetString(1),
        row.GetInt64(2),
        new(
            0,
            StoredTime.FromStored(row.GetInt64(3)),
            row.GetString(4),
            row.GetString(5),
            row.GetString(6),
            row.GetString(7),
            row.GetInt64(8),
            row.GetString(9),
            row.GetString(10),
            row.GetInt32(11),
            row.GetFieldValue<byte[]>(12)));

    private static Looked ReadLook(NpgsqlDataReader row) => new(row.IsDBNull(0) ? null : ReadHead(row), ReadTree(row, 5), row.GetBoolean(9));

    private static TreeRow ReadTree(NpgsqlDataReader row, int at) =>
        new(row.GetInt64(at), row.GetFieldValue<byte[]>(at + 1), row.GetFieldValue<byte[]>(at + 2), row.GetFieldValue<ulong>(at + 3));

    private static SignedHead ReadHead(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), StoredTime.FromStored(row.GetInt64(2)), row.GetString(3), row.GetFieldValue<byte[]>(4));

    private static PlacedEntry ReadEntry(NpgsqlDataReader row)
    {
        var (position, leaf) = (row.GetInt64(0), row.GetFieldValue<byte[]>(1));
        var entry = !row.IsDBNull(2)
            ? new AuditEntry(
                position, StoredTime.FromStored(row.GetInt64(2)), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetInt64(7), "", "OK", 1,
                row.GetFieldValue<byte[]>(8))
            : !row.IsDBNull(9)
                ? new AuditEntry(
                    position, StoredTime.FromStored(row.GetInt64(9)), row.GetString(10), row.GetString(11), row.GetString(12), row.GetString(13), 0, row.GetString(14),
                    row.GetString(15), row.GetInt32(16), [])
                : null;
        return new(position, leaf, entry);
    }

    private sealed record Looked(SignedHead? Newest, TreeRow Tree, bool Waits);
}
