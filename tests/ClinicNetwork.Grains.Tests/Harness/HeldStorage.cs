using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>Holds the first write of a grain's snapshot before it reaches the storage.</summary>
internal sealed class SnapshotGate(string stream)
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task ArrivedAsync() => _arrived.Task.WaitAsync(WaitMax);

    public void Open() => _open.TrySetResult();

    public Task PassAsync(GrainId grain)
    {
        if (grain.Key.ToString() != stream)
        {
            return Task.CompletedTask;
        }

        _arrived.TrySetResult();
        return _open.Task.WaitAsync(WaitMax);
    }

    /// <summary>Puts the gate before a silo's snapshots.</summary>
    public void Configure(ISiloBuilder silo)
    {
        var real = silo.Services.Last(d => d.ServiceType == typeof(IGrainStorage) && d.IsKeyedService && SnapshotStore.ProviderName.Equals(d.ServiceKey));
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            SnapshotStore.ProviderName, (services, key) => new HeldStorage((IGrainStorage)real.KeyedImplementationFactory!(services, key), this));
    }
}

/// <summary>The real storage behind a gate.</summary>
internal sealed class HeldStorage(IGrainStorage inner, SnapshotGate gate) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await gate.PassAsync(grainId);
        await inner.WriteStateAsync(stateName, grainId, grainState);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);

    public void Participate(ISiloLifecycle observer) => ((ILifecycleParticipant<ISiloLifecycle>)inner).Participate(observer);
}
