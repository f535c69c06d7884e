using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Keys;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <inheritdoc cref="IAuditLog"/>
internal sealed class SqliteAuditLog(WriteQueue queue, ReaderPool readers, TreeGuard guard, BlindIndex index) : IAuditLog
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
            await queue.RunAsync(new RecordJob(accesses, index), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JournalBusyException or OutcomeUnknownException)
        {
            throw new StoreUnavailableException(e.Message, e);
        }
    }

    public async Task<AuditRound> PlaceAsync(AuditHeads heads, CancellationToken cancellationToken)
    {
        var seen = guard.Seen;
        var look = await readers.ReadAsync(Look, cancellationToken).ConfigureAwait(false);
        if (await ProblemOfAsync(look, seen, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            return AuditRound.Refused(problem);
        }

        if (!look.Waits && !heads.IsDue(look.Newest, look.Tree!.Size, isGrowing: false))
        {
            return AuditRound.Nothing;
        }

        try
        {
            return await queue.RunAsync(new PlaceJob(heads, guard), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JournalBusyException or OutcomeUnknownException)
        {
            throw new StoreUnavailableException(e.Message, e);
        }
    }

    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        var seen = guard.Seen;
        return await ProblemOfAsync(await readers.ReadAsync(Look, cancellationToken).ConfigureAwait(false), seen, cancellationToken).ConfigureAwait(false);
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
                $"WITH page AS (SELECT * FROM audit_leaf WHERE subject IN ($subject, $unknown) AND position >= $from ORDER BY position LIMIT $limit) SELECT {Entry}",
                ReadEntry,
                ("$subject", subject),
                ("$unknown", index.UnknownStream(subject)),
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

    /// <summary>Trusts what lies in the tree's row now.</summary>
    public static void Seal(SqliteSession writer, TreeGuard guard) =>
        writer.Execute("UPDATE audit_tree SET mac = $mac", ("$mac", guard.MacOf(ReadTree(writer) ?? throw new StoreDamagedException("The audit tree's row is gone."))));

    /// <exception cref="StoreRefusedException">The tree's row was not written by this network.</exception>
    public static void RefuseForeign(SqliteSession reader, TreeGuard guard)
    {
        if (ReadTree(reader) is not { } tree || guard.ProblemOf(tree, LastHead(reader), seen: 0) is not null)
        {
            throw new StoreRefusedException("The audit tree's row in journal.db was not written by this network's server; restore the files from another backup.");
        }
    }

    private static Looked Look(SqliteSession reader) => new(LastHead(reader), ReadTree(reader), reader.Number(
        """
        SELECT EXISTS (SELECT 1 FROM journal WHERE rowid > (SELECT last_row FROM audit_tree)) OR EXISTS (SELECT 1 FROM audit_access WHERE id > (SELECT last_access FROM audit_tree))
        """) == 1);

    private static TreeRow? ReadTree(SqliteSession reader) => reader.First(
        "SELECT size, frontier, mac, last_row, last_access FROM audit_tree",
        row => new TreeRow(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), (ulong)row.GetInt64(3), (ulong)row.GetInt64(4)));

    private async Task<string?> ProblemOfAsync(Looked look, long seen, CancellationToken cancellationToken) => look.Tree is null
        ? "its row is gone; restore the database from a backup"
        : await guard.ProblemOfAsync(this, look.Tree, look.Newest, seen, cancellationToken).ConfigureAwait(false);

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

    private sealed record Looked(SignedHead? Newest, TreeRow? Tree, bool Waits);

    private sealed class RecordJob(IReadOnlyList<AccessRecord> accesses, BlindIndex index) : WriteJob<int>
    {
        public override bool IsRefusal => false;

        protected override int Result => accesses.Count;

        public override void Write(SqliteSession writer)
        {
            foreach (var one in accesses)
            {
                writer.Execute(
                    """
                    INSERT INTO audit_access (recorded_at, action, actor, site, subject, purpose, outcome, count, entry_id)
                    VALUES ($at, $action, $actor, $site, CASE WHEN EXISTS (SELECT 1 FROM journal WHERE stream = $subject) THEN $subject ELSE $other END,
                            $purpose, $outcome, $count, $entry_id)
                    ON CONFLICT DO NOTHING
                    """,
                    ("$at", StoredTime.ToStored(one.At)),
                    ("$action", one.Action),
                    ("$actor", one.Actor),
                    ("$site", one.Site),
                    ("$subject", one.Subject),
                    ("$other", index.SubjectIfUnknown(one)),
                    ("$purpose", one.Purpose),
                    ("$outcome", one.Outcome),
                    ("$count", one.Count),
                    ("$entry_id", one.EntryId?.ToByteArray(bigEndian: true)));
            }
        }
    }

    /// <summary>Runs on the writer thread, so that nothing can be committed before what it sees.</summary>
    private sealed class PlaceJob(AuditHeads heads, TreeGuard guard) : WriteJob<AuditRound>
    {
        private AuditRound _round = AuditRound.Nothing;

        public override bool IsRefusal => false;

        protected override AuditRound Result => _round;

        public override void Write(SqliteSession writer)
        {
            var newest = LastHead(writer);
            if (ReadTree(writer) is not { } tree || guard.ProblemOf(tree, newest, guard.Seen) is not null)
            {
                // The next look says what.
                _round = AuditRound.Nothing;
                return;
            }

            var (lastRow, lastAccess) = ((long)tree.Placed[0], (long)tree.Placed[1]);
            var changes = writer.List(
                """
                SELECT rowid, recorded_at, command, actor, site, stream, version, request_id, payload_hash, base_hash, row_hash, events FROM journal WHERE rowid > $last ORDER BY rowid LIMIT $limit
                """,
                row => (Row: row.GetInt64(0), Entry: new Unplaced(0, row.GetString(5), row.GetInt64(6), Change(row, 1))),
                ("$last", lastRow),
                ("$limit", IAuditLog.RoundMax / 2));
            var accesses = writer.List(
                "SELECT id, recorded_at, action, actor, site, subject, purpose, outcome, count FROM audit_access WHERE id > $last ORDER BY id LIMIT $limit",
                row => new Unplaced(0, "", row.GetInt64(0), Accessed(row, 1)),
                ("$last", lastAccess),
                ("$limit", IAuditLog.RoundMax / 2));
            var placement = new Placement(tree.Size, tree.Frontier, [.. changes.Select(change => change.Entry), .. accesses]);
            var head = placement.Sign(heads, newest);
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
                (lastRow, lastAccess) = (changes.Count > 0 ? changes[^1].Row : lastRow, accesses.Count > 0 ? accesses[^1].Key : lastAccess);
                writer.Execute(
                    "UPDATE audit_tree SET size = $size, frontier = $frontier, last_row = $row, last_access = $access, mac = $mac",
                    ("$size", placement.Size),
                    ("$frontier", placement.Frontier),
                    ("$row", lastRow),
                    ("$access", lastAccess),
                    ("$mac", guard.MacOf(new(placement.Size, placement.Frontier, [], (ulong)lastRow, (ulong)lastAccess))));
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
