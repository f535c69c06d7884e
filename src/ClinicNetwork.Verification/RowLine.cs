using System.Buffers;
using System.Security.Cryptography;

namespace ClinicNetwork.Verification;

internal enum RowKind
{
    /// <summary>Not the canonical form of a row.</summary>
    Unreadable,

    /// <summary>A row with the wrong number of values.</summary>
    WrongWidth,

    /// <summary>A row with its values.</summary>
    Delivered,

    /// <summary>A row of which only the hash is left.</summary>
    Withdrawn,
}

/// <summary>
/// Reads one line in the single canonical form: the two shapes of docs/release-format.md without white space, members in that order, the
/// row number without leading zeros, lower-case hex, values as plain UTF-8 in which only <c>"</c> and <c>\</c> are escaped, each by one
/// <c>\</c>. Every other spelling is unreadable, so that no byte can change without a refusal.
/// <para>The values are unescaped straight into the bytes that are hashed: 0x00, salt, values joined by TAB.</para>
/// </summary>
internal sealed class RowLine(int columns) : IDisposable
{
    private const int SaltBytes = 16;
    private const int ValuesStart = 1 + SaltBytes;
    private const int RowDigitsMax = 9;
    private const byte Tab = 0x09;

    // Quote, backslash and the control characters of ASCII, DEL included.
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\', 0x7F]);

    private readonly byte[] _hashed = new byte[ValuesStart + Limits.LineBytesMax];
    private readonly int[] _ends = new int[columns];
    private readonly byte[] _leaf = new byte[MerkleTree.HashBytes];
    // One context for all rows: a third faster than SHA256.HashData, which makes one a call.
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _length;

    /// <summary>The row number as written.</summary>
    public int Row { get; private set; }

    /// <summary>The Merkle leaf of the last delivered or withdrawn row.</summary>
    public ReadOnlySpan<byte> Leaf => _leaf;

    /// <summary>Value of a column of the last delivered row, by position.</summary>
    public ReadOnlySpan<byte> this[int column]
    {
        get
        {
            var start = column == 0 ? ValuesStart : _ends[column - 1] + 1;
            return _hashed.AsSpan(start, _ends[column] - start);
        }
    }

    public RowKind Read(ReadOnlySpan<byte> line)
    {
        if (!Skip(ref line, "{\"row\":"u8) || !ReadRowNumber(ref line)) return RowKind.Unreadable;
        if (Skip(ref line, ",\"salt\":\""u8)) return ReadDelivered(line);
        return Skip(ref line, ",\"leaf\":\""u8) && ReadHex(ref line, _leaf) && line.SequenceEqual("\"}"u8)
            ? RowKind.Withdrawn
            : RowKind.Unreadable;
    }

    public void Dispose() => _hash.Dispose();

    private RowKind ReadDelivered(ReadOnlySpan<byte> line)
    {
        _hashed[0] = MerkleTree.LeafPrefix;
        if (!ReadHex(ref line, _hashed.AsSpan(1, SaltBytes)) || !Skip(ref line, "\",\"values\":["u8)) return RowKind.Unreadable;
        _length = ValuesStart;
        var values = 0;
        while (Skip(ref line, "\""u8))
        {
            if (values == columns) return RowKind.WrongWidth;
            if (values > 0) _hashed[_length++] = Tab;
            if (!ReadValue(ref line)) return RowKind.Unreadable;
            _ends[values++] = _length;
            if (!Skip(ref line, ","u8)) break;
            if (line.IsEmpty || line[0] != (byte)'"') return RowKind.Unreadable;
        }

        if (!line.SequenceEqual("]}"u8)) return RowKind.Unreadable;
        if (values != columns) return RowKind.WrongWidth;
        _hash.AppendData(_hashed.AsSpan(0, _length));
        _hash.GetHashAndReset(_leaf);
        return RowKind.Delivered;
    }

    /// <summary>Copies one value, from behind its opening quote to behind its closing one.</summary>
    private bool ReadValue(ref ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var plain = line.IndexOfAny(Special);
            if (plain < 0) return false;
            line[..plain].CopyTo(_hashed.AsSpan(_length));
            _length += plain;
            var special = line[plain];
            line = line[(plain + 1)..];
            if (special == (byte)'"') return true;
            if (special != (byte)'\\' || line.IsEmpty || line[0] is not ((byte)'"' or (byte)'\\')) return false;
            _hashed[_length++] = line[0];
            line = line[1..];
        }
    }

    private bool ReadRowNumber(ref ReadOnlySpan<byte> line)
    {
        var digits = 0;
        var row = 0;
        while (digits < line.Length && digits < RowDigitsMax && line[digits] is >= (byte)'0' and <= (byte)'9')
            row = row * 10 + (line[digits++] - '0');
        if (digits == 0 || digits > 1 && line[0] == (byte)'0') return false;
        line = line[digits..];
        Row = row;
        return true;
    }

    private static bool ReadHex(ref ReadOnlySpan<byte> line, Span<byte> bytes)
    {
        if (line.Length < 2 * bytes.Length || !LowerHex.TryDecode(line[..(2 * bytes.Length)], bytes)) return false;
        line = line[(2 * bytes.Length)..];
        return true;
    }

    private static bool Skip(ref ReadOnlySpan<byte> line, ReadOnlySpan<byte> expected)
    {
        if (!line.StartsWith(expected)) return false;
        line = line[expected.Length..];
        return true;
    }
}
