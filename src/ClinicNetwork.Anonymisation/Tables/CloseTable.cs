using System.Runtime.InteropServices;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>A class that is composed row by row.</summary>
/// <param name="number">Of the table's classes.</param>
/// <param name="levels">At which it is published, per attribute.</param>
/// <param name="first">A row of it.</param>
/// <param name="values">Of the sensitive attribute, how many.</param>
internal sealed class CloseClass(Microdata data, int number, int[] levels, int first, int values)
{
    public int Number => number;

    public int[] Levels { get; private set; } = levels;

    /// <summary>Mean loss of each of its rows, 0 to 1.</summary>
    public double Loss { get; private set; } = LossOf(data, levels, first);

    /// <summary>Times that a row joined or left or the levels changed.</summary>
    public int Changes { get; set; }

    public List<int> Rows { get; } = [];

    /// <summary>Rows by sensitive value.</summary>
    public int[] Counts { get; } = new int[values];

    public bool Covers(int row)
    {
        for (var a = 0; a < Levels.Length; a++)
        {
            var labels = data.Attributes[a].LabelsAt(Levels[a]);
            if (labels[data.Leaves[a][row]] != labels[data.Leaves[a][Rows[0]]])
            {
                return false;
            }
        }

        return true;
    }

    public void LiftTo(int[] levels) => (Levels, Loss, Changes) = (levels, LossOf(data, levels, Rows[0]), Changes + 1);

    /// <summary>The lowest level, from the class's on, at which all its rows and another are alike in an attribute.</summary>
    public int LevelWith(int row, int a)
    {
        var (attribute, leaves) = (data.Attributes[a], data.Leaves[a]);
        var level = attribute.CommonLevel(Levels[a], leaves[Rows[0]], leaves[row]);
        if (level > Levels[a] && !attribute.IsNested)
        {
            // Alike below does not mean alike here.
            while (!AreAlike(attribute.LabelsAt(level), leaves, row))
            {
                level++;
            }
        }

        return level;
    }

    public int[] LevelsWith(int row)
    {
        var levels = new int[Levels.Length];
        for (var a = 0; a < levels.Length; a++)
        {
            levels[a] = LevelWith(row, a);
        }

        return levels;
    }

    /// <summary>What the class's rows and another lose together more than now, if it is less than this; else infinite.</summary>
    /// <param name="most">Rows.</param>
    public double CostWith(int row, double most)
    {
        var (sum, all) = (0.0, most * Levels.Length);
        for (var a = 0; a < Levels.Length; a++)
        {
            var (attribute, leaf, level) = (data.Attributes[a], data.Leaves[a][row], LevelWith(row, a));
            var loss = attribute.Loss(attribute.LabelsAt(level)[leaf]);
            sum += loss;
            if (level > Levels[a])
            {
                sum += Rows.Count * (loss - attribute.Loss(attribute.LabelsAt(Levels[a])[data.Leaves[a][Rows[0]]]));
            }

            if (sum >= all)
            {
                return double.PositiveInfinity;
            }
        }

        return sum / Levels.Length;
    }

    private bool AreAlike(ReadOnlySpan<int> labels, int[] leaves, int row)
    {
        foreach (var other in Rows)
        {
            if (labels[leaves[other]] != labels[leaves[row]])
            {
                return false;
            }
        }

        return true;
    }

    public static double LossOf(Microdata data, int[] levels, int row)
    {
        var sum = 0.0;
        for (var a = 0; a < levels.Length; a++)
        {
            var attribute = data.Attributes[a];
            sum += attribute.Loss(attribute.LabelsAt(levels[a])[data.Leaves[a][row]]);
        }

        return sum / levels.Length;
    }
}

/// <summary>Which row is in which class, and what the classes are compared with. Not for several threads at once.</summary>
internal sealed class CloseTable
{
    /// <summary>Of t: what a distance may be short of it by rounding.</summary>
    private const double Rounding = 1e-9;

    private readonly int[] _persons;
    private readonly int[] _personSeen;
    private readonly int[] _placeOf;
    private int _stamp;

    public CloseTable(TupleImages images, PrivacyModel model)
    {
        var data = images.Tuples.Data;
        (Data, Images, Model) = (data, images, model);
        var sensitive = data.Sensitive ?? throw new ArgumentException("The model asks for a sensitive attribute and there is none.", nameof(model));
        var sorted = sensitive.Distinct().Order().ToArray();
        ValueOf = [.. sensitive.Select(v => Array.BinarySearch(sorted, v))];
        Values = sorted.Length;
        CompareWith(CountsOf(Enumerable.Range(0, data.Rows)));
        (ClassOf, _placeOf) = (new CloseClass?[data.Rows], new int[data.Rows]);
        TupleOf = new int[data.Rows];
        for (var tuple = 0; tuple < Tuples.Count; tuple++)
        {
            foreach (var row in Tuples.RowsOf(tuple))
            {
                TupleOf[row] = tuple;
            }
        }

        _persons = data.Persons is { } persons ? ClassRule.Dense(persons, out _) : [];
        _personSeen = new int[_persons.DefaultIfEmpty(0).Max() + 1];
    }

    public Microdata Data { get; }

    public TupleImages Images { get; }

    public TupleTable Tuples => Images.Tuples;

    public PrivacyModel Model { get; }

    /// <summary>Of the sensitive attribute: distinct ones.</summary>
    public int Values { get; }

    /// <summary>The rank of each row's sensitive value.</summary>
    public int[] ValueOf { get; }

    /// <summary>The tuple of each row.</summary>
    public int[] TupleOf { get; }

    /// <summary>The class of each row; null: none.</summary>
    public CloseClass?[] ClassOf { get; }

    /// <summary>By number; those that lost all their rows have none.</summary>
    public List<CloseClass> Classes { get; } = [];

    /// <summary>Rows by sensitive value of the table that classes are compared with: the whole at first.</summary>
    public int[] Reference { get; private set; } = [];

    public int ReferenceRows { get; private set; }

    /// <summary>The same as parts of all.</summary>
    public double[] Shares { get; private set; } = [];

    /// <summary>Rows in no class.</summary>
    public IEnumerable<int> Open => Enumerable.Range(0, Data.Rows).Where(r => ClassOf[r] is null);

    public void CompareWith(int[] reference)
    {
        (Reference, ReferenceRows) = (reference, Math.Max(1, reference.Sum()));
        Shares = [.. reference.Select(rows => (double)rows / ReferenceRows)];
    }

    public int[] CountsOf(IEnumerable<int> rows)
    {
        var counts = new int[Values];
        foreach (var row in rows)
        {
            counts[ValueOf[row]]++;
        }

        return counts;
    }

    /// <param name="rows">The sum of the counts, 1 or more.</param>
    public double Distance(ReadOnlySpan<int> counts, int rows)
    {
        if (Model.Ordered)
        {
            return SensitiveDistance.Of(counts, rows, Reference, ReferenceRows, true);
        }

        var (sum, share) = (0.0, 1.0 / rows);
        for (var value = 0; value < counts.Length; value++)
        {
            var difference = (counts[value] * share) - Shares[value];
            sum += difference > 0 ? difference : 0;
        }

        return sum;
    }

    /// <param name="t">Distance, at most.</param>
    public bool IsClose(ReadOnlySpan<int> counts, int rows, double t) => Distance(counts, rows) <= t - Rounding;

    public bool IsDiverse(ReadOnlySpan<int> counts) => counts.Length - counts.Count(0) >= Model.DistinctL;

    /// <param name="without">One of the rows, that is not counted; −1: all are.</param>
    public bool HasPersons(List<int> rows, int without = -1)
    {
        if (_persons.Length == 0)
        {
            return rows.Count - (without < 0 ? 0 : 1) >= Model.K;
        }

        var (found, stamp) = (0, ++_stamp);
        foreach (var row in rows)
        {
            if (row != without && _personSeen[_persons[row]] != stamp)
            {
                _personSeen[_persons[row]] = stamp;
                if (++found >= Model.K)
                {
                    return true;
                }
            }
        }

        return false;
    }

    public void Add(int[] levels, List<int> rows)
    {
        var one = new CloseClass(Data, Classes.Count, levels, rows[0], Values);
        Classes.Add(one);
        rows.ForEach(row => Join(one, row));
    }

    /// <param name="t">Distance afterwards, at most.</param>
    public bool MayJoin(CloseClass one, int row, double t)
    {
        one.Counts[ValueOf[row]]++;
        var may = IsClose(one.Counts, one.Rows.Count + 1, t);
        one.Counts[ValueOf[row]]--;
        return may;
    }

    /// <summary>Persons are not counted.</summary>
    /// <param name="t">Distance afterwards, at most.</param>
    public bool MayLose(CloseClass one, int row, double t)
    {
        one.Counts[ValueOf[row]]--;
        var may = one.Rows.Count > Model.K && IsDiverse(one.Counts) && IsClose(one.Counts, one.Rows.Count - 1, t);
        one.Counts[ValueOf[row]]++;
        return may;
    }

    public void Join(CloseClass one, int row)
    {
        (ClassOf[row], _placeOf[row]) = (one, one.Rows.Count);
        one.Rows.Add(row);
        one.Counts[ValueOf[row]]++;
        one.Changes++;
    }

    public void Leave(int row)
    {
        var one = ClassOf[row]!;
        one.Rows[_placeOf[row]] = one.Rows[^1];
        _placeOf[one.Rows[^1]] = _placeOf[row];
        one.Rows.RemoveAt(one.Rows.Count - 1);
        one.Counts[ValueOf[row]]--;
        one.Changes++;
        ClassOf[row] = null;
    }

    /// <summary>Every quasi-identifier is the root.</summary>
    public bool PublishesNothing(int[] levels, int row)
    {
        for (var a = 0; a < levels.Length; a++)
        {
            var attribute = Data.Attributes[a];
            if (attribute.LabelsAt(levels[a])[Data.Leaves[a][row]] != attribute.LabelsAt(attribute.Height)[0])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Mean over all rows; of those in no class 1.</summary>
    public double Ncp() => Data.Rows == 0 ? 0 : 1 - (Classes.Sum(c => c.Rows.Count * (1 - c.Loss)) / Data.Rows);

    public Published Publish()
    {
        var published = new PublishedRegions(Data);
        foreach (var one in Classes.Where(c => c.Rows.Count > 0))
        {
            published.Put(CollectionsMarshal.AsSpan(one.Rows), published.NumberOf([.. one.Levels.Select((level, a) => Data.Attributes[a].LabelsAt(level)[Data.Leaves[a][one.Rows[0]]])]));
        }

        return published.Publish();
    }
}

/// <summary>Which values classes may gain or lose within t, asked again only of those that changed. As long as the table is compared with the same.</summary>
/// <param name="t">Distance afterwards, at most.</param>
internal sealed class CloseRoom(CloseTable table, double t)
{
    // By class and value: the changes of the class when it was asked, plus 1, and the answer.
    private readonly (int Changes, bool May)[] _joins = new (int, bool)[table.Classes.Count * table.Values];
    private readonly (int Changes, bool May)[] _leaves = new (int, bool)[table.Classes.Count * table.Values];

    public bool MayJoin(CloseClass one, int row)
    {
        ref var join = ref _joins[(one.Number * table.Values) + table.ValueOf[row]];
        if (join.Changes != one.Changes + 1)
        {
            join = (one.Changes + 1, table.MayJoin(one, row, t));
        }

        return join.May;
    }

    public bool MayLeave(CloseClass one, int row)
    {
        ref var leave = ref _leaves[(one.Number * table.Values) + table.ValueOf[row]];
        if (leave.Changes != one.Changes + 1)
        {
            leave = (one.Changes + 1, table.MayLose(one, row, t));
        }

        return leave.May && table.HasPersons(one.Rows, row);
    }
}
