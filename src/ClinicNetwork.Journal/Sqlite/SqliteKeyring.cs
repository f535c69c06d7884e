using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <inheritdoc cref="IKeyring"/>
internal sealed class SqliteKeyring(KeyCache cache, ReaderPool readers, StreamKeys keys) : IKeyring
{
    public KeyLoss? LossOf(string name) => cache.LossOf(name);

    public Task<Erasure?> FindErasureAsync(string stream, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            reader => reader.First(
                """
                SELECT g.request_id, g.version, g.at, j.actor, j.site FROM key_gone AS g JOIN journal AS j ON j.stream = g.name AND j.version = g.version
                WHERE g.name = $name AND g.kind = 'ERASED'
                """,
                row => new Erasure(row.GetString(0), row.GetInt64(1), StoredTime.FromStored(row.GetInt64(2)), row.GetString(3), row.GetString(4)),
                ("$name", stream)),
            cancellationToken);

    /// <summary>The writer has listed what it destroyed; what the disk refused is written now.</summary>
    public async Task<bool> ListDestroyedAsync(CancellationToken cancellationToken)
    {
        if (!keys.ListLags)
        {
            return true;
        }

        // First: what is destroyed from here on may lag again.
        keys.ListLags = false;
        try
        {
            keys.List(await readers.ReadAsync(Destroyed, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            keys.ListLags = true;
            throw;
        }

        return true;
    }

    /// <summary>What stands in the list: who was erased, and whose key was destroyed.</summary>
    public static IReadOnlyList<string> Destroyed(SqliteSession session) =>
        session.List("SELECT name FROM key_gone WHERE kind IN ('ERASED', 'HOLDER')", row => row.GetString(0));

    /// <summary>Clinics whose key was destroyed before this process began.</summary>
    public static void Load(SqliteSession session, KeyCache cache)
    {
        foreach (var holder in session.List("SELECT name FROM key_gone WHERE kind = 'HOLDER'", row => row.GetString(0)))
        {
            cache.Lose(holder, KeyLoss.Holder);
        }
    }
}
