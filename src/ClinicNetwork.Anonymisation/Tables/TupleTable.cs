using System.Numerics;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>The distinct tuples of leaves of a table, with the rows of each: what is the same stays together.</summary>
internal sealed class TupleTable
{
    private readonly int[] _rows;
    private int[] _first;

    public TupleTable(Microdata data)
    {
        Data = data;
        var tupleOf = TuplesOf(data, out var count);
        Count = count;
        Sizes = new int[count];
        foreach (var tuple in tupleOf)
        {
            Sizes[tuple]++;
        }

        _first = new int[count];
        for (var tuple = 1; tuple < count; tuple++)
        {
            _first[tuple] = _first[tuple - 1] + Sizes[tuple - 1];
        }

        _rows = new int[data.Rows];
        var next = _first.AsSpan().ToArray();
        for (var row = 0; row < data.Rows; row++)
        {
            _rows[next[tupleOf[row]]++] = row;
        }

        Leaves = [.. data.Leaves.Select(column => LeavesOf(column))];
    }

    private TupleTable(TupleTable of)
    {
        (Data, Count, _rows) = (of.Data, of.Count, of._rows);
        (Sizes, _first, Leaves) = ([.. of.Sizes], [.. of._first], [.. of.Leaves.Select(column => column.ToArray())]);
    }

    public Microdata Data { get; }

    /// <summary>Of distinct tuples, and of what was split off.</summary>
    public int Count { get; private set; }

    /// <summary>Rows of each tuple; there may be room for more tuples behind.</summary>
    public int[] Sizes { get; private set; }

    /// <summary>For each attribute the leaf of each tuple; there may be room for more tuples behind.</summary>
    public int[][] Leaves { get; private set; }

    /// <summary>One that can be split without the other's knowing.</summary>
    public TupleTable Copy() => new(this);

    /// <summary>Some rows of a tuple become another tuple of the same leaves.</summary>
    /// <param name="rows">1 to the tuple's rows − 1.</param>
    /// <returns>The number of the new tuple.</returns>
    public int Split(int tuple, int rows)
    {
        if (Count == Sizes.Length)
        {
            var room = Math.Max(16, Count + (Count / 2));
            (Sizes, _first, Leaves) = (Longer(Sizes, room), Longer(_first, room), [.. Leaves.Select(column => Longer(column, room))]);
        }

        Sizes[tuple] -= rows;
        (Sizes[Count], _first[Count]) = (rows, _first[tuple] + Sizes[tuple]);
        foreach (var column in Leaves)
        {
            column[Count] = column[tuple];
        }

        return Count++;
    }

    public ReadOnlySpan<int> RowsOf(int tuple) => _rows.AsSpan(_first[tuple], Sizes[tuple]);

    private static int[] Longer(int[] column, int room)
    {
        Array.Resize(ref column, room);
        return column;
    }

    private int[] LeavesOf(int[] column)
    {
        var leaves = new int[Count];
        for (var tuple = 0; tuple < Count; tuple++)
        {
            leaves[tuple] = column[_rows[_first[tuple]]];
        }

        return leaves;
    }

    /// <summary>Numbers equal rows alike, in the order in which they come: as many columns at once as have one key of 64 bits together with the number so far.</summary>
    private static int[] TuplesOf(Microdata data, out int count)
    {
        var (number, keys) = (new int[data.Rows], new ulong[data.Rows]);
        count = data.Rows == 0 ? 0 : 1;
        for (var a = 0; a < data.Attributes.Count;)
        {
            for (var row = 0; row < number.Length; row++)
            {
                keys[row] = (ulong)number[row];
            }

            var values = (UInt128)Math.Max(1, count);
            for (; a < data.Attributes.Count && values * (UInt128)data.Attributes[a].LeafCount <= ulong.MaxValue; a++)
            {
                var (column, leaves) = (data.Leaves[a], (ulong)data.Attributes[a].LeafCount);
                values *= leaves;
                for (var row = 0; row < keys.Length; row++)
                {
                    keys[row] = (keys[row] * leaves) + (uint)column[row];
                }
            }

            count = Number(keys, number);
        }

        return number;
    }

    /// <summary>Open addressing; the table doubles when half full, so that few keys stay in a small one.</summary>
    /// <returns>Of different keys.</returns>
    private static int Number(ulong[] keys, int[] number)
    {
        var (count, slots, known) = (0, new int[1 << 11], new ulong[1 << 10]);
        for (var row = 0; row < keys.Length; row++)
        {
            var key = keys[row];
            var slot = SlotOf(slots, known, key);
            if (slots[slot] == 0)
            {
                if (count == known.Length)
                {
                    Array.Resize(ref known, 2 * count);
                    slots = new int[4 * count];
                    for (var other = 0; other < count; other++)
                    {
                        slots[SlotOf(slots, known, known[other])] = other + 1;
                    }

                    slot = SlotOf(slots, known, key);
                }

                known[count] = key;
                slots[slot] = ++count;
            }

            number[row] = slots[slot] - 1;
        }

        return count;
    }

    /// <summary>Where the key is, or would be.</summary>
    private static int SlotOf(int[] slots, ulong[] known, ulong key)
    {
        var at = (int)((key * 0x9E3779B97F4A7C15UL) >> (64 - BitOperations.Log2((uint)slots.Length)));
        while (slots[at] is > 0 and var one && known[one - 1] != key)
        {
            at = (at + 1) & (slots.Length - 1);
        }

        return at;
    }
}
