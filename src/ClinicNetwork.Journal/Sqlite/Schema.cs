using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>Numbered forward-only migrations, and the checks without which a store is not served.</summary>
internal static class Schema
{
    /// <summary>The newest schema this build knows: the number of its last migration.</summary>
    public const int Known = 10;

    /// <summary>The migration that gives the audit tree's row a MAC.</summary>
    private const int AuditMac = 3;

    /// <summary>True when the file holds a store already.</summary>
    public static bool HasStore(SqliteSession session) =>
        session.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'store'") == 1;

    public static StoreRow ReadStore(SqliteSession session) =>
        session.First(
            "SELECT incarnation, schema_version, min_reader, write_level, clock_mode, manual_now, key_check FROM store",
            row => new StoreRow(
                row.GetString(0),
                row.GetInt32(1),
                row.GetInt32(2),
                row.GetInt32(3),
                Enum.Parse<ClockMode>(row.GetString(4)),
                row.IsDBNull(5) ? null : row.GetInt64(5),
                row.GetFieldValue<byte[]>(6)))
        ?? throw new StoreRefusedException("journal.db has no store row; it is no store or was damaged. Restore it from a backup.");

    /// <summary>Refuses a schema that this build cannot read; changes nothing. A newer one says from which on it can be read.</summary>
    public static void RefuseUnreadable(StoreRow store)
    {
        if (store.MinReader > Known)
        {
            throw new StoreRefusedException(
                $"The store has schema {store.SchemaVersion} (readable from {store.MinReader} on), this server knows {Known}; start a newer server.");
        }
    }

    /// <summary>Makes a new store: first migration and store row in one transaction.</summary>
    public static void Create(SqliteSession session, SqliteStoreOptions options, MasterKey key)
    {
        var now = StoredTime.ToStored(options.TimeProvider.GetUtcNow());
        var manual = options.ClockMode == ClockMode.Manual;
        InTransaction(session, () =>
        {
            session.RunScript(Script(1));
            session.Execute(
                """
                INSERT INTO store (id, incarnation, schema_version, min_reader, write_level, clock_mode, manual_now, key_check, created_by, created_at)
                VALUES (1, $incarnation, 1, 1, 1, $clock_mode, $manual_now, $key_check, $created_by, $created_at)
                """,
                ("$incarnation", NewIncarnation()),
                ("$clock_mode", options.ClockMode.ToString()),
                ("$manual_now", manual ? StoredTime.ToStored(options.ManualStart) : null),
                ("$key_check", key.Check()),
                ("$created_by", typeof(Schema).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"),
                ("$created_at", now));
        });
    }

    /// <summary>Brings an older store up to <see cref="Known"/>, one transaction a step.</summary>
    public static void Migrate(SqliteSession session, StoreRow store, MasterKey master)
    {
        for (var step = store.SchemaVersion + 1; step <= Known; step++)
        {
            var number = step;
            InTransaction(session, () =>
            {
                session.RunScript(Script(number));
                if (number == AuditMac)
                {
                    SqliteAuditLog.Seal(session, new TreeGuard(master, store.Incarnation));
                }

                session.Execute("UPDATE store SET schema_version = $version", ("$version", number));
            });
        }
    }

    /// <summary>Wraps what older versions left to the master key alone, a page a transaction: a kill in between costs nothing.</summary>
    public static void WrapOldKeys(SqliteSession session, MasterKey master, KeyEncryptionKeys keks, SqliteStoreOptions options)
    {
        var (more, any) = (true, false);
        while (more)
        {
            InTransaction(session, () =>
            {
                more = HolderKeys.WrapOld(session, master, keks, options.KeyPageMax);
                options.Hooks?.KeysWrapped?.Invoke();
            });
            any |= more;
        }

        if (any)
        {
            // The old wraps must not stay in the log.
            session.Number("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /// <exception cref="StoreRefusedException">A key-encryption key in use has no file.</exception>
    public static void VerifyKeys(SqliteSession session, KeyEncryptionKeys keks) =>
        keks.RefuseMissing(session.List("SELECT DISTINCT kek_version FROM holder_key WHERE wrapped IS NOT NULL", row => row.GetInt32(0)));

    /// <summary>Throws <see cref="StoreRefusedException"/> when a unique key is missing.</summary>
    public static void VerifyUniqueKeys(SqliteSession session)
    {
        foreach (var (table, columns) in StoreRow.UniqueKeys)
        {
            var found = session.Number(
                """
                SELECT count(*) FROM pragma_index_list($table) AS l
                WHERE l."unique" = 1 AND l.partial = 0
                  AND (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno)) = $columns
                """,
                ("$table", table),
                ("$columns", columns));
            if (found == 0)
            {
                throw new StoreRefusedException($"The unique key {table} ({columns}) is missing from journal.db; restore it from a backup.");
            }
        }
    }

    /// <summary>What was handed out before a restore (cursors, etags, snapshots) is told apart from then on.</summary>
    /// <exception cref="StoreRefusedException">The audit tree's row was not written by this network, or the list of erasures cannot be read.</exception>
    public static string Renew(SqliteSession session, MasterKey master, ErasureList erased)
    {
        var incarnation = NewIncarnation();
        InTransaction(session, () =>
        {
            SqliteAuditLog.RefuseForeign(session, new TreeGuard(master, ReadStore(session).Incarnation));
            session.Execute("UPDATE store SET incarnation = $incarnation", ("$incarnation", incarnation));
            SqliteAuditLog.Seal(session, new TreeGuard(master, incarnation));
            foreach (var stream in erased.Among(session.List("SELECT stream FROM data_key WHERE stream NOT IN (SELECT name FROM key_gone)", row => row.GetString(0))))
            {
                KeyDestruction.EraseAgain(session, stream);
            }

            foreach (var holder in erased.Among(session.List("SELECT holder FROM holder_key WHERE wrapped IS NOT NULL AND holder <> 'network'", row => row.GetString(0))))
            {
                KeyDestruction.DestroyAgain(session, holder);
            }
        });
        session.Number("PRAGMA wal_checkpoint(TRUNCATE)");
        return incarnation;
    }

    private static string NewIncarnation() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    internal static void InTransaction(SqliteSession session, Action write)
    {
        session.RunScript("BEGIN IMMEDIATE");
        try
        {
            write();
            session.RunScript("COMMIT");
        }
        catch
        {
            if (!session.IsAutocommit)
            {
                session.RunScript("ROLLBACK");
            }

            throw;
        }
    }

    private static string Script(int number)
    {
        var assembly = typeof(Schema).Assembly;
        var prefix = string.Create(CultureInfo.InvariantCulture, $"Migrations/{number:0000}_");
        var name = assembly.GetManifestResourceNames().Single(resource => resource.StartsWith(prefix, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
