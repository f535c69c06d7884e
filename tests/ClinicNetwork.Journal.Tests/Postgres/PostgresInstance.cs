using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
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
    private const string Name = "clinicnetwork-postgres-tests-";

    private static readonly string Above = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private static readonly Lazy<Task<PrivatePostgres>> Started = new(StartAsync);
    private static readonly ConcurrentBag<string> Emptied = [];

    /// <summary>All but the store's row, in an order that foreign keys allow.</summary>
    private static readonly string EmptyScript = string.Join(
        ';',
        ((string[])["key_wrap", "holder_key", "key_gone", "delivery_row", "delivery_batch", "delivery_cell", "delivery_use", "exchange_document", "agreement", "submission_record", "released", "settled", "cell_member", "cell", "outcome", "pool", "consent", "follow_up", "due", "feed", "patient_access", "patient", "clinic", "journal", "data_key", "audit_access", "audit_leaf", "audit_node", "audit_head", "used_assertion"])
            .Select(table => "DELETE FROM " + table).Append("UPDATE store SET manual_now = 1735689600000").Append("UPDATE release_profile SET published = 0").Append("DELETE FROM audit_tree").Append("INSERT INTO audit_tree SELECT * FROM new_audit_tree"));

    private static int _databases;

    /// <summary>Below this everything lies that goes with the process.</summary>
    private static readonly string Root = Path.Combine(Above, $"{Name}{Environment.ProcessId}-{Path.GetRandomFileName()}");

    public static Task<PrivatePostgres> Shared => Started.Value;

    /// <summary>A folder of one test's own.</summary>
    public static string NewFolder() => Path.Combine(Root, Path.GetRandomFileName());

    /// <summary>A copy of the template (a migrated store with a manual clock, no command in it) with a copy of its key folder.</summary>
    public static async Task<PostgresStoreOptions> NewStoreAsync()
    {
        var database = Emptied.TryTake(out var emptied) ? emptied : await NewDatabaseAsync(Template);
        var options = Options(await Shared, database, NewFolder());
        Directory.CreateDirectory(options.KeyFolder);
        File.Copy(Path.Combine(Root, "template-keys", "master.key"), Path.Combine(options.KeyFolder, "master.key"));
        return options;
    }

    /// <summary>A database without a store.</summary>
    public static async Task<PostgresStoreOptions> NewEmptyAsync() => Options(await Shared, await NewDatabaseAsync("template1"), NewFolder());

    /// <summary>Gives a copy of the template back, emptied: many times faster than to make another.</summary>
    public static async Task EmptyAsync(PostgresStoreOptions options)
    {
        await SqlAsync(options.ConnectionString, EmptyScript);
        Directory.Delete(options.KeyFolder, recursive: true);
        Emptied.Add(new NpgsqlConnectionStringBuilder(options.ConnectionString).Database!);
    }

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
        new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 10 }.ConnectionString)
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();

    private static async Task<string> NewDatabaseAsync(string template)
    {
        var name = $"store_{Interlocked.Increment(ref _databases)}";
        await SqlAsync((await Shared).ConnectionString(), $"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    private static async Task<PrivatePostgres> StartAsync()
    {
        RemoveLeftOvers();
        Directory.CreateDirectory(Root);
        var postgres = await PrivatePostgres.CreateAsync(Path.Combine(Root, "data"), CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            // The test runner gives little time: no orderly end.
            postgres.KillAsync().Wait(TimeSpan.FromSeconds(10));
            Directory.Delete(Root, recursive: true);
        };
        await SqlAsync(postgres.ConnectionString(), $"CREATE DATABASE {Template}");
        await PostgresStore.MigrateAsync(Options(postgres, Template, Path.Combine(Root, "template-keys")), CancellationToken.None);
        await SqlAsync(postgres.ConnectionString(Template), "CREATE TABLE new_audit_tree AS SELECT * FROM audit_tree");
        return postgres;
    }

    /// <summary>Instances and folders of test processes that were killed.</summary>
    private static void RemoveLeftOvers()
    {
        foreach (var folder in Directory.GetDirectories(Above, Name + "*"))
        {
            var owner = Path.GetFileName(folder)[Name.Length..].Split('-')[0];
            if (!int.TryParse(owner, CultureInfo.InvariantCulture, out _) || Directory.Exists("/proc/" + owner))
            {
                continue;
            }

            var file = Path.Combine(folder, "data", "postmaster.pid");
            var postmaster = File.Exists(file) ? File.ReadLines(file).First() : "none";
            if (File.Exists($"/proc/{postmaster}/cmdline") && File.ReadAllText($"/proc/{postmaster}/cmdline").Contains(folder, StringComparison.Ordinal))
            {
                using var left = Process.GetProcessById(int.Parse(postmaster, CultureInfo.InvariantCulture));
                left.Kill(entireProcessTree: true);
                left.WaitForExit(TimeSpan.FromSeconds(10));
            }

            Directory.Delete(folder, recursive: true);
        }
    }
}
