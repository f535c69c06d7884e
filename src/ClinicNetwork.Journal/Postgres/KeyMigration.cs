using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Wraps the data keys of older versions, which the master key wraps alone, for those who may read each stream. A page is a transaction; killed
/// between two, the next run goes on with what is left.
/// </summary>
internal static class KeyMigration
{
    public static async Task RunAsync(NpgsqlConnection connection, MasterKey master, string keyFolder, int pageKeys, CancellationToken cancellationToken)
    {
        var keks = new KeyEncryptionKeys(keyFolder, master);
        while (await WrapPageAsync(connection, new KeyWrap(master), keks, pageKeys, cancellationToken).ConfigureAwait(false))
        {
#if FAULTS
            Faults.Point("InKeyMigration");
#endif
        }
    }

    /// <summary>False: nothing was left.</summary>
    private static async Task<bool> WrapPageAsync(NpgsqlConnection connection, KeyWrap old, KeyEncryptionKeys keks, int pageKeys, CancellationToken cancellationToken)
    {
        await using var page = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var keys = await connection.ListAsync(
            "SELECT stream, key_id, wrapped FROM data_key WHERE octet_length(wrapped) > 0 ORDER BY stream LIMIT $1 FOR UPDATE",
            row => old.Unwrap(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)),
            cancellationToken,
            Query.Int(pageKeys)).ConfigureAwait(false);
        if (keys.Count == 0)
        {
            await EnsureHoldersAsync(connection, keks, [HolderKey.Network, .. await ClinicsAsync(connection, cancellationToken).ConfigureAwait(false)], cancellationToken).ConfigureAwait(false);
            await page.CommitAsync(cancellationToken).ConfigureAwait(false);
            return false;
        }

        var sites = (await connection.ListAsync(
            "SELECT stream, site FROM patient_access WHERE stream = ANY ($1::text[])",
            row => (Stream: row.GetString(0), Site: row.GetString(1)),
            cancellationToken,
            Query.Texts(keys, key => key.Stream)).ConfigureAwait(false)).ToLookup(one => one.Stream, one => one.Site, StringComparer.Ordinal);
        var readers = keys.ConvertAll(key => (Key: key, Holders: Wrapping.ReadersOfOld(sites[key.Stream])));
        var holders = await EnsureHoldersAsync(connection, keks, [HolderKey.Network, .. readers.SelectMany(one => one.Holders)], cancellationToken).ConfigureAwait(false);
        var wraps = readers.SelectMany(one => one.Holders.Select(holder => holders[holder].Wrap(one.Key))).ToList();
        await connection.ExecuteAsync(
            "INSERT INTO key_wrap (stream, holder, holder_key, wrapped) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[])",
            cancellationToken,
            Query.Texts(wraps, wrap => wrap.Stream),
            Query.Texts(wraps, wrap => wrap.Holder),
            Query.Blobs(wraps, wrap => wrap.HolderKeyId),
            Query.Blobs(wraps, wrap => wrap.Wrapped)).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "UPDATE data_key SET wrapped = '' WHERE stream = ANY ($1::text[])", cancellationToken, Query.Texts(keys, key => key.Stream)).ConfigureAwait(false);
        await page.CommitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Resource names of the registered clinics, from their streams.</summary>
    private static Task<List<string>> ClinicsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ListAsync("SELECT 'clinics/' || substr(stream, 4) FROM clinic WHERE stream LIKE 'cl-%'", row => row.GetString(0), cancellationToken);

    private static async Task<IReadOnlyDictionary<string, HolderKey>> EnsureHoldersAsync(
        NpgsqlConnection connection, KeyEncryptionKeys keks, IEnumerable<string> holders, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = [.. holders.Distinct(StringComparer.Ordinal)];
        var rows = await connection.ListAsync(PostgresHolders.ReadCurrent, PostgresHolders.Read, cancellationToken, Query.Texts(names, name => name)).ConfigureAwait(false);
        var version = rows.FirstOrDefault(row => row.Holder == HolderKey.Network)?.KekVersion ?? 1;
        var keys = rows.Where(row => row.Wrapped is not null).ToDictionary(row => row.Holder, keks.Unwrap, StringComparer.Ordinal);
        foreach (var name in names.Except(rows.Select(row => row.Holder)))
        {
            var (key, row) = Made(name);
            keys.Add(name, key);
            await connection.ExecuteAsync(
                "INSERT INTO holder_key (holder, key_id, kek_version, wrapped, current) VALUES ($1, $2, $3, $4, true)",
                cancellationToken,
                Query.Text(row.Holder),
                Query.Bytes(row.KeyId),
                Query.Int(row.KekVersion),
                Query.Bytes(row.Wrapped!)).ConfigureAwait(false);
        }

        return keys;

        (HolderKey Key, HolderKeyRow Row) Made(string name)
        {
            var key = HolderKey.Create(name);
            return (key, keks.Wrap(key, version));
        }
    }
}
