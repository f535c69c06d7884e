using System.Diagnostics;
using System.Globalization;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Cli.Cluster;
using Npgsql;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>PostgreSQL's own load generator on a database of its own in the same instance: the durable insert and the read that nothing on top can beat.</summary>
internal sealed class Pgbench(PrivatePostgres postgres, string folder)
{
    private const string Database = "pgbench";

    /// <summary>pgbench's scale: 100,000 accounts each.</summary>
    private const int Scale = 10;

    /// <summary>Threads of pgbench: one a core of the machine that the goals were set on.</summary>
    private const int ThreadsMax = 2;

    /// <summary>Added to each run, because pgbench's time begins before its clients are connected.</summary>
    private static readonly TimeSpan ConnectingTime = TimeSpan.FromSeconds(1);

    private string InsertScript => Path.Combine(folder, "insert.sql");

    /// <summary>Makes the database, the accounts of <c>pgbench -S</c>, and a script that inserts one row of this size.</summary>
    public async Task PrepareAsync(int rowBytes, CancellationToken cancellationToken)
    {
        await using (var source = NpgsqlDataSource.Create(postgres.ConnectionString()))
        await using (var create = source.CreateCommand($"CREATE DATABASE {Database}"))
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        await ChildProcess.RunAsync(Start(["-i", "-q", "-s", Text(Scale)]), cancellationToken);
        await using (var own = NpgsqlDataSource.Create(postgres.ConnectionString(Database)))
        await using (var table = own.CreateCommand("CREATE TABLE bench_insert (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)"))
        {
            await table.ExecuteNonQueryAsync(cancellationToken);
        }

        await File.WriteAllTextAsync(InsertScript, $"INSERT INTO bench_insert (body) VALUES ('{Body(rowBytes)}');\n", cancellationToken);
    }

    /// <summary>One row a transaction.</summary>
    public Task<Sample> InsertAsync(int clients, TimeSpan time, CancellationToken cancellationToken) =>
        RunAsync(["-n", "-f", InsertScript], clients, time, cancellationToken);

    /// <summary><c>pgbench -S</c>: one row by its key.</summary>
    public Task<Sample> SelectAsync(int clients, TimeSpan time, CancellationToken cancellationToken) =>
        RunAsync(["-n", "-S"], clients, time, cancellationToken);

    /// <summary>The rate that pgbench prints.</summary>
    public static double Rate(string output) => output.Split('\n').FirstOrDefault(line => line.StartsWith("tps = ", StringComparison.Ordinal)) is { } line
        ? double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture)
        : throw new InvalidOperationException("pgbench did not get to a transaction: the machine is too busy, or --seconds too few.");

    /// <summary>Milliseconds of one line of its log: client, transaction, µs, script, epoch, µs.</summary>
    public static float LatencyMs(string line) => float.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1000;

    private async Task<Sample> RunAsync(IEnumerable<string> what, int clients, TimeSpan time, CancellationToken cancellationToken)
    {
        var log = Path.Combine(folder, "pgbench-log");
        var cpu = new CpuMeter(postgres.ProcessId);
        var before = cpu.Read();
        var output = await ChildProcess.RunAsync(
            Start([.. what, "-M", "prepared", "-c", Text(clients), "-j", Text(Math.Min(clients, ThreadsMax)), "-T", Text((int)Math.Ceiling((time + ConnectingTime).TotalSeconds)), "-l", "--log-prefix", log]),
            cancellationToken);
        var used = cpu.Read() - before;
        var files = Directory.GetFiles(folder, Path.GetFileName(log) + ".*");
        float[] latencies = [.. files.SelectMany(File.ReadLines).Select(LatencyMs)];
        foreach (var file in files)
        {
            File.Delete(file);
        }

        return Sample.Of(latencies, time, used, 0) with { Rate = Rate(output) };
    }

    private ProcessStartInfo Start(IEnumerable<string> arguments)
    {
        var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString());
        var start = new ProcessStartInfo(Path.Combine(PrivatePostgres.FindBinaries()!, "pgbench"), ["-h", connection.Host!, "-p", Text(connection.Port), "-U", connection.Username!, .. arguments, Database])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        start.Environment["PGPASSWORD"] = connection.Password;
        return start;
    }

    /// <summary>Letters in no order, so that nothing compresses.</summary>
    private static string Body(int bytes)
    {
        var random = new Random(1);
        return string.Create(bytes, random, static (span, random) =>
        {
            foreach (ref var letter in span)
            {
                letter = (char)('a' + random.Next(26));
            }
        });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
