namespace ClinicNetwork.Verification;

/// <summary>
/// Finds the code of a UTF-8 value among a fixed list, without allocating. The hash is seeded per process (<see cref="HashCode"/>), so no list of
/// labels can be made to collide.
/// </summary>
internal sealed class Vocabulary
{
    public const int Unknown = -1;

    private readonly byte[][] _values;
    private readonly int[] _slots;
    private readonly int _mask;

    /// <param name="values">Distinct values; the code is the position.</param>
    public Vocabulary(IReadOnlyList<string> values)
    {
        _values = [.. values.Select(System.Text.Encoding.UTF8.GetBytes)];
        _slots = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)values.Count * 2 + 1)];
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

    private static int Hash(ReadOnlySpan<byte> value)
    {
        var hash = new HashCode();
        hash.AddBytes(value);
        return hash.ToHashCode();
    }
}
