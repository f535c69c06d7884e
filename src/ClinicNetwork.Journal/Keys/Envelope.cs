using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ClinicNetwork.Journal.Keys;

/// <summary>Where a payload belongs. It is the associated data of its envelope, so a payload moved elsewhere does not open.</summary>
/// <param name="Version">Journal version, or batch number for rows of a batch.</param>
/// <param name="Kind">For example <c>events</c> or <c>outcome/WEEK_4</c>.</param>
internal readonly record struct Place(string Stream, long Version, string Kind)
{
    public byte[] ToBytes()
    {
        var stream = Encoding.UTF8.GetByteCount(Stream);
        var bytes = new byte[sizeof(int) + stream + sizeof(long) + Encoding.UTF8.GetByteCount(Kind)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, stream);
        Encoding.UTF8.GetBytes(Stream, bytes.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(sizeof(int) + stream), Version);
        Encoding.UTF8.GetBytes(Kind, bytes.AsSpan(sizeof(int) + stream + sizeof(long)));
        return bytes;
    }
}

/// <summary>The stored form of every payload: <c>format (1) ‖ key id (16) ‖ nonce (12) ‖ tag (16) ‖ ciphertext</c>.</summary>
internal static class Envelope
{
    private const byte Format = 1;
    private const int HeadBytes = 1 + StreamKey.IdBytes;

    public static byte[] Seal(StreamKey key, Place place, ReadOnlySpan<byte> plain)
    {
        var envelope = new byte[HeadBytes + Sealing.Overhead + plain.Length];
        envelope[0] = Format;
        key.KeyId.CopyTo(envelope, 1);
        Sealing.SealInto(key.EncryptionKey, plain, place.ToBytes(), envelope.AsSpan(HeadBytes));
        return envelope;
    }

    /// <summary>Throws <see cref="StoreDamagedException"/> when the envelope was not sealed at this place under this key.</summary>
    public static byte[] Open(StreamKey key, Place place, byte[] envelope) =>
        TryOpen(key, place, envelope, out var plain)
            ? plain
            : throw new StoreDamagedException($"Stream {place.Stream}, version {place.Version}: the stored {place.Kind} do not belong there.");

    public static bool TryOpen(StreamKey key, Place place, ReadOnlySpan<byte> envelope, [NotNullWhen(true)] out byte[]? plain)
    {
        plain = null;
        return envelope.Length >= HeadBytes
            && envelope[0] == Format
            && envelope[1..HeadBytes].SequenceEqual(key.KeyId)
            && Sealing.TryOpen(key.EncryptionKey, envelope[HeadBytes..], place.ToBytes(), out plain);
    }
}
