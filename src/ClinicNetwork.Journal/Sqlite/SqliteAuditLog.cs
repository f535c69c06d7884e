using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Journal.Audit;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <inheritdoc cref="IAuditLog"/>
internal sealed class SqliteAuditLog(WriteQueue queue, ReaderPool readers) : IAuditLog
{
    private const string HeadColumns = "number, size, signed_at, note, signature";

    private const string Entry =
        """
        l.position, l.leaf,
        j.recorded_at, j.command, j.actor, j.site, j.stream, j.version, j.request_id, j.payload_hash, j.base_hash, j.row_hash, j.events,
        a.recorded_at, a.action, a.actor, a.site, a.subject, a.purpose, a.outcome, a.count
        FROM page AS l
        LEFT JOIN journal AS j ON l.stream <> '' AND j.stream = l.stream AND j.version = l.key
        LEFT JOIN audit_access AS a ON l.stream = '' AND a.id = l.key
        ORDER BY l.position
        """;

    public async Task RecordAsync(IReadOnlyList<AccessRecord> accesses, CancellationToken cancellationToken)
    {
        try
        {
            await queue.RunAsync(new RecordJob(accesses), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JournalBusyException or OutcomeUnknownException)
        {
            throw new StoreUnavailableException(e.Message, e);
        }
    }

    public async Task<AuditRound> PlaceAsync(AuditHeads heads, CancellationToken cancellationToken)
    {
        var waits = await readers.ReadAsync(
            reader => IsWaiting(reader) || heads.IsDue(LastHead(reader), reader.Number("SELECT size FROM audit_tree")), cancellationToken).ConfigureAwait(false);
        if (!waits)
        {
            return AuditRound.Nothing;
        }

        try
        {
            return await queue.RunAsync(new PlaceJob(heads), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JournalBusyException or OutcomeUnknownException)
        {
            throw new StoreUnavailableException(e.Message, e);
        }
    }

    public Task<SignedHead?> ReadHeadAsync(CancellationToken cancellationToken) => readers.ReadAsync(LastHead, cancellationToken);

    public Task<IReadOnlyList<SignedHead>> ReadHeadsAsync(long afterNumber, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<SignedHead>>(
            reader => reader.List(
                $"SELECT {HeadColumns} FROM audit_head WHERE number > $after ORDER BY number LIMIT $limit", ReadHead, ("$after", afterNumber), ("$limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<PlacedEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<PlacedEntry>>(
            reader => reader.List(
                $"WITH page AS (SELECT * FROM audit_leaf WHERE position >= $from ORDER BY position LIMIT $limit) SELECT {Entry}", ReadEntry, ("$from", from), ("$limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<PlacedEntry>> ReadOfSubjectAsync(string subject, long from, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<PlacedEntry>>(
            reader => reader.List(
                $"WITH page AS (SELECT * FROM audit_leaf WHERE subject = $subject AND position >= $from ORDER BY position LIMIT $limit) SELECT {Entry}",
                ReadEntry,
                ("$subject", subject),
                ("$from", from),
                ("$limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<byte[]>> ReadNodesAsync(int level, long index, int count, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<byte[]>>(
            reader => reader.List(
                level == 0
                    ? "SELECT leaf FROM audit_leaf WHERE $level = 0 AND position >= $from AND position < $from + $count ORDER BY position"
                    : "SELECT hash FROM audit_node WHERE level = $level AND position >= $from AND position < $from + $count ORDER BY position",
                row => row.GetFieldValue<byte[]>(0),
                ("$level", level),
                ("$from", index),
                ("$count", count)),
            cancellationToken);

    private static bool IsWaiting(SqliteSession reader) => reader.Number(
        """
        SELECT EXISTS (SELECT 1 FROM journal WHERE rowid > (SELECT last_row FROM audit_tree)) OR EXISTS (SELECT 1 FROM audit_access WHERE id > (SELECT last_access FROM audit_tree))
        """) == 1;

    private static SignedHead? LastHead(SqliteSession reader) => reader.First($"SELECT {HeadColumns} FROM audit_head ORDER BY number DESC LIMIT 1", ReadHead);

    private static SignedHead ReadHead(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), StoredTime.FromStored(row.GetInt64(2)), row.GetString(3), row.GetFieldValue<byte[]>(4));

    private static PlacedEntry ReadEntry(SqliteDataReader row)
    {
        var (position, leaf) = (row.GetInt64(0), row.GetFieldValue<byte[]>(1));
        return new(position, leaf, !row.IsDBNull(2) ? Change(row, 2) with { Position = position } : !row.IsDBNull(13) ? Accessed(row, 13) with { Position = position } : null);
    }

    private static AuditEntry Change(SqliteDataReader row, int at) => new(
        0,
        StoredTime.FromStored(row.GetInt64(at)),
        row.GetString(at + 1),
        row.GetString(at + 2),
        row.GetString(at + 3),
        row.GetString(at + 4),
        row.GetInt64(at + 5),
        "",
        "OK",
        1,
        ContentOf(row, at + 6));

    /// <summary>Over request id, 0x00, payload hash, base hash, row hash and sealed events.</summary>
    private static byte[] ContentOf(SqliteDataReader row, int at)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(row.GetString(at)));
        hash.AppendData([0]);
        for (var column = at + 1; column <= at + 4; column++)
        {
            hash.AppendData(row.GetFieldValue<byte[]>(column));
        }

        return hash.GetHashAndReset();
    }

    private static AuditEntry Accessed(SqliteDataReader row, int at) => new(
        0,
        StoredTime.FromStored(row.GetInt64(at)),
        row.GetString(at + 1),
        row.GetString(at + 2),
        row.GetString(at + 3),
        row.GetString(at + 4),
        0,
        row.GetString(at + 5),
        row.GetString(at + 6),
        row.GetInt32(at + 7),
        []);

    private sealed class RecordJob(IReadOnlyList<AccessRecord> accesses) : WriteJob<int>
    {
        public override bool IsRefusal => false;

        protected override int Result => accesses.Count;

        public override void Write(SqliteSession writer)
        {
            foreach (var one in accesses)
            {
                writer.Execute(
                    """
                    INSERT INTO audit_access (recorded_at, action, actor, site, subject, purpose, outcome, count)
                    VALUES ($at, $action, $actor, $site, $subject, $purpose, $outcome, $count)
                    """,
                    ("$at", StoredTime.ToStored(one.At)),
                    ("$action", one.Action),
                    ("$actor", one.Actor),
                    ("$site", one.Site),
                    ("$subject", one.Subject),
                    ("$purpose", one.Purpose),
                    ("$outcome", one.Outcome),
                    ("$count", one.Count));
            }
        }
    }

    /// <summary>Runs on the writer thread, so that nothing can be committed before what it sees.</summary>
    private sealed class PlaceJob(AuditHeads heads) : WriteJob<AuditRound>
    {
        private AuditRound _round = AuditRound.Nothing;

        public override bool IsRefusal => false;

        protected override AuditRound Result => _round;

        public override void Write(SqliteSession writer)
        {
            var tree = writer.First(
                "SELECT size, frontier, last_row, last_access FROM audit_tree",
                row => (Size: row.GetInt64(0), Frontier: row.GetFieldValue<byte[]>(1), LastRow: row.GetInt64(2), LastAccess: row.GetInt64(3)));
            var changes = writer.List(
                """
                SELECT rowid, recorded_at, command, actor, site, stream, version, request_id, payload_hash, base_hash, row_hash, events FROM journal WHERE rowid > $last ORDER BY rowid LIMIT $limit
                """,
                row => (Row: row.GetInt64(0), Entry: new Unplaced(0, row.GetString(5), row.GetInt64(6), Change(row, 1))),
                ("$last", tree.LastRow),
                ("$limit", IAuditLog.RoundMax / 2));
            var accesses = writer.List(
                "SELECT id, recorded_at, action, actor, site, subject, purpose, outcome, count FROM audit_access WHERE id > $last ORDER BY id LIMIT $limit",
                row => new Unplaced(0, "", row.GetInt64(0), Accessed(row, 1)),
                ("$last", tree.LastAccess),
                ("$limit", IAuditLog.RoundMax / 2));
            var placement = new Placement(tree.Size, tree.Frontier, [.. changes.Select(change => change.Entry), .. accesses]);
            var head = placement.Sign(heads, LastHead(writer));
            foreach (var leaf in placement.Leaves)
            {
                writer.Execute(
                    "INSERT INTO audit_leaf (position, stream, key, subject, leaf) VALUES ($position, $stream, $key, $subject, $leaf)",
                    ("$position", leaf.Position),
                    ("$stream", leaf.Stream),
                    ("$key", leaf.Key),
                    ("$subject", leaf.Subject),
                    ("$leaf", leaf.Leaf));
            }

            foreach (var node in placement.Nodes)
            {
                writer.Execute(
                    "INSERT INTO audit_node (level, position, hash) VALUES ($level, $position, $hash)",
                    ("$level", node.Level),
                    ("$position", node.Index),
                    ("$hash", node.Hash));
            }

            if (placement.Leaves.Count > 0)
            {
                writer.Execute(
                    "UPDATE audit_tree SET size = $size, frontier = $frontier, last_row = $row, last_access = $access",
                    ("$size", placement.Size),
                    ("$frontier", placement.Frontier),
                    ("$row", changes.Count > 0 ? changes[^1].Row : tree.LastRow),
                    ("$access", accesses.Count > 0 ? accesses[^1].Key : tree.LastAccess));
            }

            if (head is not null)
            {
                writer.Execute(
                    $"INSERT INTO audit_head ({HeadColumns}) VALUES ($number, $size, $signed_at, $note, $signature)",
                    ("$number", head.Number),
                    ("$size", head.Size),
                    ("$signed_at", StoredTime.ToStored(head.At)),
                    ("$note", head.Note),
                    ("$signature", head.Signature));
            }

            _round = new(placement.Leaves.Count, changes.Count == IAuditLog.RoundMax / 2 || accesses.Count == IAuditLog.RoundMax / 2, head);
        }
    }
}
