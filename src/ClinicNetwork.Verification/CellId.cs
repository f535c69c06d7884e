using System.Buffers.Binary;

namespace ClinicNetwork.Verification;

/// <summary>The format's <c>cell</c> value, <c>c-</c> and 16 lower-case hex digits, as a number.</summary>
internal static class CellId
{
    public static bool TryRead(ReadOnlySpan<byte> text, out ulong cell)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        var read = text.StartsWith("c-"u8) && LowerHex.TryDecode(text[2..], bytes);
        cell = read ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
        return read;
    }
}
