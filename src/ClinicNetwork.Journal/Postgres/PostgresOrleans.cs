using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>Connections of Orleans' ADO.NET providers to the store's database; their tables and texts are migration 0002.</summary>
public static class PostgresOrleans
{
    /// <summary>The providers' name for PostgreSQL.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>Purpose of the source for grain storage.</summary>
    public const string Snapshots = "snapshots";

    /// <summary>Purpose of the source for membership and the list of gateways.</summary>
    public const string Clustering = "clustering";

    /// <summary>Connections a purpose may hold: snapshots are written in the background, membership is a few statements a second.</summary>
    private const int PoolMax = 8;

    /// <summary>Texts a connection keeps prepared; the providers have 13.</summary>
    private const int StatementsMax = 20;

    /// <summary>A database that does not answer is away; the caller goes on without it or tries again.</summary>
    private const int TimeoutSeconds = 5;

    /// <summary>
    /// A pool of its own per purpose, so that none waits for another's; the purpose is in <c>application_name</c>. Snapshots do not wait for
    /// the disk: they are a cache, and a crash that loses the last of them costs a longer activation.
    /// </summary>
    /// <exception cref="StoreRefusedException">The connection string asks for what cannot be used.</exception>
    public static NpgsqlDataSource Source(string connectionString, string purpose)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "clinicnetwork-" + purpose,
            MaxPoolSize = PoolMax,
            ConnectionIdleLifetime = Sessions.IdleSecondsMax,
            ConnectionPruningInterval = Sessions.PruneSeconds,
            Timeout = TimeoutSeconds,
            CommandTimeout = TimeoutSeconds,
            IncludeErrorDetail = false,
            // The provider's few texts are long: parsed and planned once a connection, not once a call. No statement changes its session, so
            // there is nothing to reset when a connection goes back.
            MaxAutoPrepare = StatementsMax,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        };
        if (purpose == Snapshots)
        {
            connection.Options = $"{connection.Options} -c synchronous_commit=off".TrimStart();
        }

        return Sessions.Built(() => NpgsqlDataSource.Create(connection));
    }
}
