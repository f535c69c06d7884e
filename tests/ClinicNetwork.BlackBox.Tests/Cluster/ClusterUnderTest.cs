using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Client;
using ClinicNetwork.Server;
using Grpc.Net.Client;

namespace ClinicNetwork.BlackBox.Tests.Cluster;

/// <summary>A PostgreSQL of its own, migrated, with manual clock, and as many server processes on it as a test starts.</summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    /// <summary>What <c>migrate</c> prints.</summary>
    public const string Migrated = "^administrator's certificate: .*/admin.pem\nschema [0-9]+, incarnation [0-9a-f]{32}\n$";

    private static int _folders;

    private readonly string _folder;
    private readonly List<ServerProcess> _processes = [];

    private ClusterUnderTest(string folder, PrivatePostgres postgres) => (_folder, Postgres) = (folder, postgres);

    public PrivatePostgres Postgres { get; }

    public string Keys => Path.Combine(_folder, "keys");

    public IReadOnlyList<ServerProcess> Processes => _processes;

    /// <summary>In memory where there is such a place: the disk is not what is tested.</summary>
    public static async Task<ClusterUnderTest> MigratedAsync(params string[] settings)
    {
        var cluster = await EmptyAsync(settings);
        try
        {
            var (code, text, error) = await ServerProgram.RunAsync(["migrate", .. cluster.Arguments(), "--folder", Path.Combine(cluster._folder, "migrate")]);
            Assert.Equal((0, ""), (code, error));
            Assert.Matches(Migrated, text);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <param name="settings">Of PostgreSQL, <c>name=value</c>.</param>
    public static async Task<ClusterUnderTest> EmptyAsync(params string[] settings)
    {
        var folder = Path.Combine(
            Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
            $"clinicnetwork-cluster-{Environment.ProcessId}-{Interlocked.Increment(ref _folders)}");
        Directory.CreateDirectory(folder);
        return new(folder, await PrivatePostgres.CreateAsync(Path.Combine(folder, "postgres"), CancellationToken.None, settings));
    }

    /// <summary>What every process of this cluster is given; its own folder comes with it.</summary>
    public string[] Arguments() => ["--postgres", Postgres.ConnectionString(), "--keys", Keys, "--clock", "manual", "--clock-start", ServerProcess.ClockStart.ToString("O")];

    /// <summary>Each on a port that it keeps over restarts, as a client needs that was given addresses.</summary>
    public Task<IReadOnlyList<ServerProcess>> StartAsync(params string[] roles) => StartAsync(roles, []);

    /// <summary>One process with a health listener.</summary>
    public Task<IReadOnlyList<ServerProcess>> StartWithHealthAsync(string port) => StartAsync(["all"], ["--health-port", port]);

    /// <param name="more">Options of each.</param>
    public async Task<IReadOnlyList<ServerProcess>> StartAsync(string[] roles, string[] more)
    {
        var starting = roles.Select((role, i) => ServerProcess.StartAsync(
            Directory.CreateDirectory(Path.Combine(_folder, $"{role}-{_processes.Count + i}")).FullName, [.. Arguments(), "--role", role, "--port", FreePort(), .. more])).ToArray();
        try
        {
            await Task.WhenAll(starting);
        }
        finally
        {
            // Those that did start are stopped with the cluster, whatever became of the others.
            foreach (var started in starting.Where(task => task.IsCompletedSuccessfully).Select(task => task.Result))
            {
                started.Permitted = IsProvoked;
                _processes.Add(started);
            }
        }

        return [.. starting.Select(task => task.Result)];
    }

    /// <summary>Calls go round all gateways, without retry.</summary>
    public static GrpcChannel Open(IReadOnlyCollection<ServerProcess> gateways) =>
        ClinicNetworkClient.OpenChannel([.. gateways.Select(gateway => gateway.Address)], new() { Identity = gateways.First().Identity });

    /// <summary>Patients with a plan, at one clinic.</summary>
    public static async Task<IReadOnlyList<string>> PrepareAsync(Network network, int patients)
    {
        await network.RegisterAsync(Network.Harbour);
        string[] names = [.. Enumerable.Range(0, patients).Select(i => $"patients/c-{i}")];
        await Parallel.ForEachAsync(names, async (name, _) => await network.TreatAsync(name));
        return names;
    }

    public static string FreePort() => FreePorts.Next().ToString(System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        try
        {
            // What stops in order is stopped by its test; here a failure must not be hidden behind a slow stop.
            await Task.WhenAll(_processes.Where(process => process.IsRunning).Select(process => process.KillAsync()));
            await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));
        }
        finally
        {
            await Postgres.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>What Orleans says of peers that were killed and of a database that is away, and warnings of calls that met them.</summary>
    private static bool IsProvoked(string line) =>
        line.Contains(": Orleans.", StringComparison.Ordinal)
        || line.Contains(" warn: ClinicNetwork.", StringComparison.Ordinal)
        || line.Contains("fail: ClinicNetwork.Grains.Due.DueLoop", StringComparison.Ordinal);
}
