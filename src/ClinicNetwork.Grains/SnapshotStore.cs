using ClinicNetwork.Journal.Codec;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace ClinicNetwork.Grains;

/// <param name="RowHash">Hash of the journal row that made this version.</param>
public sealed record Snapshot<TState>(TState State, long Version, byte[] RowHash);

/// <param name="Snapshot">Null when there is none that can be trusted.</param>
/// <param name="Etag">Of what is stored, trusted or not; null: nothing is stored, or nobody knows.</param>
public sealed record FoundSnapshot<TState>(Snapshot<TState>? Snapshot, string? Etag);

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

    /// <summary>What is stored of a stream, and its etag for the next <see cref="WriteAsync"/>. Never fails: a failed read found nothing.</summary>
    public async Task<FoundSnapshot<TState>> ReadAsync<TState>(string stream, GrainId grain, CancellationToken cancellationToken)
        where TState : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        var held = new GrainState<SealedSnapshot>(new SealedSnapshot());
        try
        {
            await _storage.Value.ReadStateAsync(StateName, grain, held);
            var found = held.State;
            return held.RecordExists && found is not null && found.Stream == stream && found.Incarnation == incarnation
                && await codec.OpenAsync(stream, found.Version, found.Payload, cancellationToken) is { } json
                    ? new(new(codec.Decode<TState>(json), found.Version, found.RowHash), held.ETag)
                    : new(null, held.ETag);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogWarning("A snapshot could not be read ({Error}); the stream is read instead", exception.GetType().Name);
            return new(null, held.ETag);
        }
    }

    /// <summary>Replaces what this etag stands for, unless another activation has stored a newer one since. Returns the etag of what is stored now.</summary>
    /// <param name="etag">As the last read or write told it; a wrong one costs a read, no more.</param>
    public async Task<string?> WriteAsync<TState>(string stream, GrainId grain, Snapshot<TState> snapshot, string? etag, CancellationToken cancellationToken)
        where TState : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var made = new SealedSnapshot
            {
                Stream = stream,
                Incarnation = incarnation,
                Version = snapshot.Version,
                RowHash = snapshot.RowHash,
                Payload = await codec.SealAsync(stream, snapshot.Version, codec.Encode(snapshot.State), cancellationToken),
            };
            return await ReplaceAsync(grain, made, etag) ?? await ReplaceOlderAsync(grain, made);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogWarning("A snapshot could not be written ({Error}); activation stays slower", exception.GetType().Name);
            return etag;
        }
    }

    /// <summary>Removes what is stored of a stream whose key was destroyed. Never fails: nobody can open what stays.</summary>
    public async Task DeleteAsync(GrainId grain, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var held = new GrainState<SealedSnapshot>(new SealedSnapshot());
            await _storage.Value.ReadStateAsync(StateName, grain, held);
            if (held.RecordExists)
            {
                await _storage.Value.ClearStateAsync(StateName, grain, held);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogWarning("A snapshot could not be removed ({Error}); nobody can open it", exception.GetType().Name);
        }
    }

    /// <summary>The new etag; null: something else is stored.</summary>
    private async Task<string?> ReplaceAsync(GrainId grain, SealedSnapshot made, string? etag)
    {
        try
        {
            var held = new GrainState<SealedSnapshot>(made, etag) { RecordExists = etag is not null };
            await _storage.Value.WriteStateAsync(StateName, grain, held);
            return held.ETag;
        }
        catch (InconsistentStateException)
        {
            return null;
        }
    }

    private async Task<string?> ReplaceOlderAsync(GrainId grain, SealedSnapshot made)
    {
        var held = new GrainState<SealedSnapshot>(new SealedSnapshot());
        await _storage.Value.ReadStateAsync(StateName, grain, held);
        if (!held.RecordExists || held.State?.Incarnation != incarnation || held.State.Version < made.Version)
        {
            held.State = made;
            await _storage.Value.WriteStateAsync(StateName, grain, held);
        }

        return held.ETag;
    }
}
