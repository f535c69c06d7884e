using System.Text.Json;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Codec;

/// <summary>
/// Snapshots of a stream's state: compressed, because they are rewritten whole each time, then sealed under the stream's data key for one
/// stream and version, so that one that was mixed up, is of another store or was altered does not open. A snapshot is a cache: whatever does
/// not open or decode is thrown away and folded anew.
/// </summary>
public sealed class SnapshotCodec
{
    /// <summary>A larger state is folded from its stream each time.</summary>
    private const int StateBytesMax = 64 * 1024 * 1024;

    private readonly Func<string, CancellationToken, ValueTask<StreamKey?>> _findKey;
    private readonly JsonSerializerOptions _options;

    internal SnapshotCodec(Func<string, CancellationToken, ValueTask<StreamKey?>> findKey, JsonSerializerOptions options) =>
        (_findKey, _options) = (findKey, options);

    /// <summary>Throws <see cref="InvalidOperationException"/> for a stream without a committed command: it has no key yet.</summary>
    public async ValueTask<byte[]> SealAsync(string stream, long version, byte[] utf8Json, CancellationToken cancellationToken) =>
        await _findKey(stream, cancellationToken).ConfigureAwait(false) is { } key
            ? Envelope.Seal(key, PlaceOf(stream, version), CompressedJson.Compress(utf8Json))
            : throw new InvalidOperationException($"Stream {stream} has no command yet.");

    /// <summary>The state as UTF-8 JSON; null when it was not sealed for this stream and version in this store.</summary>
    public async ValueTask<byte[]?> OpenAsync(string stream, long version, byte[] sealedSnapshot, CancellationToken cancellationToken) =>
        await _findKey(stream, cancellationToken).ConfigureAwait(false) is { } key && Envelope.TryOpen(key, PlaceOf(stream, version), sealedSnapshot, out var state)
            ? Decompress(state)
            : null;

    /// <summary>A state record in the form of events and answers (<c>Codec/JsonShape.cs</c>).</summary>
    public byte[] Encode<T>(T state) => JsonSerializer.SerializeToUtf8Bytes(state, _options);

    /// <summary>Throws <see cref="JsonException"/> when the bytes do not fit the record, for example after an upgrade: fold anew.</summary>
    public T Decode<T>(byte[] utf8Json) =>
        JsonSerializer.Deserialize<T>(utf8Json, _options) ?? throw new JsonException($"A {typeof(T).Name} is never null.");

    /// <summary>Null: not a state. Before 0.2.0 they were not compressed. The length was sealed with it, so nobody else chose it.</summary>
    private static byte[]? Decompress(byte[] state) => CompressedJson.Is(state) ? CompressedJson.Decompress(state, StateBytesMax) : state;

    private static Place PlaceOf(string stream, long version) => new(stream, version, "snapshot");
}
