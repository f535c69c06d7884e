using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>What a database must be before a store on it is served; each refusal is one line that says what to do.</summary>
internal static class OpeningChecks
{
    private const int ServerVersionMin = 15;

    /// <summary>Of this machine's clock against the database's (docs of the operator; above it, something is wrong with one of them).</summary>
    private static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(2);

    /// <summary>The one key that is unique among some rows only: among those that <c>current</c> says.</summary>
    private static readonly (string Table, string Columns) Current = ("holder_key", "holder");

    /// <summary>Names as PostgreSQL keeps them, in lower case. In SQLite these first ones are keyed by the row id; Orleans has no tables there.</summary>
    private static readonly (string Table, string Columns)[] UniqueKeys =
    [
        .. StoreRow.UniqueKeys,
        Current,
        ("store", "id"),
        ("audit_access", "id"),
        ("audit_access", "entry_id"),
        ("audit_leaf", "position"),
        ("audit_head", "number"),
        ("audit_tree", "id"),
        ("orleansquery", "querykey"),
        ("orleansstorage", "grainidhash,graintypehash,grainidn0,grainidn1,graintypestring,grainidextensionstring,serviceid"),
        ("orleansmembershipversiontable", "deploymentid"),
        ("orleansmembershiptable", "deploymentid,address,port,generation"),
    ];

    /// <summary>Connects, or says why not.</summary>
    public static async Task<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        var place = Sessions.Describe(options);
        try
        {
            return await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e)
        {
            throw new StoreRefusedException(
                e.SqlState switch
                {
                    PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                        $"The database at {place} refused the user or the password; correct the connection string.",
                    PostgresErrorCodes.InvalidCatalogName => $"There is no database at {place}; create it, or correct the connection string.",
                    _ => $"The database at {place} refused the connection ({Failures.Brief(e)}); start it again, or wait until it has started.",
                },
                e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new StoreRefusedException($"The database at {place} cannot be reached ({Failures.Brief(e)}); start it, or correct the connection string.", e);
        }
    }

    /// <summary>The server itself: version, durability, clock.</summary>
    public static async Task RefuseUnfitServerAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        var place = Sessions.Describe(options);
        var server = (await connection.ListAsync(
            """
            SELECT current_setting('server_version_num')::integer / 10000, current_setting('fsync'), current_setting('full_page_writes'),
                   current_setting('synchronous_commit'), (extract(epoch FROM clock_timestamp()) * 1000)::bigint
            """,
            row => (Version: row.GetInt32(0), Fsync: row.GetString(1), Pages: row.GetString(2), Commit: row.GetString(3), Now: row.GetInt64(4)),
            cancellationToken).ConfigureAwait(false))[0];
        if (server.Version < ServerVersionMin)
        {
            throw new StoreRefusedException($"The database at {place} is PostgreSQL {server.Version}; upgrade it to {ServerVersionMin} or later.");
        }

        if ((server.Fsync, server.Pages, server.Commit) is not ("on", "on", "on"))
        {
            throw new StoreRefusedException(
                $"The database at {place} would lose acknowledged records (fsync {server.Fsync}, full_page_writes {server.Pages}, synchronous_commit {server.Commit}); switch all three on.");
        }

        var skew = options.TimeProvider.GetUtcNow() - StoredTime.FromStored(server.Now);
        if (options.ClockMode == ClockMode.System && skew.Duration() > SkewMax)
        {
            throw new StoreRefusedException(
                $"This machine's clock differs by {skew.TotalSeconds:0.0} s from that of the database at {place}; synchronise both (at most {SkewMax.TotalSeconds:0} s).");
        }
    }

    /// <summary>A dump of another instance: new rows would get transaction ids that lie before what was placed in the audit, and sort before old ones in the feed.</summary>
    public static async Task RefuseUntoldRestoreAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        var ahead = await connection.ListAsync(
            "SELECT next_tx > pg_snapshot_xmax(pg_current_snapshot()) FROM audit_tree", row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false);
        if (ahead.FirstOrDefault())
        {
            throw new StoreRefusedException($"The store at {Sessions.Describe(options)} was restored from another instance's dump; stop all servers and run the server's migrate command with --restored.");
        }
    }

    /// <summary>The keys that arbitrate. A column that may be null counts only in a key by which nulls are equal.</summary>
    public static async Task RefuseMissingKeysAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        var missing = await connection.ListAsync(
            """
            SELECT n.name, n.columns FROM unnest($1::text[], $2::text[], $3::text[]) AS n(name, columns, among)
            WHERE NOT EXISTS (
                SELECT 1 FROM pg_index AS i
                WHERE i.indrelid = to_regclass(n.name) AND i.indisunique AND i.indisvalid AND i.indisready AND i.indimmediate
                  AND coalesce(pg_get_expr(i.indpred, i.indrelid), '') = n.among AND i.indexprs IS NULL
                  AND (i.indnullsnotdistinct OR NOT EXISTS (
                       SELECT FROM pg_attribute AS a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[]) AND NOT a.attnotnull))
                  AND (SELECT string_agg(a.attname, ',' ORDER BY k.place)
                       FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
                       JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number
                       WHERE k.place <= i.indnkeyatts) = n.columns)
            """,
            row => $"{row.GetString(0)} ({row.GetString(1)})",
            cancellationToken,
            Query.Texts(UniqueKeys, key => key.Table),
            Query.Texts(UniqueKeys, key => key.Columns),
            Query.Texts(UniqueKeys, key => key == Current ? "current" : "")).ConfigureAwait(false);
        if (missing.Count > 0)
        {
            throw new StoreRefusedException($"The unique key {missing[0]} is missing from the database at {Sessions.Describe(options)}; restore it from a backup.");
        }
    }

    /// <summary>Keys that migrate has not come to, and key-encryption keys in use that this process cannot read.</summary>
    public static async Task RefuseUnreadKeysAsync(NpgsqlConnection connection, PostgresStoreOptions options, KeyEncryptionKeys keks, CancellationToken cancellationToken)
    {
        var left = await connection.ListAsync(
            "SELECT EXISTS (SELECT FROM data_key WHERE octet_length(wrapped) > 0)", row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false);
        if (left[0])
        {
            throw new StoreRefusedException($"The keys of the store at {Sessions.Describe(options)} are not all wrapped for clinics yet; run the server's migrate command.");
        }

        keks.RefuseMissing(await connection.ListAsync(
            "SELECT DISTINCT kek_version FROM holder_key WHERE wrapped IS NOT NULL", row => row.GetInt32(0), cancellationToken).ConfigureAwait(false));
    }
}
