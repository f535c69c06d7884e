using System.Runtime.InteropServices;

namespace ClinicNetwork.Verification.Tables;

/// <summary>The released rows by class.</summary>
internal sealed class ClassIndex
{
    private readonly int[] _rows;
    private readonly int[] _starts;

    /// <param name="columns">Codes of the quasi-identifiers, and of the batch where there are several.</param>
    /// <param name="released">For each row whether it is in a class.</param>
    public ClassIndex(IReadOnlyList<VerifiedColumn> columns, int[]? batchOf, int batches, bool[] released)
    {
        var classOf = ClassesOf(columns, batchOf, batches, released);
        (_rows, _starts) = ByGroup(classOf, Count);
    }

    public int Count { get; private set; }

    /// <summary>Indices in ascending order; at least one.</summary>
    public ReadOnlySpan<int> RowsOf(int c) => _rows.AsSpan(_starts[c].._starts[c + 1]);

    /// <summary>Members of each group one after the other, and where each begins.</summary>
    /// <param name="groupOf">−1: in none.</param>
    public static (int[] Members, int[] Starts) ByGroup(ReadOnlySpan<int> groupOf, int groups)
    {
        var starts = new int[groups + 1];
        foreach (var group in groupOf)
        {
            if (group >= 0)
            {
                starts[group + 1]++;
            }
        }

        for (var group = 0; group < groups; group++)
        {
            starts[group + 1] += starts[group];
        }

        var (members, next) = (new int[starts[groups]], starts.AsSpan(0, groups).ToArray());
        for (var member = 0; member < groupOf.Length; member++)
        {
            if (groupOf[member] >= 0)
            {
                members[next[groupOf[member]]++] = member;
            }
        }

        return (members, starts);
    }

    /// <summary>Keys of mixed radix, made dense whenever 64 bits do not hold the next column.</summary>
    private int[] ClassesOf(IReadOnlyList<VerifiedColumn> columns, int[]? batchOf, int batches, bool[] released)
    {
        var keys = new ulong[released.Length];
        for (var row = 0; row < keys.Length && batchOf is not null; row++)
        {
            keys[row] = (ulong)batchOf[row];
        }

        var (dense, values) = (new int[keys.Length], (ulong)Math.Max(1, batches));
        foreach (var column in columns)
        {
            var codes = column.Codes;
            var distinct = (ulong)column.Distinct;
            if (values > ulong.MaxValue / distinct)
            {
                values = (ulong)Math.Max(1, Dense(keys, released, dense));
                for (var row = 0; row < keys.Length; row++)
                {
                    keys[row] = (ulong)Math.Max(0, dense[row]);
                }
            }

            for (var row = 0; row < keys.Length; row++)
            {
                keys[row] = (keys[row] * distinct) + (ulong)codes[row];
            }

            values *= distinct;
        }

        Count = Dense(keys, released, dense);
        return dense;
    }

    private static int Dense(ulong[] keys, bool[] released, int[] dense)
    {
        var ids = new Dictionary<ulong, int>();
        for (var row = 0; row < keys.Length; row++)
        {
            if (!released[row])
            {
                dense[row] = -1;
                continue;
            }

            ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(ids, keys[row], out var known);
            id = known ? id : ids.Count - 1;
            dense[row] = id;
        }

        return ids.Count;
    }
}
