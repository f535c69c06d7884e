using ClinicNetwork.Journal.Keys;
using Npgsql;
using NpgsqlTypes;

namespace ClinicNetwork.Journal.Postgres;

/// <inheritdoc cref="IKeyring"/>
internal sealed class PostgresKeyring(KeyCache cache, PostgresHolders holders, ReadConnections readers, ErasureList list) : IKeyring
{
    /// <summary>What stands in the list beside the master key: who was erased, and whose key was destroyed.</summary>
    public const string Destroyed = "SELECT name FROM key_gone WHERE kind IN ('ERASED', 'HOLDER')";

    private const string DestroyedSince =
        """
        SELECT pg_snapshot_xmin(pg_current_snapshot()), g.name
        FROM (SELECT) AS always LEFT JOIN key_gone AS g ON g.tx >= $1 AND g.kind IN ('ERASED', 'HOLDER')
        """;

    /// <summary>
    /// Rows of a transaction that was running when it was last looked are seen at the next look: all from the oldest one of then on, again and again
    /// until it has moved on.
    /// </summary>
    private const string Since =
        """
        SELECT pg_snapshot_xmin(pg_current_snapshot()), g.name, g.kind
        FROM (SELECT) AS always LEFT JOIN key_gone AS g ON g.tx >= $1 AND ($1 > '0' OR g.kind = 'HOLDER')
        """;

    /// <summary>Nothing was read yet: of what was erased before, no key can come into memory.</summary>
    private ulong _next;

    /// <summary>What earlier transactions destroyed stands in the list.</summary>
    private ulong _listed;

    /// <summary>Null: not tried yet.</summary>
    private bool? _keepsList;

    public KeyLoss? LossOf(string name) => cache.LossOf(name);

    public async Task<Erasure?> FindErasureAsync(string stream, CancellationToken cancellationToken) =>
        (await readers.ListAsync(
            """
            SELECT g.request_id, g.version, g.at, j.actor, j.site FROM key_gone AS g JOIN journal AS j ON j.stream = g.name AND j.version = g.version
            WHERE g.name = $1 AND g.kind = 'ERASED'
            """,
            row => new Erasure(row.GetString(0), row.GetInt64(1), StoredTime.FromStored(row.GetInt64(2)), row.GetString(3), row.GetString(4)),
            cancellationToken,
            Query.Text(stream)).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>All at the first call, since whoever destroyed it may have been killed before it was listed.</summary>
    public async Task<bool> ListDestroyedAsync(CancellationToken cancellationToken)
    {
        if (!(_keepsList ??= list.IsWritable()))
        {
            return false;
        }

        var found = await readers.ListAsync(
            DestroyedSince,
            row => (Next: row.GetFieldValue<ulong>(0), Name: row.IsDBNull(1) ? null : row.GetString(1)),
            cancellationToken,
            new NpgsqlParameter<ulong> { TypedValue = _listed, NpgsqlDbType = NpgsqlDbType.Xid8 }).ConfigureAwait(false);
        list.Add([.. found.Select(row => row.Name).OfType<string>()]);
        _listed = found[0].Next;
        return true;
    }

    /// <summary>Takes in what other processes destroyed. One at a time.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var found = await readers.ListAsync(
            Since,
            row => (Next: row.GetFieldValue<ulong>(0), Name: row.IsDBNull(1) ? null : row.GetString(1), Kind: row.IsDBNull(2) ? "" : row.GetString(2)),
            cancellationToken,
            new NpgsqlParameter<ulong> { TypedValue = _next, NpgsqlDbType = NpgsqlDbType.Xid8 }).ConfigureAwait(false);
        foreach (var (_, name, kind) in found)
        {
            if (name is not null && cache.LossOf(name) is null)
            {
                cache.Lose(name, Wrapping.LossOf(kind));
                holders.Forget();
            }
        }

        _next = found[0].Next;
    }
}
