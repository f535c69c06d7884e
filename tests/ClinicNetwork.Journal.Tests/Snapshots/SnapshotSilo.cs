using ClinicNetwork.Journal.Sqlite;
using ClinicNetwork.Journal.Tests.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;

namespace ClinicNetwork.Journal.Tests.Snapshots;

/// <summary>A real silo whose grain storage is the real ADO.NET provider on a snapshots.db.</summary>
public sealed class SnapshotSilo : IAsyncLifetime
{
    public const string Provider = "snapshots";

    private InProcessTestCluster? _cluster;
    private SnapshotDataSource? _source;

    public string Folder { get; } = SqliteStoreUnderTest.NewFolder();

    public IGrainFactory Grains => _cluster!.Client;

    /// <summary>The provider itself, past any activation.</summary>
    private IGrainStorage Storage => _cluster!.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(Provider);

    public async Task InitializeAsync()
    {
        _source = new SnapshotDataSource(Folder);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.AddAdoNetGrainStorage(Provider, options =>
        {
            options.Invariant = SnapshotDatabase.Invariant;
            options.DataSource = _source;
            options.DeleteStateOnClear = true;
        }));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        await _source!.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>What the storage holds for a grain, and under which etag.</summary>
    internal async Task<GrainState<SnapshotState>> ReadAsync(ISnapshotGrain grain)
    {
        var read = new GrainState<SnapshotState>(new SnapshotState());
        await Storage.ReadStateAsync("snapshot", grain.GetGrainId(), read);
        return read;
    }

    internal Task WriteAsync(ISnapshotGrain grain, GrainState<SnapshotState> state) => Storage.WriteStateAsync("snapshot", grain.GetGrainId(), state);
}
