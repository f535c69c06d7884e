using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>Why a command was not inserted: what the stream holds instead.</summary>
/// <param name="Earlier">The row accepted under the same request id.</param>
/// <param name="Key">Key of the stream; null when the stream has no command.</param>
internal sealed record Rival(StoredRow? Earlier, StreamKey? Key, long Head, byte[] HeadHash, long HeadRecordedAt);

/// <summary>Looks up, in one query, what stood in the way of commands.</summary>
internal sealed class Rivals(KeyWrap wrap)
{
    private const string Find =
        """
        SELECT e.stream, e.version, e.request_id, e.payload_hash, e.base_hash, e.row_hash, e.command, e.events, e.answer, e.actor, e.site, e.recorded_at,
               h.version, h.row_hash, h.recorded_at, k.key_id, k.wrapped, n.stream
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS n(stream, request_id, place)
        LEFT JOIN LATERAL (SELECT j.version, j.row_hash, j.recorded_at FROM journal AS j WHERE j.stream = n.stream ORDER BY j.version DESC LIMIT 1) AS h ON true
        LEFT JOIN LATERAL (SELECT * FROM journal AS j WHERE j.stream = n.stream AND j.request_id = n.request_id) AS e ON true
        LEFT JOIN LATERAL (SELECT d.key_id, d.wrapped FROM data_key AS d WHERE d.stream = n.stream) AS k ON true
        ORDER BY n.place
        """;

    /// <summary>In the order of <paramref name="appends"/>.</summary>
    public Task<List<Rival>> FindAsync(NpgsqlConnection connection, IReadOnlyList<PendingAppend> appends) =>
        connection.ListAsync(
            Find,
            row => new Rival(
                row.IsDBNull(0) ? null : StoredRow.Read(row),
                row.IsDBNull(15) ? null : wrap.Unwrap(row.GetString(17), row.GetFieldValue<byte[]>(15), row.GetFieldValue<byte[]>(16)),
                row.IsDBNull(12) ? 0 : row.GetInt64(12),
                row.IsDBNull(12) ? [] : row.GetFieldValue<byte[]>(13),
                row.IsDBNull(12) ? 0 : row.GetInt64(14)),
            CancellationToken.None,
            Query.Texts(appends, append => append.Stream),
            Query.Texts(appends, append => append.Append.Origin.RequestId));
}
