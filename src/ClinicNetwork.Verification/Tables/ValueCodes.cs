using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Verification.Tables;

/// <summary>Distinct values as bytes, numbered in the order of their first appearance.</summary>
internal sealed class ValueCodes
{
    /// <summary>Most bytes of all distinct values together.</summary>
    private const int BytesMax = 1 << 30;

    // Odd constants of 64 bits; the seed keeps a made-up file from collisions.
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xD6E8FEB86659FD93;
    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    private int[] _slots = new int[16];
    private (ulong Hash, int Start, int Length)[] _entries = new (ulong, int, int)[8];
    private byte[] _bytes = new byte[64];
    private int _used;

    public int Count { get; private set; }

    public string this[int code] => Encoding.UTF8.GetString(Bytes(code));

    public ReadOnlySpan<byte> Bytes(int code) => _bytes.AsSpan(_entries[code].Start, _entries[code].Length);

    /// <summary>−1 when there is no such value.</summary>
    public int Find(ReadOnlySpan<byte> value) => _slots[SlotOf(value, HashOf(value))] - 1;

    /// <param name="added">It was not there.</param>
    /// <exception cref="InvalidDataException">There are too many.</exception>
    public int CodeOf(ReadOnlySpan<byte> value, out bool added)
    {
        var hash = HashOf(value);
        var slot = SlotOf(value, hash);
        added = _slots[slot] == 0;
        if (!added)
        {
            return _slots[slot] - 1;
        }

        if (value.Length > BytesMax - _used)
        {
            throw new InvalidDataException($"The distinct values take more than {BytesMax} bytes.");
        }

        _bytes = Grown(_bytes, _used + value.Length);
        _entries = Grown(_entries, Count + 1);
        value.CopyTo(_bytes.AsSpan(_used));
        _entries[Count] = (hash, _used, value.Length);
        _used += value.Length;
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length)
        {
            Rehash();
        }

        return Count - 1;
    }

    private static T[] Grown<T>(T[] array, int length)
    {
        if (length > array.Length)
        {
            Array.Resize(ref array, (int)Math.Min(Math.Max(length, 2L * array.Length), Array.MaxLength));
        }

        return array;
    }

    private int SlotOf(ReadOnlySpan<byte> value, ulong hash)
    {
        var slot = (int)hash & (_slots.Length - 1);
        while (_slots[slot] != 0 && (_entries[_slots[slot] - 1].Hash != hash || !Bytes(_slots[slot] - 1).SequenceEqual(value)))
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }

    private void Rehash()
    {
        _slots = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Count * 4)];
        for (var code = 0; code < Count; code++)
        {
            var slot = (int)_entries[code].Hash & (_slots.Length - 1);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = code + 1;
        }
    }

    private static ulong HashOf(ReadOnlySpan<byte> value)
    {
        var hash = Seed ^ ((ulong)value.Length * First);
        while (value.Length > 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(value), First);
            value = value[8..];
        }

        var tail = value.Length switch
        {
            >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(value) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(value[^4..]) << 32),
            > 0 => (ulong)value[0] | ((ulong)value[value.Length >> 1] << 8) | ((ulong)value[^1] << 16),
            _ => 0UL,
        };
        return Fold(hash ^ tail, Second);
    }

    private static ulong Fold(ulong left, ulong right) => Math.BigMul(left, right, out var low) ^ low;
}
