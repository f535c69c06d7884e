using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>Ends of many streams with one query, and their keys with another on the same connection: what a page of patients whom nobody has active costs.</summary>
internal sealed class TailReads
{
    /// <summary>Streams that share a query. A gateway reads 32 patients of a page at once: two groups, whose queries run side by side.</summary>
    private const int GroupMax = 16;

    /// <summary>A look-up by key for each stream, whatever the planner thinks of the table.</summary>
    private static readonly string Tails =
        $"""
        SELECT {StoredRow.Columns.Replace("stream,", "n.stream,", StringComparison.Ordinal)}, n.place
        FROM unnest($1::text[], $2::bigint[], $3::integer[]) WITH ORDINALITY AS n(stream, from_version, most, place)
        CROSS JOIN LATERAL (SELECT * FROM journal AS r WHERE r.stream = n.stream AND r.version >= n.from_version ORDER BY r.version LIMIT n.most) AS j
        ORDER BY n.place, j.version
        """;

    private readonly ReadConnections _readers;
    private readonly PostgresKeys _keys;
    private readonly GroupedReads<Asked, Found> _grouped;

    public TailReads(ReadConnections readers, PostgresKeys keys)
    {
        (_readers, _keys) = (readers, keys);
        _grouped = new(GroupMax, ReadAsync);
    }

    /// <summary>Rows from a version on, and the stream's key where there is a row.</summary>
    public async Task<Found> ReadAsync(string stream, long fromVersion, int limit, CancellationToken cancellationToken)
    {
        var found = await _grouped.ReadAsync(new(stream, fromVersion, limit), cancellationToken).ConfigureAwait(false);
        // Of this stream alone where a key is missing, so that its own trouble is told, and nobody else's.
        return found.Rows.Count == 0 || found.Key is not null ? found : found with { Key = await _keys.FindAsync(stream, cancellationToken).ConfigureAwait(false) };
    }

    private Task<IReadOnlyList<Found>> ReadAsync(IReadOnlyList<Asked> group) => _readers.ReadAsync<IReadOnlyList<Found>>(
        async (connection, cancel) =>
        {
            var rows = await connection.ListAsync(
                Tails,
                row => (Place: row.GetInt64(12), Row: StoredRow.Read(row)),
                cancel,
                Query.Texts(group, one => one.Stream),
                Query.Longs(group, one => one.FromVersion),
                Query.Ints(group, one => one.Limit)).ConfigureAwait(false);
            var keys = await KeysAsync(connection, rows.Select(row => row.Row.Stream), cancel).ConfigureAwait(false);
            var found = rows.ToLookup(row => row.Place, row => row.Row);
            return [.. group.Select((one, i) => new Found([.. found[i + 1]], keys.GetValueOrDefault(one.Stream)))];
        },
        CancellationToken.None);

    /// <summary>None, where a key file of one of them is missing here: each then looks for its own.</summary>
    private async Task<IReadOnlyDictionary<string, StreamKey>> KeysAsync(NpgsqlConnection connection, IEnumerable<string> streams, CancellationToken cancellationToken)
    {
        try
        {
            return await _keys.FindAsync(connection, streams, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is StoreRefusedException or StoreDamagedException)
        {
            return new Dictionary<string, StreamKey>();
        }
    }

    private sealed record Asked(string Stream, long FromVersion, int Limit);

    /// <param name="Key">Null: there is no row.</param>
    internal sealed record Found(IReadOnlyList<StoredRow> Rows, StreamKey? Key);
}
