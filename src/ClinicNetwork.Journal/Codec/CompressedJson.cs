using System.Buffers.Binary;
using System.IO.Compression;

namespace ClinicNetwork.Journal.Codec;

/// <summary>A state as it is kept and sent: a byte 1, the length of the UTF-8 JSON, 4 bytes little-endian, and Brotli of it.</summary>
internal static class CompressedJson
{
    /// <summary>First byte of a compressed state. JSON of a record begins with a brace.</summary>
    private const byte Compressed = 1;

    private const int HeadBytes = 1 + sizeof(int);

    /// <summary>The fastest: a state shrinks to a tenth by it, and hardly further by the next.</summary>
    private const int BrotliQuality = 1;

    /// <summary>Bits of the window: holds any usual state.</summary>
    private const int BrotliWindow = 18;

    public static bool Is(ReadOnlySpan<byte> bytes) => bytes is [Compressed, ..];

    public static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> utf8Json)
    {
        var state = new byte[HeadBytes + BrotliEncoder.GetMaxCompressedLength(utf8Json.Length)];
        state[0] = Compressed;
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(1), utf8Json.Length);
        return BrotliEncoder.TryCompress(utf8Json, state.AsSpan(HeadBytes), out var written, BrotliQuality, BrotliWindow)
            ? state.AsSpan(0, HeadBytes + written)
            : throw new InvalidOperationException("A state could not be compressed.");
    }

    /// <summary>Null: it is none, was cut off, or says that it has more than <paramref name="bytesMax"/>; no more than that is ever allocated.</summary>
    public static byte[]? Decompress(ReadOnlySpan<byte> state, int bytesMax)
    {
        if (!Is(state) || state.Length < HeadBytes || BinaryPrimitives.ReadInt32LittleEndian(state[1..]) is not (>= 0 and var length) || length > bytesMax)
        {
            return null;
        }

        var utf8Json = new byte[length];
        return BrotliDecoder.TryDecompress(state[HeadBytes..], utf8Json, out var written) && written == length ? utf8Json : null;
    }
}
