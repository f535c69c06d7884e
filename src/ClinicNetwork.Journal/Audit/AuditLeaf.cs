using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Journal.Audit;

/// <summary>
/// Leaf of an entry: SHA-256(0x00 ‖ position ‖ at ‖ version ‖ count ‖ action ‖ actor ‖ site ‖ subject ‖ purpose ‖ outcome ‖ content). Numbers are 8 bytes,
/// big-endian (at: milliseconds since 1970); texts are UTF-8 after their length in 2 bytes, big-endian; content is 32 bytes or none.
/// </summary>
public static class AuditLeaf
{
    public const int HashBytes = SHA256.HashSizeInBytes;

    private const byte LeafPrefix = 0;
    private const int Numbers = 4 * sizeof(long);

    /// <param name="entry">Its texts are shorter than 64 KiB each.</param>
    public static byte[] Of(AuditEntry entry)
    {
        ReadOnlySpan<string> texts = [entry.Action, entry.Actor, entry.Site, entry.Subject, entry.Purpose, entry.Outcome];
        var max = 1 + Numbers + entry.Content.Length;
        foreach (var text in texts)
        {
            max += sizeof(ushort) + Encoding.UTF8.GetMaxByteCount(text.Length);
        }

        var rented = ArrayPool<byte>.Shared.Rent(max);
        try
        {
            var rest = rented.AsSpan();
            rest[0] = LeafPrefix;
            rest = rest[1..];
            ReadOnlySpan<long> numbers = [entry.Position, StoredTime.ToStored(entry.At), entry.Version, entry.Count];
            foreach (var number in numbers)
            {
                BinaryPrimitives.WriteInt64BigEndian(rest, number);
                rest = rest[sizeof(long)..];
            }

            foreach (var text in texts)
            {
                var length = Encoding.UTF8.GetBytes(text, rest[sizeof(ushort)..]);
                BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)length));
                rest = rest[(sizeof(ushort) + length)..];
            }

            entry.Content.CopyTo(rest);
            return SHA256.HashData(rented.AsSpan(0, rented.Length - rest.Length + entry.Content.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
