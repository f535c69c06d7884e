using System.Numerics;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// A sweep over vectors in order of loss that takes of every group as many rows as can be a class within t, and leaves the others for coarser vectors. What it takes is proportional to
/// what is left of each sensitive value, as far as the group has it, so that the rest stays close to the table until the end.
/// </summary>
internal sealed class ComposingSweep
{
    /// <summary>Halvings when the most that a group can give is sought.</summary>
    private const int Halvings = 24;

    private readonly CloseTable _table;
    private readonly double _t;
    private readonly double _weight;

    // Tuples with open rows, rarest first, and their halves.
    private readonly int[] _tuples;
    private readonly int[] _first;
    private readonly int[] _second;
    private readonly int[] _groupOf;
    private int _tupleCount;

    // Rows of one tuple and one value are a cell; those from its next row on are open.
    private readonly int[] _rows;
    private readonly int[] _cellOf;
    private readonly int[] _cellsFrom;
    private readonly int[] _valueOf;
    private readonly int[] _nextOf;
    private readonly int[] _endOf;
    private readonly int[] _openOf;
    private int _rowCount;

    private readonly int[] _left;
    private readonly double[] _quota;
    private readonly int[] _trial;
    private readonly int[] _groupAt;
    private readonly ulong[] _keyOf;
    private readonly int[] _rowsOf;
    private int[] _have = [];
    private int[] _take = [];

    /// <param name="table">No row is in a class.</param>
    /// <param name="t">Of the classes that it makes, at most the model's.</param>
    /// <param name="weight">How much rather it takes what is left over than what the table has, 0 or more.</param>
    public ComposingSweep(CloseTable table, double t, double weight)
    {
        (_table, _t, _weight) = (table, t, weight);
        var tuples = table.Tuples;
        _tuples = RarestFirst(table);
        (_first, _second) = ([.. _tuples.Select(tuple => table.Images.First.Of[tuple])], [.. _tuples.Select(tuple => table.Images.Second.Of[tuple])]);
        (_tupleCount, _rowCount) = (tuples.Count, table.Data.Rows);
        (_rows, _cellOf, _openOf, _cellsFrom) = (new int[_rowCount], new int[_rowCount], tuples.Sizes[.._tupleCount], new int[_tupleCount + 1]);
        var (valueOf, nextOf) = (new List<int>(), new List<int>());
        for (var (tuple, row) = (0, 0); tuple < _tupleCount; tuple++)
        {
            tuples.RowsOf(tuple).CopyTo(_rows.AsSpan(row));
            var rows = _rows.AsSpan(row, tuples.Sizes[tuple]);
            rows.Sort((one, other) => (table.ValueOf[one], one).CompareTo((table.ValueOf[other], other)));
            _cellsFrom[tuple] = valueOf.Count;
            for (var i = 0; i < rows.Length; i++)
            {
                if (i == 0 || table.ValueOf[rows[i]] != table.ValueOf[rows[i - 1]])
                {
                    valueOf.Add(table.ValueOf[rows[i]]);
                    nextOf.Add(row + i);
                }

                _cellOf[rows[i]] = valueOf.Count - 1;
            }

            row += rows.Length;
        }

        (_cellsFrom[_tupleCount], _valueOf, _nextOf, _endOf) = (valueOf.Count, [.. valueOf], [.. nextOf], [.. nextOf.Skip(1), _rowCount]);
        _left = [.. table.Reference];
        (_quota, _trial) = (new double[table.Values], new int[table.Values]);
        _groupAt = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * _tupleCount))];
        (_groupOf, _keyOf, _rowsOf) = (new int[_tupleCount], new ulong[_tupleCount], new int[_tupleCount]);
    }

    /// <summary>Rows in no class.</summary>
    public int Open => _rowCount;

    /// <param name="lossMax">Of a class, at most.</param>
    /// <returns>Whether a group loses more and could be one.</returns>
    public bool Visit(int[] levels, double lossMax)
    {
        var groups = Group(levels);
        var numbers = _rowsOf.AsSpan(0, groups);
        var large = 0;
        foreach (ref var number in numbers)
        {
            number = number >= _table.Model.K ? large++ : -1;
        }

        if (large == 0)
        {
            return false;
        }

        var (values, member) = (_table.Values, new int[large]);
        if (_have.Length < large * values)
        {
            (_have, _take) = (new int[2 * large * values], new int[2 * large * values]);
        }

        Array.Clear(_have, 0, large * values);
        for (var i = 0; i < _tupleCount; i++)
        {
            var number = numbers[_groupOf[i]];
            if (number < 0)
            {
                continue;
            }

            member[number] = _tuples[i];
            var (have, to) = (number * values, _cellsFrom[_tuples[i] + 1]);
            for (var cell = _cellsFrom[_tuples[i]]; cell < to; cell++)
            {
                _have[have + _valueOf[cell]] += _endOf[cell] - _nextOf[cell];
            }
        }

        SetQuota();
        var members = new List<int>?[large];
        var (any, waits) = (false, false);
        for (var number = 0; number < large; number++)
        {
            var have = _have.AsSpan(number * values, values);
            if (!MayGive(have))
            {
                continue;
            }

            if (lossMax < 1 && CloseClass.LossOf(_table.Data, levels, _table.Tuples.RowsOf(member[number])[0]) > lossMax)
            {
                waits = true;
            }
            else if (Most(have, _take.AsSpan(number * values, values)))
            {
                members[number] = [];
                any = true;
            }
        }

        if (any)
        {
            Take(levels, numbers, members);
        }

        return waits;
    }

    private void Take(int[] levels, ReadOnlySpan<int> numbers, List<int>?[] members)
    {
        for (var i = 0; i < _tupleCount; i++)
        {
            if (numbers[_groupOf[i]] is not (>= 0 and var number) || members[number] is not { } list)
            {
                continue;
            }

            for (var cell = _cellsFrom[_tuples[i]]; cell < _cellsFrom[_tuples[i] + 1]; cell++)
            {
                ref var take = ref _take[(number * _table.Values) + _valueOf[cell]];
                var rows = _rows.AsSpan(_nextOf[cell], Math.Min(take, _endOf[cell] - _nextOf[cell]));
                take -= rows.Length;
                list.AddRange(rows);
            }
        }

        foreach (var list in members)
        {
            if (list is not null && _table.HasPersons(list) && AreAlike(levels, list))
            {
                _table.Add(levels, list);
                _rowCount -= list.Count;
                foreach (var row in list)
                {
                    _nextOf[_cellOf[row]]++;
                    _left[_table.ValueOf[row]]--;
                }
            }
        }

        var kept = 0;
        for (var i = 0; i < _tupleCount; i++)
        {
            var (tuple, open) = (_tuples[i], 0);
            for (var cell = _cellsFrom[tuple]; cell < _cellsFrom[tuple + 1]; cell++)
            {
                open += _endOf[cell] - _nextOf[cell];
            }

            if ((_openOf[tuple] = open) > 0)
            {
                (_tuples[kept], _first[kept], _second[kept]) = (tuple, _first[i], _second[i]);
                kept++;
            }
        }

        _tupleCount = kept;
    }

    /// <summary>Of total variation: whether k rows of a group, whatever they are, could be within t; more are no closer.</summary>
    /// <param name="have">Rows of the group by value.</param>
    private bool MayGive(ReadOnlySpan<int> have)
    {
        if (!_table.IsDiverse(have))
        {
            return false;
        }

        var (matched, k) = (0.0, _table.Model.K);
        for (var value = 0; value < have.Length; value++)
        {
            matched += Math.Min(have[value], k * _table.Shares[value]);
        }

        return _table.Model.Ordered || matched >= (1 - _t) * k;
    }

    /// <summary>The most rows that are within t and k: each value up to its share of a sum, as far as the group has it.</summary>
    /// <param name="have">Rows of the group by value.</param>
    /// <param name="take">Of them, undefined where it is false.</param>
    private bool Most(ReadOnlySpan<int> have, Span<int> take)
    {
        var (rows, k, high) = (0, _table.Model.K, 0.0);
        for (var value = 0; value < have.Length; value++)
        {
            rows += have[value];
            high = have[value] == 0 ? high : Math.Max(high, have[value] / _quota[value]);
        }

        if (_table.IsClose(have, rows, _t))
        {
            have.CopyTo(take);
            return true;
        }

        var (low, most) = (0.0, 0);
        for (var halving = 0; halving < Halvings; halving++)
        {
            var (middle, sum) = ((low + high) / 2, 0);
            for (var value = 0; value < have.Length; value++)
            {
                sum += _trial[value] = (int)Math.Min(have[value], (middle * _quota[value]) + 0.5);
            }

            if (sum > 0 && !_table.IsClose(_trial, sum, _t))
            {
                high = middle;
                continue;
            }

            low = middle;
            if (sum >= k && sum > most && _table.IsDiverse(_trial))
            {
                most = sum;
                _trial.CopyTo(take);
            }
        }

        return most > 0;
    }

    /// <summary>Shares of the values, moved from what the table has towards what is left.</summary>
    private void SetQuota()
    {
        for (var value = 0; value < _quota.Length; value++)
        {
            var share = _table.Shares[value];
            var left = (double)_left[value] / _rowCount;
            // A value that the reference lacks (all its rows were suppressed) is taken last.
            _quota[value] = share == 0 ? 1e-9 : share * Math.Max(0.1, Math.Pow(left / share, _weight));
        }
    }

    /// <summary>Numbers the images of the open tuples, with the open rows of each.</summary>
    /// <returns>How many there are.</returns>
    private int Group(int[] levels)
    {
        var (firsts, seconds) = (_table.Images.First.Sums(levels), _table.Images.Second.Sums(levels));
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * _tupleCount));
        var groupAt = _groupAt.AsSpan(0, slots);
        groupAt.Fill(-1);
        var (shift, groups) = (64 - BitOperations.Log2((uint)slots), 0);
        for (var i = 0; i < _tupleCount; i++)
        {
            var key = firsts[_first[i]] + seconds[_second[i]];
            var slot = (int)((key * 0x9E3779B97F4A7C15UL) >> shift);
            int group;
            while ((group = groupAt[slot]) >= 0 && _keyOf[group] != key)
            {
                slot = (slot + 1) & (slots - 1);
            }

            if (group < 0)
            {
                groupAt[slot] = group = groups++;
                (_keyOf[group], _rowsOf[group]) = (key, 0);
            }

            _groupOf[i] = group;
            _rowsOf[group] += _openOf[_tuples[i]];
        }

        return groups;
    }

    /// <summary>Two images may, once in 10^19, have one number.</summary>
    private bool AreAlike(int[] levels, List<int> rows)
    {
        for (var a = 0; a < levels.Length; a++)
        {
            var labels = _table.Data.Attributes[a].LabelsAt(levels[a]);
            var leaves = _table.Data.Leaves[a];
            foreach (var row in rows)
            {
                if (labels[leaves[row]] != labels[leaves[rows[0]]])
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Tuples whose leaves are rare find company late: where a group has more than is taken, they go first.</summary>
    private static int[] RarestFirst(CloseTable table)
    {
        var tuples = table.Tuples;
        var commonness = new double[tuples.Count];
        for (var a = 0; a < tuples.Leaves.Length; a++)
        {
            var counts = new int[table.Data.Attributes[a].LeafCount];
            foreach (var leaf in table.Data.Leaves[a])
            {
                counts[leaf]++;
            }

            for (var tuple = 0; tuple < commonness.Length; tuple++)
            {
                commonness[tuple] += Math.Log(counts[tuples.Leaves[a][tuple]]);
            }
        }

        return [.. Enumerable.Range(0, commonness.Length).OrderBy(tuple => commonness[tuple]).ThenBy(tuple => tuple)];
    }
}
