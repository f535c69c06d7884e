using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>Data keys of streams, from memory or read. A key in the table is committed with the stream's first command and never changes.</summary>
internal sealed class PostgresKeys(KeyWrap wrap, KeyCache cache, ReadConnections readers)
{
    /// <summary>The key of a stream that has committed rows, or null.</summary>
    public ValueTask<StreamKey?> FindAsync(string stream, CancellationToken cancellationToken) =>
        cache.TryGet(stream, out var key)
            ? ValueTask.FromResult<StreamKey?>(key)
            : new(readers.ReadAsync(
                async (connection, cancel) => (await FindAsync(connection, [stream], cancel).ConfigureAwait(false)).GetValueOrDefault(stream), cancellationToken));

    /// <summary>The keys of these streams, each by its stream; a stream without committed rows is left out.</summary>
    public async Task<IReadOnlyDictionary<string, StreamKey>> FindAsync(
        NpgsqlConnection connection, IEnumerable<string> streams, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, StreamKey>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var stream in streams.Distinct(StringComparer.Ordinal))
        {
            if (cache.TryGet(stream, out var key))
            {
                found.Add(stream, key);
            }
            else
            {
                missing.Add(stream);
            }
        }

        if (missing.Count > 0)
        {
            var read = await connection.ListAsync(
                "SELECT stream, key_id, wrapped FROM data_key WHERE stream = ANY ($1::text[])",
                row => wrap.Unwrap(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)),
                cancellationToken,
                Query.Texts(missing, stream => stream)).ConfigureAwait(false);
            foreach (var key in read)
            {
                cache.Add(key);
                found.Add(key.Stream, key);
            }
        }

        return found;
    }
}
