using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>Data keys of streams, from memory or read. A key in the table is committed with the stream's first command and never changes.</summary>
internal sealed class PostgresKeys(KeyEncryptionKeys keks, KeyCache cache, ReadConnections readers)
{
    private const string Find =
        """
        SELECT d.stream, d.key_id, g.kind, w.wrapped, h.holder, h.key_id, h.kek_version, h.wrapped
        FROM data_key AS d
        LEFT JOIN key_gone AS g ON g.name = d.stream
        LEFT JOIN key_wrap AS w ON w.stream = d.stream
        LEFT JOIN holder_key AS h ON h.holder = w.holder AND h.key_id = w.holder_key
        WHERE d.stream = ANY ($1::text[])
        """;

    /// <summary>The key of a stream that has committed rows, or null. Throws <see cref="KeyLostException"/> when it was destroyed.</summary>
    public ValueTask<StreamKey?> FindAsync(string stream, CancellationToken cancellationToken) =>
        cache.TryGet(stream, out var key) ? ValueTask.FromResult<StreamKey?>(key)
        : cache.LossOf(stream) is { } loss ? throw new KeyLostException(stream, loss)
        : new(ReadAsync(stream, cancellationToken));

    /// <summary>The keys of these streams, each by its stream; a stream without committed rows is left out, and one whose key was destroyed.</summary>
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
            var holders = new Dictionary<string, (HolderKeyRow Row, HolderKey Key)>(StringComparer.Ordinal);
            var rows = await connection.ListAsync(Find, Read, cancellationToken, Query.Texts(missing, stream => stream)).ConfigureAwait(false);
            foreach (var wraps in rows.GroupBy(row => row.Stream, StringComparer.Ordinal))
            {
                if (wraps.First().Gone is { } gone)
                {
                    cache.Lose(wraps.Key, Wrapping.LossOf(gone));
                    continue;
                }

                var key = Wrapping.Open(row => Unwrap(holders, row), wraps.Key, wraps.First().KeyId, wraps.Where(row => row.Holder is not null).Select(row => (row.Wrapped!, row.Holder!)));
                cache.Add(key);
                found.Add(key.Stream, key);
            }
        }

        return found;
    }

    /// <summary>Told by the last look for its key.</summary>
    public bool IsLost(string stream) => cache.LossOf(stream) is not null;

    /// <summary>Streams that are read together have few holders.</summary>
    private HolderKey Unwrap(Dictionary<string, (HolderKeyRow Row, HolderKey Key)> holders, HolderKeyRow row)
    {
        if (!holders.TryGetValue(row.Holder, out var known) || !row.Wrapped.AsSpan().SequenceEqual(known.Row.Wrapped) || !row.KeyId.AsSpan().SequenceEqual(known.Row.KeyId) || row.KekVersion != known.Row.KekVersion)
        {
            holders[row.Holder] = known = (row, keks.Unwrap(row));
        }

        return known.Key;
    }

    private async Task<StreamKey?> ReadAsync(string stream, CancellationToken cancellationToken)
    {
        var found = await readers.ReadAsync((connection, cancel) => FindAsync(connection, [stream], cancel), cancellationToken).ConfigureAwait(false);
        return found.GetValueOrDefault(stream) ?? (cache.LossOf(stream) is { } loss ? throw new KeyLostException(stream, loss) : null);
    }

    private static Row Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetFieldValue<byte[]>(1),
        row.IsDBNull(2) ? null : row.GetString(2),
        row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3),
        row.IsDBNull(4) ? null : new HolderKeyRow(row.GetString(4), row.GetFieldValue<byte[]>(5), row.GetInt32(6), row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7)));

    private sealed record Row(string Stream, byte[] KeyId, string? Gone, byte[]? Wrapped, HolderKeyRow? Holder);
}
