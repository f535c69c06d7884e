using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Verification;

/// <summary>
/// Finds the code of a UTF-8 value among a fixed list, without allocating. The hash is seeded per process, so no list of labels
/// can be made to collide.
/// </summary>
internal sealed class Vocabulary
{
    public const int Unknown = -1;

    private static readonly ulong FirstSeed = Seed();
    private static readonly ulong LastSeed = Seed();

    private readonly byte[][] _values;
    private readonly int[] _slots;
    private readonly int _mask;

    /// <param name="values">Distinct values; the code is the position.</param>
    public Vocabulary(IReadOnlyList<string> values)
    {
        _values = [.. values.Select(Encoding.UTF8.GetBytes)];
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)values.Count * 2 + 1)];
        _mask = _slots.Length - 1;
        for (var code = 0; code < _values.Length; code++)
        {
            var slot = Hash(_values[code]) & _mask;
            while (_slots[slot] != 0) slot = (slot + 1) & _mask;
            _slots[slot] = code + 1;
        }
    }

    /// <summary>The value's code, or <see cref="Unknown"/>.</summary>
    public int CodeOf(ReadOnlySpan<byte> value)
    {
        for (var slot = Hash(value) & _mask; _slots[slot] != 0; slot = (slot + 1) & _mask)
            if (value.SequenceEqual(_values[_slots[slot] - 1]))
                return _slots[slot] - 1;
        return Unknown;
    }

    /// <summary>
    /// Short values, nearly all, take one multiplication of their two ends with secret seeds; together the ends hold every byte.
    /// </summary>
    private static int Hash(ReadOnlySpan<byte> value)
    {
        if (value.Length > 2 * sizeof(ulong)) return LongHash(value);
        ulong first = 0, last = 0;
        if (value.Length >= sizeof(ulong))
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(value);
            last = BinaryPrimitives.ReadUInt64LittleEndian(value[^sizeof(ulong)..]);
        }
        else if (value.Length >= sizeof(uint))
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(value);
            last = BinaryPrimitives.ReadUInt32LittleEndian(value[^sizeof(uint)..]);
        }
        else
        {
            foreach (var octet in value) first = first << 8 | octet;
        }

        var high = Math.BigMul(first ^ FirstSeed, last ^ LastSeed ^ (ulong)value.Length, out var low);
        return (high ^ low).GetHashCode();
    }

    private static int LongHash(ReadOnlySpan<byte> value)
    {
        var hash = new HashCode();
        hash.AddBytes(value);
        return hash.ToHashCode();
    }

    private static ulong Seed() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
