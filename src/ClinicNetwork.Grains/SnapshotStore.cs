using ClinicNetwork.Journal.Codec;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace ClinicNetwork.Grains;

/// <param name="RowHash">Hash of the journal row that made this version.</param>
public sealed record Snapshot<TState>(TState State, long Version, byte[] RowHash);

/// <summary>What the ADO.NET provider stores: everything but the ids is sealed under the stream's key.</summary>
[GenerateSerializer, Alias("sealed-snapshot")]
public sealed class SealedSnapshot
{
    [Id(0)] public string Stream { get; set; } = "";

    [Id(1)] public string Incarnation { get; set; } = "";

    [Id(2)] public long Version { get; set; }

    [Id(3)] public byte[] RowHash { get; set; } = [];

    [Id(4)] public byte[] Payload { get; set; } = [];
}

/// <summary>
/// Snapshots through Orleans' ADO.NET provider: a cache that makes activation cheap. Whatever is wrong with one, it is thrown away and
/// the stream is read instead; no failure here reaches a caller.
/// </summary>
public sealed class SnapshotStore(IServiceProvider services, SnapshotCodec codec, string incarnation, ILogger<SnapshotStore> log)
{
    /// <summary>Name of the Orleans storage provider.</summary>
    public const string ProviderName = "snapshots";

    private const string StateName = "snapshot";

    private readonly Lazy<IGrainStorage> _storage = new(() => services.GetRequiredKeyedService<IGrainStorage>(ProviderName));

    /// <summary>The snapshot of a stream, or null when there is none that can be trusted.</summary>
    public async Task<Snapshot<TState>?> ReadAsync<TState>(string stream, GrainId grain, CancellationToken cancellationToken)
        where TState : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var held = new GrainState<SealedSnapshot>(new SealedSnapshot());
            await _storage.Value.ReadStateAsync(StateName, grain, held);
            var found = held.State;
            return held.RecordExists && found is not null && found.Stream == stream && found.Incarnation == incarnation
                && await codec.OpenAsync(stream, found.Version, found.Payload, cancellationToken) is { } json
                    ? new Snapshot<TState>(codec.Decode<TState>(json), found.Version, found.RowHash)
                    : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogWarning(exception, "A snapshot could not be read; the stream is read instead");
            return null;
        }
    }

    public async Task WriteAsync<TState>(string stream, GrainId grain, Snapshot<TState> snapshot, CancellationToken cancellationToken)
        where TState : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var held = new GrainState<SealedSnapshot>(new SealedSnapshot());
            await _storage.Value.ReadStateAsync(StateName, grain, held);
            if (held.RecordExists && held.State?.Incarnation == incarnation && held.State.Version >= snapshot.Version)
            {
                return;
            }

            held.State = new SealedSnapshot
            {
                Stream = stream,
                Incarnation = incarnation,
                Version = snapshot.Version,
                RowHash = snapshot.RowHash,
                Payload = await codec.SealAsync(stream, snapshot.Version, codec.Encode(snapshot.State), cancellationToken),
            };
            await _storage.Value.WriteStateAsync(StateName, grain, held);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogWarning(exception, "A snapshot could not be written; activation stays slower");
        }
    }
}
