using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Gives every holder a new key under the newest key-encryption key, and moves the wraps to it in pages, while servers work. The old key is there until
/// no wrap is under it. Broken off anywhere, the next run goes on.
/// </summary>
internal sealed class KeyRotation(NpgsqlConnection connection, KeyEncryptionKeys keks, int version, int pageKeys, Action<KeyCount> tell)
{
    /// <summary>Longest wait for the transactions that began before the network's key was changed: servers' own end within seconds.</summary>
    private const int WaitsMax = 600;

    private static readonly TimeSpan WaitPause = TimeSpan.FromMilliseconds(100);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // The network's first: its version is the one that new keys of clinics get.
        await RotateAsync(HolderKey.Network, cancellationToken).ConfigureAwait(false);
        await OutliveOlderAsync(cancellationToken).ConfigureAwait(false);
        var holders = await connection.ListAsync(
            "SELECT DISTINCT holder FROM holder_key WHERE wrapped IS NOT NULL AND holder <> 'network' ORDER BY holder", row => row.GetString(0), cancellationToken).ConfigureAwait(false);
        foreach (var holder in holders)
        {
            await RotateAsync(holder, cancellationToken).ConfigureAwait(false);
        }

        // What was deleted is cleared out of the pages; a role that does not own the tables is only warned.
        await connection.ExecuteAsync("VACUUM key_wrap", cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync("VACUUM holder_key", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A clinic that is being registered may still get a key of the old version; afterwards none can.</summary>
    private async Task OutliveOlderAsync(CancellationToken cancellationToken)
    {
        var now = (await connection.ListAsync("SELECT pg_snapshot_xmax(pg_current_snapshot())::text", row => row.GetString(0), cancellationToken).ConfigureAwait(false))[0];
        for (var i = 0; i < WaitsMax; i++)
        {
            var over = await connection.ListAsync(
                "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8", row => row.GetBoolean(0), cancellationToken, Query.Text(now)).ConfigureAwait(false);
            if (over[0])
            {
                return;
            }

            await Task.Delay(WaitPause, cancellationToken).ConfigureAwait(false);
        }

        throw new StoreRefusedException("A transaction of before the rotation is still open; end it and rotate again.");
    }

    private async Task RotateAsync(string holder, CancellationToken cancellationToken)
    {
        if (!await ReplaceAsync(holder, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        long moved = 0;
        int page;
        do
        {
            moved += page = await MoveAsync(holder, last: false, cancellationToken).ConfigureAwait(false);
#if FAULTS
            Faults.Point("InKeyRotation");
#endif
        }
        while (page >= pageKeys);
        moved += await MoveAsync(holder, last: true, cancellationToken).ConfigureAwait(false);
        tell(new KeyCount(holder, version, true, moved));
    }

    /// <summary>False: the holder's key was destroyed.</summary>
    private async Task<bool> ReplaceAsync(string holder, CancellationToken cancellationToken)
    {
        await using var change = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var current = await connection.ListAsync(
            "SELECT wrapped IS NOT NULL FROM holder_key WHERE holder = $1 AND current FOR UPDATE", row => row.GetBoolean(0), cancellationToken, Query.Text(holder)).ConfigureAwait(false);
        if (current is not [true])
        {
            return false;
        }

        var row = keks.Wrap(HolderKey.Create(holder), version);
        await connection.ExecuteAsync("UPDATE holder_key SET current = false WHERE holder = $1", cancellationToken, Query.Text(holder)).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "INSERT INTO holder_key (holder, key_id, kek_version, wrapped, current) VALUES ($1, $2, $3, $4, true)",
            cancellationToken,
            Query.Text(row.Holder),
            Query.Bytes(row.KeyId),
            Query.Int(row.KekVersion),
            Query.Bytes(row.Wrapped!)).ConfigureAwait(false);
        await change.CommitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Moves one page; at last what came since, and removes the old key: whoever would wrap by it at this moment waits, is refused, and wraps anew. Locks in
    /// the order of every writer: holders' keys, then wraps.
    /// </summary>
    private async Task<int> MoveAsync(string holder, bool last, CancellationToken cancellationToken)
    {
        await using var change = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var keys = (await connection.ListAsync(
            $"""
            SELECT holder, key_id, kek_version, wrapped, current FROM holder_key
            WHERE holder = $1 AND wrapped IS NOT NULL ORDER BY key_id FOR {(last ? "UPDATE" : "KEY SHARE")}
            """,
            row => (Row: PostgresHolders.Read(row), Current: row.GetBoolean(4)),
            cancellationToken,
            Query.Text(holder)).ConfigureAwait(false)).ConvertAll(one => (Key: keks.Unwrap(one.Row), one.Current));
        var moved = 0;
        if (keys.Find(one => one.Current).Key is { } current)
        {
            foreach (var (old, _) in keys.Where(one => !one.Current))
            {
                while ((last || moved < pageKeys) && await MovePageAsync(old, current, cancellationToken).ConfigureAwait(false) is > 0 and var page)
                {
                    moved += page;
                }
            }

            if (last)
            {
                await connection.ExecuteAsync("DELETE FROM holder_key WHERE holder = $1 AND NOT current", cancellationToken, Query.Text(holder)).ConfigureAwait(false);
            }
        }

        await change.CommitAsync(cancellationToken).ConfigureAwait(false);
        return moved;
    }

    private async Task<int> MovePageAsync(HolderKey old, HolderKey current, CancellationToken cancellationToken)
    {
        var wraps = await connection.ListAsync(
            """
            SELECT w.stream, w.wrapped, (SELECT d.key_id FROM data_key AS d WHERE d.stream = w.stream) FROM key_wrap AS w
            WHERE w.holder = $1 AND w.holder_key = $2 ORDER BY w.holder, w.holder_key, w.stream LIMIT $3 FOR UPDATE
            """,
            row => old.TryUnwrap(row.GetString(0), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(1), out var key)
                ? current.Wrap(key)
                : throw new StoreDamagedException($"The data key of stream {row.GetString(0)} cannot be unwrapped by the key of {old.Holder}."),
            cancellationToken,
            Query.Text(old.Holder),
            Query.Bytes(old.KeyId),
            Query.Int(pageKeys)).ConfigureAwait(false);
        await connection.ExecuteAsync(
            """
            UPDATE key_wrap AS w SET holder_key = $3, wrapped = n.wrapped FROM unnest($1::text[], $2::bytea[]) AS n(stream, wrapped)
            WHERE w.stream = n.stream AND w.holder = $4
            """,
            cancellationToken,
            Query.Texts(wraps, wrap => wrap.Stream),
            Query.Blobs(wraps, wrap => wrap.Wrapped),
            Query.Bytes(current.KeyId),
            Query.Text(old.Holder)).ConfigureAwait(false);
        return wraps.Count;
    }
}
