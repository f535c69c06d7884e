using System.Text;

namespace ClinicNetwork.Journal.Keys;

/// <summary>Wraps data keys by the master key; a wrapped key opens only for the stream and key id it was made for.</summary>
internal sealed class KeyWrap(MasterKey master)
{
    private readonly byte[] _wrappingKey = master.DeriveSecret("wrap-data-keys");

    public byte[] Wrap(StreamKey key) => Sealing.Seal(_wrappingKey, key.DataKey, Context(key.Stream, key.KeyId));

    /// <summary>Throws <see cref="StoreDamagedException"/> when the bytes were wrapped for another stream or by another master key.</summary>
    public StreamKey Unwrap(string stream, byte[] keyId, byte[] wrapped) =>
        Sealing.TryOpen(_wrappingKey, wrapped, Context(stream, keyId), out var dataKey)
            ? new StreamKey(stream, keyId, dataKey)
            : throw new StoreDamagedException($"The data key of stream {stream} cannot be unwrapped.");

    private static byte[] Context(string stream, byte[] keyId) => [.. keyId, .. Encoding.UTF8.GetBytes(stream)];
}
