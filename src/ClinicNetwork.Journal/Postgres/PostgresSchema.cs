using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>Numbered forward-only migrations, and what the store's own row says.</summary>
internal static class PostgresSchema
{
    private const string Prefix = "PostgresMigrations/";

    /// <summary>How rows are written: raised when older servers must not write beside newer ones.</summary>
    public const int KnownWriteLevel = 1;

    /// <summary>One migrator at a time: a number that nobody else locks by chance.</summary>
    private const long MigrationLock = 0x636c_696e_6963;

    /// <summary>The migration that gives the audit tree's row a MAC.</summary>
    private const int AuditMac = 5;

    /// <summary>The newest migration beside which no older server can work: one of 0.2 would take a data key's empty wrap for damage.</summary>
    private const int Breaking = 4;

    private static readonly SortedDictionary<int, string> Migrations = new(
        typeof(PostgresSchema).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture)));

    /// <summary>The newest schema this build knows: the number of its last migration.</summary>
    public static int Known => Migrations.Keys.Max();

    /// <summary>The store's row, or null when there is no store in the database.</summary>
    public static async Task<StoreRow?> ReadStoreAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var exists = await connection.ListAsync("SELECT to_regclass('store') IS NOT NULL", row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false);
        return !exists[0] ? null : (await connection.ListAsync(
            "SELECT incarnation, schema_version, min_reader, write_level, clock_mode, manual_now, key_check FROM store",
            row => new StoreRow(
                row.GetString(0),
                row.GetInt32(1),
                row.GetInt32(2),
                row.GetInt32(3),
                Enum.Parse<ClockMode>(row.GetString(4)),
                row.IsDBNull(5) ? null : row.GetInt64(5),
                row.GetFieldValue<byte[]>(6)),
            cancellationToken).ConfigureAwait(false)).FirstOrDefault();
    }

    /// <summary>Refuses a store that this build may not work on; changes nothing.</summary>
    public static void RefuseUnfit(StoreRow store)
    {
        if (store.MinReader > Known)
        {
            throw new StoreRefusedException(
                $"The store has schema {store.SchemaVersion} (readable from {store.MinReader} on), this server knows {Known}; start a newer server.");
        }

        if (store.WriteLevel > KnownWriteLevel)
        {
            throw new StoreRefusedException($"The store is written at level {store.WriteLevel}, this server knows {KnownWriteLevel}; start a newer server.");
        }
    }

    /// <summary>Brings the database to <see cref="Known"/>, one transaction a step; makes store row and key when there is no store.</summary>
    public static async Task<MigrationResult> MigrateAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        await LockAsync(connection, cancellationToken).ConfigureAwait(false);
        return await MigrateLockedAsync(connection, options, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<MigrationResult> MigrateLockedAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        var store = await ReadStoreAsync(connection, cancellationToken).ConfigureAwait(false);
        var master = MasterKeyFile.Load(options.KeyFolder, store is not null);
        if (store is not null)
        {
            RefuseUnfit(store);
            store.Refuse(master, MasterKeyFile.FileIn(options.KeyFolder), options.ClockMode, "The store at " + Sessions.Describe(options));
        }

        var breaks = store is not null && store.SchemaVersion < Breaking;
        if (breaks)
        {
            await RefuseServersAsync(connection, options, cancellationToken).ConfigureAwait(false);
        }

        foreach (var (number, name) in Migrations.Where(migration => migration.Key > (store?.SchemaVersion ?? 0)))
        {
            await using var step = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync(await ScriptAsync(name, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
#if FAULTS
            Faults.Point("InMigration");
#endif
            if (number == 1)
            {
                await InsertStoreAsync(connection, options, master, cancellationToken).ConfigureAwait(false);
            }

            if (number == AuditMac)
            {
                var incarnation = (await ReadStoreAsync(connection, cancellationToken).ConfigureAwait(false))!.Incarnation;
                await PostgresAuditLog.SealAsync(connection, new(master, incarnation), cancellationToken).ConfigureAwait(false);
            }

            await connection.ExecuteAsync("UPDATE store SET schema_version = $1", cancellationToken, Query.Int(number)).ConfigureAwait(false);
            await step.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (breaks)
        {
            // One that read the older schema just before: none that begins now does.
            await RefuseServersAsync(connection, options, cancellationToken).ConfigureAwait(false);
        }

        await KeyMigration.RunAsync(connection, master, options.KeyFolder, options.KeyPageMax, cancellationToken).ConfigureAwait(false);
        store = await ReadStoreAsync(connection, cancellationToken).ConfigureAwait(false);
        await PostgresAuditLog.PlaceBacklogAsync(connection, new(master, store!.Incarnation), cancellationToken).ConfigureAwait(false);
        return new MigrationResult(store.SchemaVersion, store.Incarnation);
    }

    /// <summary>New keys for all holders; not beside a migration or another rotation.</summary>
    public static async Task RotateAsync(NpgsqlConnection connection, PostgresStoreOptions options, Action<KeyCount> tell, CancellationToken cancellationToken)
    {
        await LockAsync(connection, cancellationToken).ConfigureAwait(false);
        var keks = await ReadKeysAsync(connection, options, cancellationToken).ConfigureAwait(false);
        await new KeyRotation(connection, keks, KeyEncryptionKeys.NewestIn(options.KeyFolder), options.KeyPageMax, tell).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    public static async Task<IReadOnlyList<KeyCount>> ListKeysAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        await ReadKeysAsync(connection, options, cancellationToken).ConfigureAwait(false);
        return await connection.ListAsync(
            """
            SELECT h.holder, CASE WHEN h.wrapped IS NULL THEN 0 ELSE h.kek_version END, h.current,
                   (SELECT count(*) FROM key_wrap AS w WHERE w.holder = h.holder AND w.holder_key = h.key_id)
            FROM holder_key AS h ORDER BY h.holder, h.current
            """,
            row => new KeyCount(row.GetString(0), row.GetInt32(1), row.GetBoolean(2), row.GetInt64(3)),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Refuses a store that is not of this schema, or whose keys cannot all be read here.</summary>
    private static async Task<KeyEncryptionKeys> ReadKeysAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        var place = Sessions.Describe(options);
        var store = await ReadStoreAsync(connection, cancellationToken).ConfigureAwait(false);
        if (store is null || store.SchemaVersion != Known)
        {
            throw new StoreRefusedException($"The database at {place} holds no store of schema {Known}; run the server's migrate command.");
        }

        var master = MasterKeyFile.Load(options.KeyFolder, storeExists: true);
        store.Refuse(master, MasterKeyFile.FileIn(options.KeyFolder), store.ClockMode, "The store at " + place);
        var keks = new KeyEncryptionKeys(options.KeyFolder, master);
        await OpeningChecks.RefuseUnreadKeysAsync(connection, options, keks, cancellationToken).ConfigureAwait(false);
        return keks;
    }

    /// <summary>A new incarnation, so that cursors and snapshots of before the restore are told apart. Refused while servers work on the store; then nothing is changed.</summary>
    public static async Task<MigrationResult> RenewAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        await LockAsync(connection, cancellationToken).ConfigureAwait(false);
        await RefuseServersAsync(connection, options, cancellationToken).ConfigureAwait(false);
        var migrated = await MigrateLockedAsync(connection, options, cancellationToken).ConfigureAwait(false);
        var incarnation = NewIncarnation();
        await using var change = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var master = MasterKeyFile.Load(options.KeyFolder, storeExists: true);
        await PostgresAuditLog.PlaceAllAsync(connection, new(master, migrated.Incarnation), new(master, incarnation), cancellationToken).ConfigureAwait(false);
        await DestroyAgainAsync(connection, new(options.KeyFolder, master), cancellationToken).ConfigureAwait(false);
        foreach (var table in (string[])["journal", "feed", "audit_access", "key_gone"])
        {
            await connection.ExecuteAsync(OwnTransactions(table), cancellationToken).ConfigureAwait(false);
        }

        // Cursors of before do not hold any more, but the beginning does: it must not pass for a whole feed. The marks of the old transactions could lie past all new ones.
        await connection.ExecuteAsync("UPDATE feed_trimmed SET tx = '0', position = 1", cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync("UPDATE store SET incarnation = $1", cancellationToken, Query.Text(incarnation)).ConfigureAwait(false);
        await change.CommitAsync(cancellationToken).ConfigureAwait(false);
        return migrated with { Incarnation = incarnation };
    }

    /// <summary>Takes what was destroyed into the list beside the master key, and tells how many are new in it.</summary>
    public static async Task<int> ListErasedAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        await ReadKeysAsync(connection, options, cancellationToken).ConfigureAwait(false);
        var erased = await connection.ListAsync(PostgresKeyring.Destroyed, row => row.GetString(0), cancellationToken).ConfigureAwait(false);
        return new ErasureList(options.KeyFolder, MasterKeyFile.Load(options.KeyFolder, storeExists: true)).Add(erased);
    }

    /// <summary>What the backup brought back of those in the list; no command of this store did it.</summary>
    private static async Task DestroyAgainAsync(NpgsqlConnection connection, ErasureList list, CancellationToken cancellationToken)
    {
        var erased = list.Among(await connection.ListAsync("SELECT stream FROM data_key WHERE NOT gone", row => row.GetString(0), cancellationToken).ConfigureAwait(false));
        var holders = list.Among(await connection.ListAsync(
            "SELECT DISTINCT holder FROM holder_key WHERE wrapped IS NOT NULL AND holder <> 'network'", row => row.GetString(0), cancellationToken).ConfigureAwait(false));
        if (erased.Count + holders.Count == 0)
        {
            return;
        }

        await connection.ExecuteAsync(
            """
            INSERT INTO key_gone (name, kind, request_id, version, at)
            SELECT j.stream, 'ERASED', 'restored', max(j.version), max(j.recorded_at) FROM journal AS j WHERE j.stream = ANY ($1::text[]) GROUP BY j.stream
            """,
            cancellationToken,
            Query.Texts(erased, stream => stream)).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "INSERT INTO key_gone (name, kind, request_id, version, at) SELECT n.holder, 'HOLDER', 'restored', 0, (SELECT max(recorded_at) FROM journal) FROM unnest($1::text[]) AS n(holder)",
            cancellationToken,
            Query.Texts(holders, holder => holder)).ConfigureAwait(false);
        foreach (var sql in KeyStatements.SweepHolders.Concat(KeyStatements.Sweep))
        {
            await connection.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>By the names of their sessions, which are the same in every version. Another that migrates waits for this one.</summary>
    private static async Task RefuseServersAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        var others = await connection.ListAsync(
            """
            SELECT count(*)::integer FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND starts_with(application_name, $1 || '-') AND application_name <> $1 || '-migrate'
            """,
            row => row.GetInt32(0),
            cancellationToken,
            Query.Text(options.ApplicationName)).ConfigureAwait(false);
        if (others[0] > 0)
        {
            throw new StoreRefusedException($"{others[0]} sessions of servers work on the store at {Sessions.Describe(options)}; stop all servers first, then run this again.");
        }
    }

    /// <summary>
    /// A dump carries the transaction ids of the instance it was made on. Where this one has not come as far, they would lie in its future: such
    /// rows are held back from the feed, and later ones sorted before them. They get the id of this transaction; what is one patient's keeps its order, by entry.
    /// </summary>
    private static string OwnTransactions(string table) =>
        $"UPDATE {table} SET tx = pg_current_xact_id() WHERE EXISTS (SELECT 1 FROM {table} WHERE tx >= pg_snapshot_xmin(pg_current_snapshot()))";

    private static string NewIncarnation() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Until the session ends.</summary>
    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("SET lock_timeout = '60s'", cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync("SELECT pg_advisory_lock($1)", cancellationToken, Query.Long(MigrationLock)).ConfigureAwait(false);
    }

    private static Task InsertStoreAsync(NpgsqlConnection connection, PostgresStoreOptions options, MasterKey master, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            """
            INSERT INTO store (id, incarnation, schema_version, min_reader, write_level, clock_mode, manual_now, key_check, created_by, created_at)
            VALUES (1, $1, 1, 1, 1, $2, CASE $2 WHEN 'Manual' THEN $3 END, $4, $5, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
            """,
            cancellationToken,
            Query.Text(NewIncarnation()),
            Query.Text(options.ClockMode.ToString()),
            Query.Long(StoredTime.ToStored(options.ManualStart)),
            Query.Bytes(master.Check()),
            Query.Text(typeof(PostgresSchema).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"));

    private static async Task<string> ScriptAsync(string name, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(typeof(PostgresSchema).Assembly.GetManifestResourceStream(name)!);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }
}
