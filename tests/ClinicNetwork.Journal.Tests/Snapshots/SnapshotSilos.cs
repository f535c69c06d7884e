using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

namespace ClinicNetwork.Journal.Tests.Snapshots;

/// <summary>Real silos whose grain storage is the real ADO.NET provider.</summary>
public abstract class SnapshotSilos : IAsyncLifetime
{
    public const string Provider = "snapshots";

    private InProcessTestCluster? _cluster;

    public IGrainFactory Grains => _cluster!.Client;

    protected abstract short Silos { get; }

    public async Task InitializeAsync()
    {
        await PrepareAsync();
        var builder = new InProcessTestClusterBuilder(Silos);
        builder.ConfigureSilo((_, silo) => silo.AddAdoNetGrainStorage(Provider, options =>
        {
            Configure(options);
            options.DeleteStateOnClear = true;
        }));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        await RemoveAsync();
    }

    /// <summary>What the storage holds for a grain, and under which etag.</summary>
    internal async Task<GrainState<SnapshotState>> ReadAsync(ISnapshotGrain grain)
    {
        var read = new GrainState<SnapshotState>(new SnapshotState());
        await Storage(0).ReadStateAsync("snapshot", grain.GetGrainId(), read);
        return read;
    }

    /// <param name="writer">Taken in turn from the silos.</param>
    internal Task WriteAsync(ISnapshotGrain grain, GrainState<SnapshotState> state, int writer = 0) =>
        Storage(writer % Silos).WriteStateAsync("snapshot", grain.GetGrainId(), state);

    protected abstract Task PrepareAsync();

    protected abstract void Configure(AdoNetGrainStorageOptions options);

    protected abstract Task RemoveAsync();

    /// <summary>The provider itself, past any activation.</summary>
    private IGrainStorage Storage(int silo) => _cluster!.Silos[silo].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(Provider);
}
