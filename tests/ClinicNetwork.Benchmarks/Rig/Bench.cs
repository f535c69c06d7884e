using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Cli.Cluster;
using Npgsql;

namespace ClinicNetwork.Benchmarks.Rig;

/// <summary>What lines share: one PostgreSQL, the networks on it, pgbench and the yardstick services, each started when it is first needed.</summary>
internal sealed class Bench(Settings settings, WorkFolder folder, PrivatePostgres postgres, Screen screen) : IAsyncDisposable
{
    /// <summary>Callers that activate patients.</summary>
    private const int ActivatingCallers = 32;

    /// <summary>Callers that give patients their first snapshots.</summary>
    private const int SettlingCallers = 256;

    private static readonly TimeSpan RehearsalMax = TimeSpan.FromSeconds(3);

    private readonly Dictionary<Layout, Network> _inUse = [];
    private readonly List<Network> _networks = [];
    private YardstickService? _echo;
    private YardstickService? _handwritten;
    private Pgbench? _pgbench;
    private int _rowBytes;
    private int _made;

    public Settings Settings => settings;

    public Screen Screen => screen;

    public int PostgresProcessId => postgres.ProcessId;

    /// <summary>The patients that calls are spread over; the same in the networks of both layouts.</summary>
    public Population InUse { get; } = new("use", settings.Patients, RowPerCommand: true);

    /// <summary>A running network of this layout with <see cref="InUse"/> in it, all of them active.</summary>
    public async Task<Network> InUseAsync(Layout layout, CancellationToken cancellationToken)
    {
        if (!_inUse.TryGetValue(layout, out var network))
        {
            network = await NewNetworkAsync("bench_" + layout.ToString().ToLowerInvariant(), cancellationToken);
            await network.StartAsync(layout, cancellationToken);
            await network.RegisterClinicAsync(cancellationToken);
            await PopulateAsync(network, InUse, cancellationToken);
            await ActivateAsync(network, InUse, .., cancellationToken);
            await screen.ProgressAsync($"spreading {InUse.Count:N0} patients between two snapshots in {network.Name}", InUse.Count, progress =>
                AssessmentCalls.SettleAsync(network.Running.Door, InUse, SettlingCallers, progress, cancellationToken));
            await MaintainAsync(network, cancellationToken);
            _inUse[layout] = network;
        }

        return network;
    }

    /// <summary>An empty network that nothing serves yet.</summary>
    public async Task<Network> NewNetworkAsync(string name, CancellationToken cancellationToken)
    {
        // Numbered: one that could not be finished is in nobody's way.
        name = FormattableString.Invariant($"{name}_{++_made}");
        screen.Step($"migrating a new database {name}");
        var network = await Network.CreateAsync(name, folder.Sub(name), postgres, cancellationToken);
        _networks.Add(network);
        return network;
    }

    public async Task PopulateAsync(Network network, Population population, CancellationToken cancellationToken)
    {
        await screen.ProgressAsync(
            $"writing {population.Count:N0} patients into {network.Name}",
            population.Count,
            progress => network.PopulateAsync(population, progress, cancellationToken));
        await MaintainAsync(network, cancellationToken);
    }

    /// <summary>Reads each of these patients once, so that each is active.</summary>
    public Task ActivateAsync(Network network, Population population, Range patients, CancellationToken cancellationToken)
    {
        var (_, count) = patients.GetOffsetAndLength(population.Count);
        return screen.ProgressAsync($"activating {count:N0} patients in {network.Name}", count, progress =>
            PlanCalls.ReadOnceAsync(network.Running.Door, population, patients, ActivatingCallers, progress, cancellationToken));
    }

    /// <summary>True in the round before the first: code is compiled, caches fill, nothing is kept.</summary>
    public bool IsRehearsing { get; set; }

    /// <summary>Measured time of the present round.</summary>
    public TimeSpan Window => IsRehearsing && settings.Window > RehearsalMax ? RehearsalMax : settings.Window;

    public MeasuredWindow NewWindow() => new(settings.WarmUp, Window);

    /// <summary>CPU of a network's processes and of PostgreSQL.</summary>
    public CpuMeter CpuOf(Network network) => new([.. network.Running.ProcessIds, postgres.ProcessId]);

    public async Task<Pgbench> PgbenchAsync(CancellationToken cancellationToken)
    {
        if (_pgbench is null)
        {
            var made = new Pgbench(postgres, folder.Sub("pgbench"));
            await made.PrepareAsync(await RowBytesAsync(cancellationToken), cancellationToken);
            _pgbench = made;
        }

        return _pgbench;
    }

    public async Task<YardstickService> EchoAsync(CancellationToken cancellationToken) => _echo ??= await NewEchoAsync(cancellationToken);

    /// <summary>One more, whose owner the caller is.</summary>
    public Task<YardstickService> NewEchoAsync(CancellationToken cancellationToken) => YardstickService.StartAsync(folder.Sub("echo"), ["echo"], null, cancellationToken);

    public async Task<YardstickService> HandwrittenAsync(CancellationToken cancellationToken)
    {
        if (_handwritten is null)
        {
            await using (var source = NpgsqlDataSource.Create(postgres.ConnectionString()))
            await using (var create = source.CreateCommand(Serve.HandwrittenCalls.Schema))
            {
                await create.ExecuteNonQueryAsync(cancellationToken);
            }

            var rowBytes = await RowBytesAsync(cancellationToken);
            _handwritten = await YardstickService.StartAsync(
                folder.Sub("handwritten"),
                ["handwritten", Math.Max(0, rowBytes - Serve.HandwrittenCalls.OtherColumnsBytes).ToString(System.Globalization.CultureInfo.InvariantCulture)],
                (Serve.YardstickHost.PostgresVariable, postgres.ConnectionString() + ";Maximum Pool Size=64;No Reset On Close=true"),
                cancellationToken);
        }

        return _handwritten;
    }

    /// <summary>Mean bytes of the journal row of one RecordAssessment, as PostgreSQL stores it.</summary>
    public async Task<int> RowBytesAsync(CancellationToken cancellationToken)
    {
        if (_rowBytes == 0)
        {
            var network = await InUseAsync(Layout.CoHosted, cancellationToken);
            await using var source = network.Source();
            await using var command = source.CreateCommand("SELECT coalesce(avg(pg_column_size(j.*)), 0)::int FROM (SELECT * FROM journal WHERE command = 'RecordAssessment' LIMIT 1000) j");
            _rowBytes = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        return _rowBytes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var network in _networks)
        {
            await network.DisposeAsync();
        }

        foreach (var child in new[] { _echo, _handwritten }.OfType<YardstickService>())
        {
            await child.DisposeAsync();
        }
    }

    /// <summary>What autovacuum and the next checkpoint would do in the middle of a round.</summary>
    private static async Task MaintainAsync(Network network, CancellationToken cancellationToken)
    {
        await using var source = network.Source();
        foreach (var text in (string[])["VACUUM ANALYZE", "CHECKPOINT"])
        {
            await using var command = source.CreateCommand(text);
            command.CommandTimeout = 600;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
