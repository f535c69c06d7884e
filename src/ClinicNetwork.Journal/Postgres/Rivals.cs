using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>Why a command was not inserted: what the stream holds instead.</summary>
/// <param name="Earlier">The row accepted under the same request id.</param>
/// <param name="Key">Key of the earlier row's stream; null when it was destroyed.</param>
/// <param name="Loss">The stream's key was destroyed.</param>
internal sealed record Rival(StoredRow? Earlier, StreamKey? Key, long Head, byte[] HeadHash, long HeadRecordedAt, KeyLoss? Loss);

/// <summary>Looks up, in one query, what stood in the way of commands.</summary>
internal sealed class Rivals(PostgresKeys keys)
{
    private const string Find =
        """
        SELECT e.stream, e.version, e.request_id, e.payload_hash, e.base_hash, e.row_hash, e.command, e.events, e.answer, e.actor, e.site, e.recorded_at,
               h.version, h.row_hash, h.recorded_at, g.kind
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS n(stream, request_id, place)
        LEFT JOIN LATERAL (SELECT j.version, j.row_hash, j.recorded_at FROM journal AS j WHERE j.stream = n.stream ORDER BY j.version DESC LIMIT 1) AS h ON true
        LEFT JOIN LATERAL (SELECT * FROM journal AS j WHERE j.stream = n.stream AND j.request_id = n.request_id) AS e ON true
        LEFT JOIN key_gone AS g ON g.name = n.stream
        ORDER BY n.place
        """;

    /// <summary>In the order of <paramref name="appends"/>.</summary>
    public async Task<List<Rival>> FindAsync(NpgsqlConnection connection, IReadOnlyList<PendingAppend> appends)
    {
        var found = await connection.ListAsync(
            Find,
            row => new Rival(
                row.IsDBNull(0) ? null : StoredRow.Read(row),
                null,
                row.IsDBNull(12) ? 0 : row.GetInt64(12),
                row.IsDBNull(12) ? [] : row.GetFieldValue<byte[]>(13),
                row.IsDBNull(12) ? 0 : row.GetInt64(14),
                row.IsDBNull(15) ? null : Wrapping.LossOf(row.GetString(15))),
            CancellationToken.None,
            Query.Texts(appends, append => append.Stream),
            Query.Texts(appends, append => append.Append.Origin.RequestId)).ConfigureAwait(false);
        var earlier = await keys.FindAsync(connection, found.Where(rival => rival.Loss is null).Select(rival => rival.Earlier?.Stream).OfType<string>(), CancellationToken.None).ConfigureAwait(false);
        return found.ConvertAll(rival => rival.Earlier is { } row ? rival with { Key = earlier.GetValueOrDefault(row.Stream) } : rival);
    }
}
