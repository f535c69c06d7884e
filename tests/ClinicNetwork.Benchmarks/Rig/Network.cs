using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Client;
using ClinicNetwork.Journal.Postgres;
using ClinicNetwork.Protocol.Care.V1;
using Npgsql;

namespace ClinicNetwork.Benchmarks.Rig;

/// <summary>A database with its keys and the processes that serve it.</summary>
internal sealed class Network : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _postgres;

    private Network(string name, string folder, string postgres) => (Name, _folder, _postgres) = (name, folder, postgres);

    public string Name { get; }

    /// <summary>Null while nothing runs.</summary>
    public Servers? Servers { get; private set; }

    public Servers Running => Servers ?? throw new InvalidOperationException($"network {Name} does not run");

    private (string, string) Database => ("ClinicNetwork__Postgres", _postgres);

    public string Keys => Path.Combine(_folder, "keys");

    /// <summary>Makes the database and brings it to the newest schema, by the server's own <c>migrate</c>.</summary>
    public static async Task<Network> CreateAsync(string name, string folder, PrivatePostgres postgres, CancellationToken cancellationToken)
    {
        await using (var source = NpgsqlDataSource.Create(postgres.ConnectionString()))
        await using (var create = source.CreateCommand($"CREATE DATABASE {name}"))
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        Directory.CreateDirectory(folder);
        var network = new Network(name, folder, postgres.ConnectionString(name));
        await ChildProcess.RunAsync(ChildProcess.StartInfo(Programs.Server, ["migrate", .. network.Common("migrate")], network.Database), cancellationToken);
        return network;
    }

    /// <summary>Starts the processes; a second start needs <see cref="StopAsync"/> first.</summary>
    /// <param name="more">Further options of the processes that hold grains.</param>
    public async Task<Servers> StartAsync(Layout layout, CancellationToken cancellationToken, params string[] more)
    {
        if (Servers is not null)
        {
            throw new InvalidOperationException($"network {Name} runs already");
        }

        if (layout == Layout.CoHosted)
        {
            return Servers = new([await ServerAsync("all", ["--port", "0", .. more], cancellationToken)], Identity());
        }

        if (layout == Layout.Three)
        {
            Task<ChildProcess>[] starting = [.. Enumerable.Range(1, 3).Select(i => ServerAsync("all", ["--port", "0", .. more], cancellationToken, $"all-{i}"))];
            try
            {
                return Servers = new(await Task.WhenAll(starting), Identity());
            }
            catch
            {
                foreach (var started in starting.Where(s => s.IsCompletedSuccessfully))
                {
                    await started.Result.DisposeAsync();
                }

                throw;
            }
        }

        var silo = await ServerAsync("silo", more, cancellationToken);
        try
        {
            return Servers = new([silo, await ServerAsync("gateway", ["--port", "0"], cancellationToken)], Identity());
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public async Task StopAsync()
    {
        if (Servers is { } running)
        {
            Servers = null;
            await running.DisposeAsync();
        }
    }

    /// <summary>A pool of our own to the network's database.</summary>
    public NpgsqlDataSource Source() => NpgsqlDataSource.Create(_postgres + ";Maximum Pool Size=8;Application Name=benchmark");

    /// <summary>Writes patients past the server, as a second writer; the servers may run meanwhile.</summary>
    public async Task PopulateAsync(Population population, IProgress<long> progress, CancellationToken cancellationToken)
    {
        await using var store = await OpenStoreAsync(cancellationToken);
        await population.WriteAsync(store.Journal, progress, cancellationToken);
    }

    /// <summary>Bytes of the state of one of these patients as a snapshot's text.</summary>
    public async Task<int> EncodedBytesAsync(Population population, CancellationToken cancellationToken)
    {
        await using var store = await OpenStoreAsync(cancellationToken);
        return store.Snapshots.Encode(population.StateOf(0)).Length;
    }

    /// <summary>The clinic that all patients are at home in.</summary>
    public Task RegisterClinicAsync(CancellationToken cancellationToken) => RegisterClinicAsync(Population.ClinicName, cancellationToken);

    public async Task RegisterClinicAsync(string name, CancellationToken cancellationToken)
    {
        using var channel = Clients.Open(Running.Door);
        var clinics = new ClinicService.ClinicServiceClient(channel);
        var request = new RegisterClinicRequest
        {
            RequestId = RequestIds.New(),
            Clinic = new() { Name = name, DisplayName = "Benchmark clinic", TimeZone = Population.TimeZone, EsketamineCertified = true },
        };
        await Insistently.CallAsync(() => clinics.RegisterClinicAsync(request, cancellationToken: cancellationToken).ResponseAsync, cancellationToken);
    }

    /// <summary>While nothing runs.</summary>
    public async Task ForgetSnapshotsAsync(CancellationToken cancellationToken)
    {
        await using var source = Source();
        await using var command = source.CreateCommand("TRUNCATE orleansstorage");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Else the planner knows nothing of what was written at once.</summary>
    public async Task AnalyseAsync(CancellationToken cancellationToken)
    {
        await using var source = Source();
        await using var command = source.CreateCommand("VACUUM ANALYZE");
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A certificate of the network's authority.</summary>
    public async Task<ClientIdentity> IssueAsync(string name, string role, CancellationToken cancellationToken, params string[] more)
    {
        var file = Path.Combine(_folder, name + ".pem");
        await ChildProcess.RunAsync(
            ChildProcess.StartInfo(Programs.Server, ["certs", "issue", "--keys", Keys, "--name", name, "--role", role, .. more, "--out", file], null), cancellationToken);
        return ClientIdentity.Load(file);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    public Task<PostgresStore> OpenStoreAsync(CancellationToken cancellationToken) => PostgresStore.OpenAsync(
        new PostgresStoreOptions { ConnectionString = _postgres, KeyFolder = Keys, ApplicationName = "benchmark-population" }, cancellationToken);

    /// <summary>The administrator's, as the migration made it.</summary>
    private ClientIdentity Identity() => ClientIdentity.Load(Path.Combine(Keys, "admin.pem"));

    private Task<ChildProcess> ServerAsync(string role, IEnumerable<string> more, CancellationToken cancellationToken, string? folder = null) =>
        ChildProcess.StartAsync(Programs.Server, ["--role", role, .. Common(folder ?? role), "--cluster", Name.Replace('_', '-'), .. more], Database, Programs.ServerReady, cancellationToken);

    /// <summary>One client makes all the load: its rate is not what is measured.</summary>
    private IEnumerable<string> Common(string folder) =>
        ["--folder", Path.Combine(_folder, folder), "--keys", Keys, "--ClinicNetwork:CallsPerSecondMax", "1000000", "--ClinicNetwork:CallsBurstMax", "1000000"];
}
