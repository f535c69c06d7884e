using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <inheritdoc cref="ISubmissionStore"/>
internal sealed class PostgresSubmissionStore(ReadConnections readers, PostgresKeys keys) : ISubmissionStore
{
    public async Task<IReadOnlyDictionary<string, SubmissionRow>> FindAsync(string stream, IReadOnlyList<string> records, CancellationToken cancellationToken) =>
        (await ReadAsync(
            stream,
            "SELECT record, version, values_ FROM submission_record WHERE stream = $1 AND record = ANY ($2::text[])",
            cancellationToken,
            Query.Text(stream),
            Query.Texts(records, record => record)).ConfigureAwait(false)).ToDictionary(row => row.Record, StringComparer.Ordinal);

    public Task<IReadOnlyList<SubmissionRow>> ReadAsync(string stream, string after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            stream,
            "SELECT record, version, values_ FROM submission_record WHERE stream = $1 AND record > $2 ORDER BY record LIMIT $3",
            cancellationToken,
            Query.Text(stream),
            Query.Text(after),
            Query.Int(limit));

    private Task<IReadOnlyList<SubmissionRow>> ReadAsync(string stream, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        readers.ReadAsync<IReadOnlyList<SubmissionRow>>(
            async (connection, cancel) =>
            {
                var rows = await connection.ListAsync(
                    sql,
                    row => (Record: row.GetString(0), Version: row.GetInt64(1), Values: row.GetFieldValue<byte[]>(2)),
                    cancel,
                    [.. parameters.Select(parameter => parameter.Clone())]).ConfigureAwait(false);
                if (rows.Count == 0)
                {
                    return [];
                }

                var found = await keys.FindAsync(connection, [stream], cancel).ConfigureAwait(false);
                var key = found.GetValueOrDefault(stream) ?? throw new StoreDamagedException($"Stream {stream} has no data key.");
                return rows.ConvertAll(row => new SubmissionRow(
                    row.Record, PayloadCodec.DecodeValues(Envelope.Open(key, ReleasePlaces.Submitted(stream, row.Version, row.Record), row.Values))));
            },
            cancellationToken);
}
