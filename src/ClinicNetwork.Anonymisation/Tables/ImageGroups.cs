using System.Numerics;
using System.Runtime.InteropServices;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// Groups tuples by their image under a generalisation vector. Each attribute and level gives every tuple a summand; equal sums are equal images. The sums of a few attributes are kept
/// as columns while the same tuples are in: a vector then costs a few additions a tuple. What is taken out counts for nothing, and is squeezed out once it is a quarter.
/// </summary>
internal sealed class ImageGroups
{
    /// <summary>Attributes go into one block while their level combinations are no more.</summary>
    private const int BlockVectorsMax = 128;

    /// <summary>Of all the columns together, bytes; what does not fit is summed anew for each vector.</summary>
    private const long ColumnBytesMax = 96L << 20;

    /// <summary>Share of the places that may be empty.</summary>
    private const double EmptyMax = 0.25;

    /// <summary>What a class counts in a bucket: more than all rows.</summary>
    private const int ClassMark = 1 << ClassBit;
    private const int ClassBit = 26;

    private readonly TupleTable _tuples;
    private readonly ulong[][][] _summandOf;
    private readonly Block[] _blocks;
    private readonly int[] _members;
    private readonly int[][] _leaves;
    private readonly int[] _rows;
    private readonly int[] _classOf;
    private readonly Classes _classes;
    private readonly ulong[] _keys;
    private int[] _filled = [];
    private int _shift;
    private readonly int[] _grouped;
    private readonly int[] _groupOf;
    private Slot[] _table = [];
    private int _stamp;
    private int _taken;
    private int _groupedCount;
    private long _columnBytes;

    /// <param name="withClasses">Classes are in too, each by one of its tuples, in the images that they lie within.</param>
    public ImageGroups(Classes classes, bool withClasses)
    {
        (_classes, _tuples) = (classes, classes.Tuples);
        var tuples = classes.Tuples;
        int[] open = [.. Enumerable.Range(0, tuples.Count).Where(t => classes.OfTuple[t] < 0)];
        int[] filled = withClasses ? [.. Enumerable.Range(0, classes.All.Count).Where(c => classes.All[c].Rows > 0)] : [];
        _members = [.. open, .. filled.Select(c => classes.All[c].Tuples[0])];
        _classOf = [.. open.Select(_ => -1), .. filled];
        (Count, Left) = (_members.Length, open.Length);
        _leaves = [.. tuples.Leaves.Select(column => Array.ConvertAll(_members, t => column[t]))];
        _rows = [.. open.Select(t => tuples.Sizes[t]), .. filled.Select(_ => ClassMark)];
        (_keys, _grouped, _groupOf) = (new ulong[Count], new int[Count], new int[Count]);
        _summandOf = SummandsOf(tuples.Data.Attributes);
        _blocks = BlocksOf(tuples.Data.Attributes);
        Resize();
    }

    private struct Slot
    {
        public ulong Key;
        public int Stamp;
        public int Group;
    }

    /// <summary>Places; those of tuples that were taken are empty, and count no rows.</summary>
    public int Count { get; private set; }

    /// <summary>Tuples that are in, and to be placed.</summary>
    public int Left { get; private set; }

    /// <summary>The class of a place; −1: its tuple is to be placed.</summary>
    public int ClassAt(int place) => _classOf[place];

    /// <summary>The tuple of each place.</summary>
    public ReadOnlySpan<int> Members => _members.AsSpan(0, Count);

    /// <summary>The groups of at least so many rows, and by chance some smaller ones; who is in them tell <see cref="Grouped"/> and <see cref="GroupOf"/>.</summary>
    /// <param name="to">Is filled with each one's rows, the losses, and its first tuple.</param>
    /// <param name="expected">Of each tuple the loss to expect of a row; null: not known.</param>
    public void Group(int[] vector, int rowsMin, double[]? expected, List<ImageGroup> to)
    {
        if (_taken > EmptyMax * Count)
        {
            Squeeze();
        }

        to.Clear();
        _groupedCount = 0;
        var keys = _keys.AsSpan(0, Count);
        Key(vector, keys);
        if (Fill(keys) >= rowsMin)
        {
            Read(keys, vector, rowsMin, expected, to);
        }
    }

    /// <summary>The places of all groups.</summary>
    public ReadOnlySpan<int> Grouped => _grouped.AsSpan(0, _groupedCount);

    /// <summary>For each of them the number of its group.</summary>
    public ReadOnlySpan<int> GroupOf => _groupOf.AsSpan(0, _groupedCount);

    /// <summary>Takes a place out. Places keep their number until the next <see cref="Group"/>.</summary>
    public void Take(int place)
    {
        _taken += _rows[place] > 0 ? 1 : 0;
        Left -= _rows[place] > 0 && _classOf[place] < 0 ? 1 : 0;
        _rows[place] = 0;
    }

    /// <summary>Two images may, once in some 10^19, have one sum: asked before a group is believed.</summary>
    public bool AreAlike(List<int> group, int[] vector)
    {
        for (var a = 0; a < vector.Length; a++)
        {
            var labels = _tuples.Data.Attributes[a].LabelsAt(vector[a]);
            var leaves = _tuples.Leaves[a];
            foreach (var tuple in group)
            {
                if (labels[leaves[tuple]] != labels[leaves[group[0]]])
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Key(int[] vector, Span<ulong> keys)
    {
        for (var b = 0; b < _blocks.Length; b++)
        {
            var column = ColumnOf(_blocks[b], vector);
            if (column is not null && b == 0)
            {
                column.AsSpan(0, Count).CopyTo(keys);
            }
            else if (column is not null)
            {
                Add(keys, column.AsSpan(0, Count));
            }
            else
            {
                Sum(_blocks[b], vector, keys, anew: b == 0);
            }
        }
    }

    /// <summary>Counts rows by the first bits of their keys: the most in one bucket, at least those of any group.</summary>
    private int Fill(ReadOnlySpan<ulong> keys)
    {
        var (filled, shift, most) = (_filled, _shift, 0);
        filled.AsSpan().Clear();
        var rows = _rows.AsSpan(0, keys.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            var bucket = (int)(keys[i] >> shift);
            var sum = filled[bucket] + rows[i];
            // Two marks become one, lest those of many classes overflow.
            most = Math.Max(most, filled[bucket] = sum - ((sum >> (ClassBit + 1)) << ClassBit));
        }

        return most;
    }

    /// <summary>Only what shares a bucket of enough rows is looked at.</summary>
    private void Read(ReadOnlySpan<ulong> keys, int[] vector, int rowsMin, double[]? expected, List<ImageGroup> to)
    {
        var stamp = ++_stamp;
        var (filled, shift, table) = (_filled, _shift, _table);
        var (mask, slotShift) = (table.Length - 1, 64 - BitOperations.Log2((uint)table.Length));
        for (var i = 0; i < keys.Length; i++)
        {
            var inBucket = filled[(int)(keys[i] >> shift)];
            if (inBucket < rowsMin || _rows[i] == 0 || (inBucket & (ClassMark - 1)) == 0 || (_classOf[i] >= 0 && !LiesWithin(_classes.All[_classOf[i]].Levels, vector)))
            {
                continue;
            }

            var at = (int)((keys[i] * 0x9E3779B97F4A7C15UL) >> slotShift);
            while (table[at].Stamp == stamp && table[at].Key != keys[i])
            {
                at = (at + 1) & mask;
            }

            ref var slot = ref table[at];
            if (slot.Stamp != stamp)
            {
                (slot.Key, slot.Stamp, slot.Group) = (keys[i], stamp, to.Count);
                to.Add(new() { First = _members[i] });
            }

            (_grouped[_groupedCount], _groupOf[_groupedCount++]) = (i, slot.Group);
            ref var group = ref CollectionsMarshal.AsSpan(to)[slot.Group];
            if (_classOf[i] >= 0)
            {
                group.HasClasses = true;
            }
            else
            {
                group.Rows += _rows[i];
                group.Expected += expected is null ? 0 : _rows[i] * expected[_members[i]];
            }
        }
    }

    private static bool LiesWithin(int[] levels, int[] vector)
    {
        for (var a = 0; a < vector.Length; a++)
        {
            if (levels[a] > vector[a])
            {
                return false;
            }
        }

        return true;
    }

    private void Squeeze()
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_rows[i] > 0)
            {
                (_members[kept], _rows[kept], _classOf[kept]) = (_members[i], _rows[i], _classOf[i]);
                foreach (var column in _leaves)
                {
                    column[kept] = column[i];
                }

                kept++;
            }
        }

        (Count, _taken, _columnBytes) = (kept, 0, 0);
        foreach (var block in _blocks)
        {
            block.Valid.AsSpan().Clear();
        }

        Resize();
    }

    private void Resize()
    {
        var slots = BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * Count));
        if (slots != _table.Length)
        {
            (_table, _filled, _shift, _stamp) = (new Slot[slots], new int[slots], 64 - BitOperations.Log2(slots), 0);
        }
    }

    /// <summary>Null: it does not fit.</summary>
    private ulong[]? ColumnOf(Block block, int[] vector)
    {
        var number = 0;
        for (var a = block.From; a < block.To; a++)
        {
            number = (number * (_tuples.Data.Attributes[a].Height + 1)) + vector[a];
        }

        if (block.Valid[number])
        {
            return block.Columns[number];
        }

        if (_columnBytes + (Count * sizeof(ulong)) > ColumnBytesMax)
        {
            return null;
        }

        _columnBytes += Count * sizeof(ulong);
        var column = block.Columns[number];
        if (column is null || column.Length < Count)
        {
            block.Columns[number] = column = new ulong[Count];
        }

        block.Valid[number] = true;
        Sum(block, vector, column.AsSpan(0, Count), anew: true);
        return column;
    }

    private void Sum(Block block, int[] vector, Span<ulong> to, bool anew)
    {
        for (var a = block.From; a < block.To; a++)
        {
            var of = _summandOf[a][vector[a]];
            var leaves = _leaves[a].AsSpan(0, to.Length);
            if (anew && a == block.From)
            {
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] = of[leaves[i]];
                }
            }
            else
            {
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] += of[leaves[i]];
                }
            }
        }
    }

    private static void Add(Span<ulong> to, ReadOnlySpan<ulong> summands)
    {
        var wide = MemoryMarshal.Cast<ulong, Vector<ulong>>(to);
        var wideSummands = MemoryMarshal.Cast<ulong, Vector<ulong>>(summands);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] += wideSummands[i];
        }

        for (var i = wide.Length * Vector<ulong>.Count; i < to.Length; i++)
        {
            to[i] += summands[i];
        }
    }

    private static Block[] BlocksOf(IReadOnlyList<LeafHierarchy> attributes)
    {
        var blocks = new List<Block>();
        for (var from = 0; from < attributes.Count;)
        {
            var (to, vectors) = (from + 1, attributes[from].Height + 1);
            while (to < attributes.Count && vectors * (attributes[to].Height + 1) <= BlockVectorsMax)
            {
                vectors *= attributes[to++].Height + 1;
            }

            blocks.Add(new(from, to, vectors));
            from = to;
        }

        return [.. blocks];
    }

    /// <summary>By attribute, level and leaf.</summary>
    private static ulong[][][] SummandsOf(IReadOnlyList<LeafHierarchy> attributes)
    {
        var (numbers, summands) = (LabelNumbers.Of(attributes), new ulong[attributes.Count][][]);
        for (var a = 0; a < summands.Length; a++)
        {
            var (attribute, ofLabel) = (attributes[a], numbers[a]);
            summands[a] = new ulong[attribute.Height + 1][];
            for (var level = 0; level <= attribute.Height; level++)
            {
                var labels = attribute.LabelsAt(level);
                var ofLeaf = summands[a][level] = new ulong[attribute.LeafCount];
                for (var leaf = 0; leaf < ofLeaf.Length; leaf++)
                {
                    ofLeaf[leaf] = ofLabel[labels[leaf]];
                }
            }
        }

        return summands;
    }

    /// <summary>Neighbouring attributes whose summands are kept summed, one column per combination of levels.</summary>
    private sealed class Block(int from, int to, int vectors)
    {
        public int From { get; } = from;

        public int To { get; } = to;

        public ulong[]?[] Columns { get; } = new ulong[vectors][];

        public bool[] Valid { get; } = new bool[vectors];
    }
}
