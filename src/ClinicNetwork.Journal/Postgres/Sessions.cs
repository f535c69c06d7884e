using System.Globalization;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Data sources, one per purpose. Every session is durable by its own setting, whatever the server's default. No detail of an error and no
/// parameter reaches a message: details hold values of rows.
/// </summary>
internal static class Sessions
{
    /// <summary>Longest wait for a connection, seconds.</summary>
    private const int ConnectSecondsMax = 3;

    /// <summary>Longest wait for an answer, seconds. The server gives up before (see the options below), and says so definitely.</summary>
    private const int CommandSecondsMax = 8;

    /// <summary>A pooled connection that was idle for this long is closed, seconds: what a burst opened does not stay.</summary>
    internal const int IdleSecondsMax = 20;

    /// <summary>How often pools are looked at for it, seconds.</summary>
    internal const int PruneSeconds = 5;

    /// <summary>A connection that listens asks for a sign of life when it heard nothing for this long, seconds.</summary>
    private const int KeepAliveSeconds = 10;

    private const int AuditorsMax = 3;

    private const int AssertionsMax = 2;

    private const string Durable = "-c synchronous_commit=on -c jit=off -c idle_in_transaction_session_timeout=10s";

    /// <summary>
    /// Writers find everything by keys, so their plans must not depend on how full a table was when it was last analysed: no scan of a whole
    /// table, one generic plan per statement. What waits too long fails definitely, before the client's patience ends.
    /// </summary>
    private const string Writing =
        " -c statement_timeout=6s -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

    /// <summary>Without a pool: each lane keeps its connection.</summary>
    public static NpgsqlDataSource Writers(PostgresStoreOptions options) =>
        Build(options, "write", 0, string.Create(CultureInfo.InvariantCulture, $"{Durable}{Writing} -c lock_timeout={options.LockSecondsMax}s"));

    /// <summary>One places and two keep accesses: no more are of use at a time.</summary>
    public static NpgsqlDataSource Auditing(PostgresStoreOptions options) =>
        Build(options, "audit", AuditorsMax, string.Create(CultureInfo.InvariantCulture, $"{Durable}{Writing} -c lock_timeout={options.LockSecondsMax}s"));

    /// <summary>Whoever asks for tokens takes no place of what is audited or read.</summary>
    public static NpgsqlDataSource Assertions(PostgresStoreOptions options) =>
        Build(options, "assertions", AssertionsMax, string.Create(CultureInfo.InvariantCulture, $"{Durable}{Writing} -c lock_timeout={options.LockSecondsMax}s"));

    public static NpgsqlDataSource Readers(PostgresStoreOptions options) => Build(options, "read", options.ReadersMax, Durable + " -c statement_timeout=7s");

    /// <summary>Without a pool: for opening.</summary>
    public static NpgsqlDataSource Single(PostgresStoreOptions options, string purpose) => Build(options, purpose, 0, Durable);

    /// <summary>Without a pool: for hints. Who only listens would else not find out that the connection has died without a word.</summary>
    public static NpgsqlDataSource Listening(PostgresStoreOptions options) => Build(options, "hints", 0, Durable, keepAliveSeconds: KeepAliveSeconds);

    /// <summary>For migrations, which may rewrite a table: only the caller's patience ends them.</summary>
    public static NpgsqlDataSource Altering(PostgresStoreOptions options) => Build(options, "migrate", 0, Durable, commandSecondsMax: 0);

    /// <summary>Host, port and database for messages: never the password.</summary>
    public static string Describe(PostgresStoreOptions options)
    {
        var parts = Parse(options);
        return $"{parts.Host}:{parts.Port}/{parts.Database}";
    }

    /// <exception cref="StoreRefusedException">It is no connection string.</exception>
    private static NpgsqlConnectionStringBuilder Parse(PostgresStoreOptions options)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(options.ConnectionString);
        }
        catch (ArgumentException)
        {
            // The exception's text may repeat a part of the string, and with it the password.
            throw new StoreRefusedException("The connection string of the database cannot be read; write it as Host=…;Port=…;Username=…;Password=…;Database=….");
        }
    }

    private static NpgsqlDataSource Build(PostgresStoreOptions options, string purpose, int poolMax, string settings, int commandSecondsMax = CommandSecondsMax, int? keepAliveSeconds = null)
    {
        var parts = Parse(options);
        parts.ApplicationName = $"{options.ApplicationName}-{purpose}";
        parts.Options = string.IsNullOrEmpty(parts.Options) ? settings : parts.Options + " " + settings;
        parts.Timeout = ConnectSecondsMax;
        parts.CommandTimeout = commandSecondsMax;
        parts.IncludeErrorDetail = false;
        parts.Pooling = poolMax > 0;
        parts.MinPoolSize = 0;
        parts.MaxPoolSize = Math.Max(1, poolMax);
        (parts.ConnectionIdleLifetime, parts.ConnectionPruningInterval) = (IdleSecondsMax, PruneSeconds);
        parts.MaxAutoPrepare = 100;
        parts.AutoPrepareMinUsages = 2;
        // No statement changes its session: resetting it would cost as much as a short read.
        parts.NoResetOnClose = true;
        parts.Enlist = false;

        parts.KeepAlive = keepAliveSeconds ?? parts.KeepAlive;

        // Built-in types only, so the catalogue need not be read at every start.
        return Built(() => new NpgsqlDataSourceBuilder(parts.ConnectionString).ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build());
    }

    /// <summary>What Npgsql finds wrong only when it builds a source, as a refusal that repeats nothing of the string.</summary>
    internal static NpgsqlDataSource Built(Func<NpgsqlDataSource> build)
    {
        try
        {
            return build();
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new StoreRefusedException(
                "The connection string of the database asks for what the store cannot use (for example multiplexing, target session attributes with one host, or SSL negotiation without SSL); leave such words out.");
        }
    }
}
