using System.Net;
using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Client;
using ClinicNetwork.Faults.Load;
using ClinicNetwork.Faults.Processes;
using ClinicNetwork.Faults.Proxy;
using ClinicNetwork.Server;
using Npgsql;

namespace ClinicNetwork.Faults.Run;

/// <summary>One server with the three links it hangs on, each through a proxy: clients, other silos, the database.</summary>
internal sealed record Station(ServerProcess Server, FaultProxy Clients, FaultProxy Silo, FaultProxy Database, Gateway Gateway);

/// <summary>A private PostgreSQL and the servers of two clusters on it: three of cluster a, one of cluster b that runs only during F11.</summary>
internal sealed class RigNetwork : IAsyncDisposable
{
    private const int ServersOfA = 3;

    private readonly string _folder;
    private readonly Owned _owned;
    private ClientIdentity? _identity;

    private RigNetwork(string folder, Owned owned, PrivatePostgres postgres, Tmpfs? disk) => (_folder, _owned, Postgres, Disk) = (folder, owned, postgres, disk);

    public PrivatePostgres Postgres { get; }

    /// <summary>The small file system under the database; null when it could not be mounted.</summary>
    public Tmpfs? Disk { get; }

    public IReadOnlyList<Station> Stations { get; private set; } = [];

    /// <summary>Cluster a.</summary>
    public IReadOnlyList<Station> A => [.. Stations.Take(ServersOfA)];

    /// <summary>The other cluster's server.</summary>
    public Station B => Stations[ServersOfA];

    public Gateways Gateways { get; private set; } = null!;

    public string LogFolder => Path.Combine(_folder, "logs");

    public string KeyFolder => Path.Combine(_folder, "keys");

    private IReadOnlyDictionary<string, string> Defect { get; set; } = new Dictionary<string, string>();

    /// <summary>Makes the database and the places; starts no server.</summary>
    /// <param name="work">For the database and the servers; removed by its owner.</param>
    public static async Task<RigNetwork> CreateAsync(string work, int seed, string defect, bool withDisk, Owned owned, CancellationToken cancellationToken)
    {
        var data = Path.Combine(work, "pg");
        Directory.CreateDirectory(data);
        var disk = withDisk ? Tmpfs.TryMount(data) : null;
        // The rig looks into the database's log for planted identifiers.
        var postgres = await PrivatePostgres.CreateAsync(data, cancellationToken, "logging_collector=on", "log_directory=rig-log", "log_min_duration_statement=-1");
        owned.Add(postgres.ProcessId);
        var network = new RigNetwork(work, owned, postgres, disk);
        try
        {
            foreach (var folder in (string[])[network.LogFolder, network.KeyFolder])
            {
                Directory.CreateDirectory(folder);
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(network.KeyFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            network.Defect = defect.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["CLINICNETWORK_FAULT_DEFECT"] = defect };
            await network.MigrateAsync("postgres", network.Defect, cancellationToken);
            network._identity = ClientIdentity.Load(Path.Combine(network.KeyFolder, "admin.pem"));
            network.Stations = [.. Enumerable.Range(0, ServersOfA).Select(i => network.Place($"a{i + 1}", "rig-a", seed + (i * 10), network._identity)), network.Place("b1", "rig-b", seed + 70, network._identity)];
            network.B.Gateway.Open = false;
            network.Gateways = new Gateways([.. network.Stations.Select(s => s.Gateway)]);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it; one that ends before it serves (its database may just be away) is tried again, as whoever runs the servers does.</summary>
    public async Task StartAsync(Station station, CancellationToken cancellationToken)
    {
        const int TriesMax = 4;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await station.Server.StartAsync(Defect, wanted: true, cancellationToken);
                return;
            }
            catch (RigException) when (tries < TriesMax && !station.Server.IsRunning)
            {
                await Pause.ForAsync(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
    }

    /// <summary>Starts again what ends by itself, as whoever runs the servers does.</summary>
    public async Task SuperviseAsync(Action<string> say, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await Task.WhenAll(Stations.Where(s => s.Server is { IsWanted: true, IsRunning: false }).Select(s => StartAgainAsync(s, say, stop)));
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
    }

    /// <summary>Starts a server that crashes when it reaches a point.</summary>
    public Task StartAsync(Station station, string point, int after, CancellationToken cancellationToken) =>
        station.Server.StartAsync(new Dictionary<string, string>(Defect) { ["CLINICNETWORK_FAULT_POINT"] = point, ["CLINICNETWORK_FAULT_AFTER"] = $"{after}" }, wanted: false, cancellationToken);

    /// <summary>Brings a database to the newest schema; the exit code.</summary>
    public async Task<int> MigrateAsync(string database, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var log = Path.Combine(LogFolder, "migrate.log");
        using var process = new System.Diagnostics.Process
        {
            StartInfo = ServerProgram.StartInfo(["migrate", "--postgres", Postgres.ConnectionString(database), "--keys", KeyFolder, "--folder", Path.Combine(_folder, "migrate")], environment),
        };
        process.Start();
        _owned.Add(process.Id);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            await File.AppendAllTextAsync(log, await output + await error, cancellationToken);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            _owned.Remove(process.Id);
        }
    }

    /// <summary>Starts the database again after a fault; what is left of the one before may still hold its shared memory for a moment.</summary>
    public async Task StartPostgresAsync(CancellationToken cancellationToken)
    {
        const int TriesMax = 20;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await Postgres.StartAsync(cancellationToken);
                _owned.Add(Postgres.ProcessId);
                return;
            }
            catch (PrivatePostgresException) when (tries < TriesMax)
            {
                await Pause.ForAsync(TimeSpan.FromMilliseconds(500), cancellationToken);
            }
        }
    }

    /// <summary>A connection past the proxies; the caller disposes it.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        const int TriesMax = 10;
        for (var tries = 1; ; tries++)
        {
            var connection = new NpgsqlConnection(Postgres.ConnectionString() + ";Pooling=false;Timeout=15;Command Timeout=30;Application Name=rig");
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (NpgsqlException) when (tries < TriesMax)
            {
                await connection.DisposeAsync();
                await Pause.ForAsync(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var station in Stations)
        {
            station.Gateway.Dispose();
            await station.Server.DisposeAsync();
            await Task.WhenAll(station.Clients.DisposeAsync().AsTask(), station.Silo.DisposeAsync().AsTask(), station.Database.DisposeAsync().AsTask());
        }

        _identity?.Dispose();
        Disk?.Empty();
        await Postgres.DisposeAsync();
        Disk?.Dispose();
    }

    private async Task StartAgainAsync(Station station, Action<string> say, CancellationToken stop)
    {
        try
        {
            say($"      {station.Server.Name} had ended by itself and is started again");
            await StartAsync(station, stop);
        }
        catch (RigException exception)
        {
            say($"      {exception.Message}");
        }
    }

    private Station Place(string name, string cluster, int seed, ClientIdentity identity)
    {
        var (port, siloListen) = (FreePorts.Next(), FreePorts.Next());
        var loopback = IPAddress.Loopback;
        var clients = new FaultProxy(new(loopback, 0), new(loopback, port), seed);
        var silo = new FaultProxy(new(loopback, 0), new(loopback, siloListen), seed + 1, OwnerOf);
        var database = new FaultProxy(new(loopback, 0), new(loopback, Postgres.Port), seed + 2);
        var folder = Path.Combine(_folder, name);
        Directory.CreateDirectory(folder);
        var connection = new NpgsqlConnectionStringBuilder(Postgres.ConnectionString()) { Port = database.Port }.ConnectionString;
        var place = new ServerPlace(
            name, cluster, port, silo.Port, siloListen, connection, folder, KeyFolder, Path.Combine(LogFolder, name + ".log"), Path.Combine(folder, "clock-shift"));
        return new(new ServerProcess(place, _owned), clients, silo, database, new Gateway(name, clients.Port, identity));
    }

    private string OwnerOf(int port) => SocketOwner.Of(port, [.. Stations.Where(s => s.Server.IsRunning).Select(s => (s.Server.Name, s.Server.ProcessId))]);
}
