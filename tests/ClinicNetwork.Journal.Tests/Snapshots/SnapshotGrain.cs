namespace ClinicNetwork.Journal.Tests.Snapshots;

public interface ISnapshotGrain : IGrainWithStringKey
{
    /// <summary>Writes and returns the etag.</summary>
    Task<string> WriteAsync(byte[] snapshot);

    Task<byte[]> ReadAsync();

    /// <summary>Ends this activation; the next call reads from the storage.</summary>
    Task<Guid> EndAsync();

    Task ClearAsync();
}

[GenerateSerializer, Alias("test-snapshot")]
public sealed class SnapshotState
{
    [Id(0)]
    public byte[] Bytes { get; set; } = [];
}

internal sealed class SnapshotGrain([PersistentState("snapshot", SnapshotSilos.Provider)] IPersistentState<SnapshotState> state) : Grain, ISnapshotGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public async Task<string> WriteAsync(byte[] snapshot)
    {
        state.State.Bytes = snapshot;
        await state.WriteStateAsync();
        return state.Etag!;
    }

    public Task<byte[]> ReadAsync() => Task.FromResult(state.State.Bytes);

    public Task<Guid> EndAsync()
    {
        DeactivateOnIdle();
        return Task.FromResult(_activation);
    }

    public Task ClearAsync() => state.ClearStateAsync();
}
