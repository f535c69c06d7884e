using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace ClinicNetwork.Client.Pull;

/// <summary>One line of <c>rows.ndjson</c> in its one spelling (docs/release-format.md); without the line end.</summary>
internal sealed class RowLine
{
    private const int SaltBytes = 16;

    /// <summary>Of what a leaf is taken over: 0x00, the salt, the values.</summary>
    private const int ValuesAt = 1 + SaltBytes;

    private readonly byte[] leaf = new byte[MerkleAccumulator.LeafBytes];
    private byte[] hashed = new byte[1024];
    private int length;

    /// <summary>True when the line read last holds the row's hash alone.</summary>
    internal bool Withdrawn { get; private set; }

    /// <summary>Of the line read last; computed when it is asked for.</summary>
    internal ReadOnlySpan<byte> Leaf
    {
        get
        {
            if (!Withdrawn)
                SHA256.HashData(hashed.AsSpan(0, length), leaf);
            return leaf;
        }
    }

    /// <summary>Values of the line read last, UTF-8, joined by TAB.</summary>
    internal ReadOnlySpan<byte> Values => hashed.AsSpan(ValuesAt..length);

    internal static void Write(IBufferWriter<byte> to, BatchRow row)
    {
        if (row.Withdrawn)
        {
            WriteWithdrawn(to, row.Row, row.Leaf.Span);
            return;
        }
        Begin(to, row.Row);
        to.Write(",\"salt\":\""u8);
        Hex(to, row.Salt.Span);
        to.Write("\",\"values\":[\""u8);
        WriteValues(to, row.Joined.Span);
        to.Write("\"]}\n"u8);
    }

    internal static void WriteWithdrawn(IBufferWriter<byte> to, long row, ReadOnlySpan<byte> leaf)
    {
        Begin(to, row);
        to.Write(",\"leaf\":\""u8);
        Hex(to, leaf);
        to.Write("\"}\n"u8);
    }

    /// <summary>Reads a line that this library wrote.</summary>
    /// <returns>False: another row's, or no row's.</returns>
    internal bool TryRead(ReadOnlySpan<byte> line, long expectedRow)
    {
        // What is hashed is shorter than the line.
        if (hashed.Length <= line.Length)
            hashed = new byte[line.Length * 2];
        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(expectedRow, number, out var digits);
        if (!Skip(ref line, "{\"row\":"u8) || !Skip(ref line, number[..digits]))
            return false;
        Withdrawn = Skip(ref line, ",\"leaf\":\""u8);
        if (Withdrawn)
            return TryHex(ref line, leaf) && line.SequenceEqual("\"}"u8);
        if (!Skip(ref line, ",\"salt\":\""u8) || !TryHex(ref line, hashed.AsSpan(1, SaltBytes)) || !Skip(ref line, "\",\"values\":[\""u8))
            return false;
        length = ValuesAt;
        while (TryValue(ref line))
        {
            if (line.SequenceEqual("]}"u8))
                return true;
            if (!Skip(ref line, ",\""u8))
                return false;
            hashed[length++] = (byte)'\t';
        }
        return false;
    }

    private static void Begin(IBufferWriter<byte> to, long row)
    {
        to.Write("{\"row\":"u8);
        var digits = to.GetSpan(20);
        Utf8Formatter.TryFormat(row, digits, out var written);
        to.Advance(written);
    }

    private static void Hex(IBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexStringLower(bytes, to.GetSpan(bytes.Length * 2), out var written);
        to.Advance(written);
    }

    /// <summary>What is between the first value's opening and the last one's closing quote.</summary>
    private static void WriteValues(IBufferWriter<byte> to, ReadOnlySpan<byte> joined)
    {
        // No byte becomes more than the three between two values.
        var text = to.GetSpan(3 * joined.Length);
        var length = 0;
        while (joined.IndexOfAny((byte)'\t', (byte)'"', (byte)'\\') is >= 0 and var at)
        {
            joined[..at].CopyTo(text[length..]);
            length += at;
            ReadOnlySpan<byte> special = joined[at] switch { (byte)'\t' => "\",\""u8, (byte)'"' => "\\\""u8, _ => "\\\\"u8 };
            special.CopyTo(text[length..]);
            length += special.Length;
            joined = joined[(at + 1)..];
        }
        joined.CopyTo(text[length..]);
        to.Advance(length + joined.Length);
    }

    /// <summary>A value up to behind its closing quote.</summary>
    private bool TryValue(ref ReadOnlySpan<byte> line)
    {
        while (line.IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var at)
        {
            line[..at].CopyTo(hashed.AsSpan(length));
            length += at;
            if (line[at] == '"')
            {
                line = line[(at + 1)..];
                return true;
            }
            if (at + 1 == line.Length || line[at + 1] is not ((byte)'"' or (byte)'\\'))
                return false;
            hashed[length++] = line[at + 1];
            line = line[(at + 2)..];
        }
        return false;
    }

    private static bool Skip(ref ReadOnlySpan<byte> line, scoped ReadOnlySpan<byte> expected)
    {
        if (!line.StartsWith(expected))
            return false;
        line = line[expected.Length..];
        return true;
    }

    private static bool TryHex(ref ReadOnlySpan<byte> line, scoped Span<byte> into)
    {
        var length = into.Length * 2;
        if (line.Length < length || line[..length].IndexOfAnyInRange((byte)'A', (byte)'F') >= 0 || Convert.FromHexString(line[..length], into, out _, out _) != OperationStatus.Done)
            return false;
        line = line[length..];
        return true;
    }
}
