using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using ClinicNetwork.Journal.Ledger;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Writes the steps of a publication, each in a transaction of its own: the command, then the profile's lock (a withdrawal and a step share it, a commit has it
/// alone), then what the step depends on, then the step. What another transaction takes in between is found by the unique keys.
/// </summary>
internal sealed class PublicationWriter(GroupWriter groups, PostgresKeys keys)
{
    /// <summary>Sent at once.</summary>
    private const int StatementsMax = 2_000;

    public static bool IsOf(Projection projection) =>
        projection is Projection.PublicationPrepared or Projection.RowsSealed or Projection.PublicationCommitted or Projection.LedgerReplayed;

    /// <summary>As <see cref="GroupWriter.WriteAsync"/>; a step whose conditions do not hold is decided here, and nothing is written.</summary>
    public async Task<HashSet<string>> WriteAsync(NpgsqlConnection connection, PendingAppend append)
    {
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
        var inserted = await groups.WriteAsync(connection, [append]).ConfigureAwait(false);
        if (inserted.Count == 0)
        {
            return inserted;
        }

        foreach (var projection in append.Append.Projections.Where(IsOf))
        {
            if (await WriteAsync(connection, append, projection).ConfigureAwait(false) is { } taken)
            {
                await transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
                append.Decide(new AppendOutcome.KeyTaken(taken));
                return [];
            }
        }

#if FAULTS
        Faults.Point("BeforePublicationStep");
#endif
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
#if FAULTS
        Faults.Point("AfterPublicationStep");
#endif
        return inserted;
    }

    private Task<string?> WriteAsync(NpgsqlConnection connection, PendingAppend append, Projection projection) => projection switch
    {
        Projection.PublicationPrepared prepared => PrepareAsync(connection, append, prepared.Step),
        Projection.RowsSealed rows => SealAsync(connection, append, rows.Rows),
        Projection.PublicationCommitted committed => CommitAsync(connection, append.Stream, committed.Commit),
        Projection.LedgerReplayed replayed => ReplayAsync(connection, append.Key, replayed.Step),
        _ => throw new NotSupportedException($"No table for {projection.GetType().Name}."),
    };

    /// <summary>Number of the last committed publication.</summary>
    private static async Task<int> LockProfileAsync(NpgsqlConnection connection, string stream, string mode)
    {
        await connection.ExecuteAsync(
            "INSERT INTO release_profile (stream) VALUES ($1) ON CONFLICT DO NOTHING", CancellationToken.None, Query.Text(stream)).ConfigureAwait(false);
        return (await connection.ListAsync(
            $"SELECT published FROM release_profile WHERE stream = $1 {mode}", row => row.GetInt32(0), CancellationToken.None, Query.Text(stream)).ConfigureAwait(false))[0];
    }

    private async Task<string?> PrepareAsync(NpgsqlConnection connection, PendingAppend append, PreparedStep step)
    {
        var published = await LockProfileAsync(connection, append.Stream, "FOR SHARE").ConfigureAwait(false);
        var facts = await PreparationReads.ReadAsync(connection, step, published, append.RecordedAt).ConfigureAwait(false);
        if (facts.Broken(step) is { } taken)
        {
            return taken;
        }

        var number = Query.Int(step.Publication);
        await ExecuteAsync("DELETE FROM outcome WHERE publication < $1", number).ConfigureAwait(false);
        foreach (var sql in step.Dissolved.Count > 0 ? PublicationStatements.Dissolve : [])
        {
            await ExecuteAsync(sql, Query.Texts(step.Dissolved, cell => cell), number.Clone()).ConfigureAwait(false);
        }

        await WriteCellsAsync(connection, append.Key, step).ConfigureAwait(false);
        await WriteSettledAsync(connection, facts, step).ConfigureAwait(false);
        await WriteRowsAsync(connection, step).ConfigureAwait(false);
        foreach (var sql in step.Retired.Count > 0 ? PublicationStatements.Retire : [])
        {
            await ExecuteAsync(sql, Query.Texts(step.Retired, cell => cell), number.Clone()).ConfigureAwait(false);
        }

        return null;

        Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters) => connection.ExecuteAsync(sql, CancellationToken.None, parameters);
    }

    /// <param name="release">Key of the release stream; seals what tells of a whole cell.</param>
    private static async Task WriteCellsAsync(NpgsqlConnection connection, StreamKey release, PreparedStep step)
    {
        if (step.Cells.Count == 0)
        {
            return;
        }

        await connection.ExecuteAsync(
            PublicationStatements.Cells,
            CancellationToken.None,
            Query.Text(release.Stream),
            Query.Int(step.Publication),
            Query.Texts(step.Cells, cell => cell.Cell),
            Query.Texts(step.Cells, cell => cell.Quarter),
            Query.Ints(step.Cells, cell => cell.Recipients),
            Query.Blobs(step.Cells, cell => Envelope.Seal(release, ReleasePlaces.Region(release.Stream, cell.Cell), PayloadCodec.EncodeValues(cell.Region)))).ConfigureAwait(false);
        var members = step.Cells.SelectMany(cell => cell.Members.Select(member => (Person: member, cell.Cell))).ToList();
        foreach (var sql in PublicationStatements.Members)
        {
            await connection.ExecuteAsync(
                sql, CancellationToken.None, Query.Texts(members, member => member.Person), Query.Texts(members, member => member.Cell)).ConfigureAwait(false);
        }
    }

    private static async Task WriteSettledAsync(NpgsqlConnection connection, PreparationFacts facts, PreparedStep step)
    {
        if (step.Settled.Count == 0)
        {
            return;
        }

        await connection.ExecuteAsync(
            PublicationStatements.Settled,
            CancellationToken.None,
            Query.Int(step.Publication),
            Query.Texts(step.Settled, one => one.Cell),
            Query.Texts(step.Settled, one => one.Milestone),
            Query.Texts(step.Settled, one => one.Status)).ConfigureAwait(false);
        await EachAsync(PublicationStatements.UseOutcomesOfCells, step.Settled).ConfigureAwait(false);
        var takenBack = step.Settled.Where(one => facts.Settled.ContainsKey((one.Cell, one.Milestone))).ToList();
        foreach (var sql in takenBack.Count > 0 ? PublicationStatements.TakeBack : [])
        {
            await EachAsync(sql, takenBack).ConfigureAwait(false);
        }

        Task<int> EachAsync(string sql, IReadOnlyList<MilestoneSettled> settled) => connection.ExecuteAsync(
            sql, CancellationToken.None, Query.Int(step.Publication), Query.Texts(settled, one => one.Cell), Query.Texts(settled, one => one.Milestone));
    }

    private async Task WriteRowsAsync(NpgsqlConnection connection, PreparedStep step)
    {
        if (step.Rows.Count == 0)
        {
            return;
        }

        var persons = await keys.FindAsync(connection, step.Rows.Select(row => row.Person), CancellationToken.None).ConfigureAwait(false);
        foreach (var sql in PublicationStatements.ReplaceVersions)
        {
            await connection.ExecuteAsync(
                sql, CancellationToken.None, Query.Int(step.Publication), Query.Texts(step.Rows, row => row.Person), Query.Texts(step.Rows, row => row.Milestone)).ConfigureAwait(false);
        }

        await connection.ExecuteAsync(
            PublicationStatements.Rows,
            CancellationToken.None,
            Query.Int(step.Publication),
            Query.Texts(step.Rows, row => row.Person),
            Query.Texts(step.Rows, row => row.Cell),
            Query.Texts(step.Rows, row => row.Milestone),
            Query.Blobs(step.Rows, row => Envelope.Seal(
                persons[row.Person], ReleasePlaces.Released(row.Person, step.Publication, row.Milestone), PayloadCodec.EncodeValues(row.Values)))).ConfigureAwait(false);
    }

    /// <summary>Alone: who withdrew before is seen here, and who does after sees the rows.</summary>
    private static async Task<string?> SealAsync(NpgsqlConnection connection, PendingAppend append, SealedRows sealedRows)
    {
        await LockProfileAsync(connection, append.Stream, "FOR NO KEY UPDATE").ConfigureAwait(false);
        var (recipient, batch) = (Query.Text(sealedRows.Recipient), Query.Int(sealedRows.Batch));
        if (await NumberAsync("SELECT count(*) FROM delivery_batch WHERE recipient = $1 AND number >= $2", recipient, batch).ConfigureAwait(false) > 0)
        {
            return "batch";
        }

        var persons = Query.Texts(sealedRows.Rows, row => row.Person);
        if (await NumberAsync(PublicationStatements.CountNotPermitted, recipient.Clone(), persons, Query.Long(append.RecordedAt)).ConfigureAwait(false) > 0)
        {
            return "consent";
        }

        if (sealedRows.FirstRow == 0)
        {
            await ExecuteAsync("DELETE FROM delivery_cell WHERE recipient = $1 AND batch = $2", recipient.Clone(), batch.Clone()).ConfigureAwait(false);
        }

        await ExecuteAsync(
            PublicationStatements.ClearSealed,
            recipient.Clone(),
            batch.Clone(),
            Query.Long(sealedRows.FirstRow),
            Query.Long(sealedRows.FirstRow == 0 ? long.MaxValue : sealedRows.FirstRow + sealedRows.Rows.Count)).ConfigureAwait(false);
        await ExecuteAsync(
            PublicationStatements.SealedRows,
            recipient.Clone(),
            batch.Clone(),
            Query.Long(sealedRows.FirstRow),
            Query.Texts(sealedRows.Rows, row => row.Person),
            Query.Texts(sealedRows.Rows, row => row.Milestone),
            Query.Ints(sealedRows.Rows, row => row.Publication),
            Query.Ints(sealedRows.Rows, row => row.Epoch),
            Query.Blobs(sealedRows.Rows, row => row.Leaf)).ConfigureAwait(false);
        await ExecuteAsync(
            PublicationStatements.SealedCells,
            recipient.Clone(),
            batch.Clone(),
            Query.Texts(sealedRows.Rows, row => row.Person),
            Query.Ints(sealedRows.Rows, row => row.Epoch)).ConfigureAwait(false);
        return null;

        Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters) => connection.ExecuteAsync(sql, CancellationToken.None, parameters);

        async Task<long> NumberAsync(string sql, params NpgsqlParameter[] parameters) =>
            (await connection.ListAsync(sql, row => row.GetInt64(0), CancellationToken.None, parameters).ConfigureAwait(false))[0];
    }

    private static async Task<string?> ReplayAsync(NpgsqlConnection connection, StreamKey release, LedgerStep step)
    {
        var published = await LockProfileAsync(connection, release.Stream, "FOR UPDATE").ConfigureAwait(false);
        if (LedgerStatements.Of(release, published, step) is not { } statements)
        {
            return "publication";
        }

        foreach (var some in statements.Chunk(StatementsMax))
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var (sql, values) in some)
            {
                batch.BatchCommands.Add(Query.Step(sql, [.. values.Select(Query.Of)]));
            }

            await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
        }

        return null;
    }

    private static async Task<string?> CommitAsync(NpgsqlConnection connection, string stream, PublicationCommit commit)
    {
        var published = await LockProfileAsync(connection, stream, "FOR UPDATE").ConfigureAwait(false);
        if (commit.Publication != published + 1)
        {
            return "publication";
        }

        if (await NumberAsync("SELECT count(*) FROM released WHERE publication = $1", Query.Int(commit.Publication)).ConfigureAwait(false) != commit.Prepared)
        {
            return "prepared";
        }

        foreach (var batch in commit.Batches)
        {
            var recipient = Query.Text(batch.Recipient);
            if (await NumberAsync("SELECT coalesce(max(number), 0)::bigint FROM delivery_batch WHERE recipient = $1", recipient).ConfigureAwait(false) != batch.Number - 1)
            {
                return "batch";
            }

            if (await NumberAsync(PublicationStatements.CountSealed, recipient.Clone(), Query.Int(batch.Number), Query.Long(batch.Rows)).ConfigureAwait(false) != batch.Rows)
            {
                return "prepared";
            }

            await ExecuteAsync(
                PublicationStatements.Batch,
                recipient.Clone(),
                Query.Int(batch.Number),
                Query.Int(commit.Publication),
                Query.Long(StoredTime.ToStored(commit.PublishedAt)),
                Query.Long(batch.Rows),
                Query.Bytes(batch.Root),
                Query.Bytes(batch.Manifest),
                Query.Bytes(batch.Signature)).ConfigureAwait(false);
            await ExecuteAsync(
                PublicationStatements.Tombstones,
                recipient.Clone(),
                Query.Int(batch.Number),
                Query.Ints(batch.Tombstones, one => one.Batch),
                Query.Longs(batch.Tombstones, one => one.Row)).ConfigureAwait(false);
        }

        await ExecuteAsync(
            PublicationStatements.Documents,
            Query.Texts(commit.Documents, one => one.Kind),
            Query.Texts(commit.Documents, one => one.Name),
            Query.Ints(commit.Documents, one => one.Number),
            Query.Blobs(commit.Documents, one => one.Document),
            Query.Blobs(commit.Documents, one => one.Signature)).ConfigureAwait(false);
        await ExecuteAsync("UPDATE release_profile SET published = $2 WHERE stream = $1", Query.Text(stream), Query.Int(commit.Publication)).ConfigureAwait(false);
        return null;

        Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters) => connection.ExecuteAsync(sql, CancellationToken.None, parameters);

        async Task<long> NumberAsync(string sql, params NpgsqlParameter[] parameters) =>
            (await connection.ListAsync(sql, row => row.GetInt64(0), CancellationToken.None, parameters).ConfigureAwait(false))[0];
    }
}
