using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Writes a group of appends, one per stream, in one pipelined batch: one implicit transaction, one round trip, one commit. A command whose
/// predecessor is not there, or whose version or request id is taken, is left out by the statement itself and fails no other.
/// </summary>
internal sealed class GroupWriter(BlindIndex index)
{
    private const string InsertKeys =
        "INSERT INTO data_key (stream, key_id, wrapped) SELECT n.stream, n.key_id, '' FROM unnest($1::text[], $2::bytea[]) AS n(stream, key_id) ON CONFLICT DO NOTHING";

    /// <summary>
    /// Version 1 belongs to whoever's data key was inserted, which only this transaction can know of: its key id was made at random a moment
    /// ago. Every other version goes onto the very row it was decided on, and is not older than it. A stream whose key was destroyed
    /// gets no row any more.
    /// </summary>
    private const string InsertRows =
        $"""
        INSERT INTO journal ({StoredRow.Columns})
        SELECT {StoredRow.Columns}
        FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::bytea[], $9::bytea[], $10::text[],
                    $11::text[], $12::bigint[], $13::bytea[])
             WITH ORDINALITY AS n({StoredRow.Columns}, key_id, place)
        WHERE CASE
            WHEN n.version = 1 THEN octet_length(n.base_hash) = 0 AND n.key_id = (SELECT k.key_id FROM data_key AS k WHERE k.stream = n.stream)
            ELSE (SELECT j.row_hash = n.base_hash AND j.recorded_at <= n.recorded_at FROM journal AS j WHERE j.stream = n.stream AND j.version = n.version - 1)
        END
          AND (SELECT g.kind FROM key_gone AS g WHERE g.name = n.stream) IS NULL
        ORDER BY n.place
        ON CONFLICT DO NOTHING
        RETURNING stream
        """;

    /// <summary>The streams whose command was inserted. Within <paramref name="connection"/>'s transaction, or in one of its own when there is none.</summary>
    public async Task<HashSet<string>> WriteAsync(NpgsqlConnection connection, IEnumerable<PendingAppend> group)
    {
        // The same order in every writer, so that two groups wait for each other in one direction only.
        var appends = group.OrderBy(append => append.Stream, StringComparer.Ordinal).ToList();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(KeySteps.Lock(appends));
        if (appends.FindAll(append => append.Version == 1 && append.Append.BaseHash.Length == 0) is { Count: > 0 } first)
        {
            batch.BatchCommands.Add(Query.Step(
                InsertKeys,
                Query.Texts(first, append => append.Stream),
                Query.Blobs(first, append => append.Key.KeyId)));
        }

        batch.BatchCommands.Add(Rows(appends));
        foreach (var step in KeySteps.Of(appends).Concat(ProjectionSteps.Of(appends, index)).Concat(KeySteps.After(appends)))
        {
            batch.BatchCommands.Add(step);
        }

        var inserted = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);

        // Past the lock's row.
        await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
        while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            inserted.Add(reader.GetString(0));
        }

        // To the end: the answer to the commit comes last.
        while (await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false))
        {
        }

        return inserted;
    }

    private static NpgsqlBatchCommand Rows(List<PendingAppend> appends) => Query.Step(
        InsertRows,
        Query.Texts(appends, append => append.Stream),
        Query.Longs(appends, append => append.Version),
        Query.Texts(appends, append => append.Append.Origin.RequestId),
        Query.Blobs(appends, append => append.PayloadHash),
        Query.Blobs(appends, append => append.Append.BaseHash),
        Query.Blobs(appends, append => append.RowHash),
        Query.Texts(appends, append => append.Append.Command),
        Query.Blobs(appends, append => append.Events),
#if FAULTS
        Query.Blobs(appends, append => Faults.Has("StoresAnswersLater") ? [] : append.Answer),
#else
        Query.Blobs(appends, append => append.Answer),
#endif
        Query.Texts(appends, append => append.Append.Origin.Actor),
        Query.Texts(appends, append => append.Site),
        Query.Longs(appends, append => append.RecordedAt),
        Query.Blobs(appends, append => append.Key.KeyId));
}
