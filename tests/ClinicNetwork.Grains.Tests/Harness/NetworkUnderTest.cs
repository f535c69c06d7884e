using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Sqlite;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>One SQLite store in a folder of its own, by a manual clock, and the clusters over it.</summary>
public sealed class NetworkUnderTest : IAsyncDisposable
{
    /// <summary>Where the clock stands at first: after the treatments of <see cref="Commands"/>, before their first milestone closes.</summary>
    public static readonly DateTimeOffset Start = new(2025, 3, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Snapshots only when a test asks for them.</summary>
    public static readonly GrainOptions NoSnapshots = new() { SnapshotEveryVersions = 10_000, SnapshotWhenIdleVersions = 10_000 };

    private readonly List<ClusterUnderTest> _clusters = [];
    private readonly ECDsa _releaseKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly GrainOptions _options;

    private NetworkUnderTest(string folder, SqliteStore store, GrainOptions options)
    {
        (Folder, Store, _options) = (folder, store, options);

        // Fixed secrets: which milestones the keyed hash withholds (one in twenty) is the same in each run; no test here meets one.
        Secrets = new ReleaseSecrets(purpose => SHA256.HashData(Encoding.UTF8.GetBytes(purpose)), _releaseKey);
    }

    public string Folder { get; }

    public SqliteStore Store { get; private set; }

    public ReleaseSecrets Secrets { get; }

    public IStoreClock Clock => Store.Clock;

    public ClusterUnderTest Cluster => _clusters[0];

    public JournalUnderTest Journal => Cluster.Journal;

    /// <summary>A network with one cluster and the clinics north (certified) and south.</summary>
    public static async Task<NetworkUnderTest> CreateAsync(GrainOptions? options = null)
    {
        var network = await CreateStoreAsync(options, []);
        await network.AddClusterAsync();
        foreach (var clinic in (string[])["north", "south"])
        {
            await network.Cluster.Clinic(clinic).Register(Commands.Register(clinic), Origins.Next());
        }

        return network;
    }

    /// <summary>A store without a cluster.</summary>
    public static async Task<NetworkUnderTest> CreateStoreAsync(GrainOptions? options, IReadOnlyList<Assembly> types)
    {
        var folder = Path.Combine(Path.GetTempPath(), "clinicnetwork-grains-tests", Path.GetRandomFileName());
        return new(folder, await OpenAsync(folder, types), options ?? NoSnapshots);
    }

    /// <param name="sealsCalls">Calls that name no caller are the network's own.</param>
    public async Task<ClusterUnderTest> AddClusterAsync(Action<ISiloBuilder>? configure = null, bool sealsCalls = true)
    {
        var cluster = await ClusterUnderTest.StartAsync(this, _options, configure, sealsCalls);
        _clusters.Add(cluster);
        return cluster;
    }

    /// <summary>Stops the clusters and the store, and opens the store again; the next cluster is a new process to it.</summary>
    public async Task ReopenAsync()
    {
        await StopAsync();
        Store = await OpenAsync(Folder, []);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _releaseKey.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task StopAsync()
    {
        foreach (var cluster in _clusters)
        {
            await cluster.DisposeAsync();
        }

        _clusters.Clear();
        await Store.DisposeAsync();
    }

    private static Task<SqliteStore> OpenAsync(string folder, IReadOnlyList<Assembly> types) => SqliteStore.OpenAsync(
        new SqliteStoreOptions { Folder = folder, ClockMode = ClockMode.Manual, ManualStart = Start, TypeAssemblies = types }, CancellationToken.None);
}

/// <summary>A network that the tests of one class share; each has patients of its own and none moves the clock.</summary>
public sealed class SharedNetwork : IAsyncLifetime
{
    public NetworkUnderTest Network { get; private set; } = null!;

    public async Task InitializeAsync() => Network = await NetworkUnderTest.CreateAsync();

    public async Task DisposeAsync() => await Network.DisposeAsync();
}
