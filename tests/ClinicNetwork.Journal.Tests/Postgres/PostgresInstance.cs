using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Journal.Postgres;
using Npgsql;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>
/// One private PostgreSQL for the whole test process, started by the first test that needs it, in memory where there is such a place, and a
/// template database that each store under test is a copy of. When PostgreSQL is not installed those tests fail and say what to install.
/// </summary>
internal static class PostgresInstance
{
    private const string Template = "store_template";

    private static readonly Lazy<Task<PrivatePostgres>> Started = new(StartAsync);
    private static int _databases;

    /// <summary>Below this everything lies that goes with the process.</summary>
    private static readonly string Root = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "clinicnetwork-postgres-tests-" + Path.GetRandomFileName());

    public static Task<PrivatePostgres> Shared => Started.Value;

    /// <summary>A folder of one test's own.</summary>
    public static string NewFolder() => Path.Combine(Root, Path.GetRandomFileName());

    /// <summary>A copy of the template (a migrated store with a manual clock, no command in it) with a copy of its key folder.</summary>
    public static async Task<PostgresStoreOptions> NewStoreAsync()
    {
        var database = await NewDatabaseAsync(Template);
        var options = Options(await Shared, database, NewFolder());
        Directory.CreateDirectory(options.KeyFolder);
        File.Copy(Path.Combine(Root, "template-keys", "master.key"), Path.Combine(options.KeyFolder, "master.key"));
        return options;
    }

    /// <summary>A database without a store.</summary>
    public static async Task<PostgresStoreOptions> NewEmptyAsync() => Options(await Shared, await NewDatabaseAsync("template1"), NewFolder());

    public static async Task DropAsync(PostgresStoreOptions options)
    {
        await SqlAsync((await Shared).ConnectionString(), $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(options.ConnectionString).Database} WITH (FORCE)");
        Directory.Delete(options.KeyFolder, recursive: true);
    }

    public static PostgresStoreOptions Options(PrivatePostgres postgres, string database, string keyFolder) => new()
    {
        ConnectionString = postgres.ConnectionString(database),
        KeyFolder = keyFolder,
        ClockMode = ClockMode.Manual,
        TypeAssemblies = [typeof(Noted).Assembly],
    };

    /// <summary>Runs statements by a connection of their own.</summary>
    public static async Task SqlAsync(string connectionString, string sql)
    {
        await using var source = Source(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var source = Source(connectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Without a pool.</summary>
    public static NpgsqlDataSource Source(string connectionString) =>
        new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 10 }.ConnectionString).Build();

    private static async Task<string> NewDatabaseAsync(string template)
    {
        var name = $"store_{Interlocked.Increment(ref _databases)}";
        await SqlAsync((await Shared).ConnectionString(), $"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    private static async Task<PrivatePostgres> StartAsync()
    {
        Directory.CreateDirectory(Root);
        var postgres = await PrivatePostgres.CreateAsync(Path.Combine(Root, "data"), CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            postgres.StopImmediatelyAsync().Wait(TimeSpan.FromSeconds(10));
            Directory.Delete(Root, recursive: true);
        };
        await SqlAsync(postgres.ConnectionString(), $"CREATE DATABASE {Template}");
        await PostgresStore.MigrateAsync(Options(postgres, Template, Path.Combine(Root, "template-keys")), CancellationToken.None);
        return postgres;
    }
}
