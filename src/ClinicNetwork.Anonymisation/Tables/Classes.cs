namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>A class in the making: tuples that are published alike, at a level per attribute.</summary>
internal sealed class TupleClass
{
    public required int[] Levels { get; set; }

    public required List<int> Tuples { get; init; }

    public int Rows { get; set; }

    /// <summary>Mean loss of each of its rows, 0 to 1.</summary>
    public double Loss { get; set; }
}

/// <summary>Which tuple is in which class.</summary>
internal sealed class Classes(TupleTable tuples)
{
    public TupleTable Tuples { get; } = tuples;

    /// <summary>By number; those that lost all their tuples have none.</summary>
    public List<TupleClass> All { get; } = [];

    /// <summary>The class of each tuple; −1: none.</summary>
    public List<int> OfTuple { get; } = [.. Enumerable.Repeat(-1, tuples.Count)];

    public void Add(int[] levels, List<int> members)
    {
        foreach (var tuple in members)
        {
            OfTuple[tuple] = All.Count;
        }

        All.Add(new() { Levels = levels, Tuples = members, Rows = members.Sum(t => Tuples.Sizes[t]), Loss = LossOf(levels, members[0]) });
    }

    /// <summary>A tuple joins a class, which is published at these levels from now on.</summary>
    public void Join(int number, int tuple, int[] levels)
    {
        var one = All[number];
        OfTuple[tuple] = number;
        one.Tuples.Add(tuple);
        (one.Rows, one.Levels, one.Loss) = (one.Rows + Tuples.Sizes[tuple], levels, LossOf(levels, tuple));
    }

    /// <summary>Some rows of a tuple become a tuple of their own in the same class.</summary>
    public int Split(int tuple, int rows)
    {
        var part = Tuples.Split(tuple, rows);
        OfTuple.Add(OfTuple[tuple]);
        All[OfTuple[tuple]].Tuples.Add(part);
        return part;
    }

    /// <summary>Tuples leave their class, which keeps its levels.</summary>
    public void Leave(int number, IReadOnlySet<int> leaving)
    {
        var one = All[number];
        one.Tuples.RemoveAll(leaving.Contains);
        foreach (var tuple in leaving)
        {
            OfTuple[tuple] = -1;
            one.Rows -= Tuples.Sizes[tuple];
        }
    }

    /// <summary>The lowest levels, from the class's on, at which all its tuples and another are alike.</summary>
    public int[] LevelsWith(TupleClass one, int tuple)
    {
        var levels = new int[one.Levels.Length];
        for (var a = 0; a < levels.Length; a++)
        {
            var attribute = Tuples.Data.Attributes[a];
            var leaves = Tuples.Leaves[a];
            var level = attribute.CommonLevel(one.Levels[a], leaves[one.Tuples[0]], leaves[tuple]);
            if (level > one.Levels[a] && !attribute.IsNested)
            {
                // Alike below does not mean alike here.
                while (one.Tuples.Any(t => attribute.LabelsAt(level)[leaves[t]] != attribute.LabelsAt(level)[leaves[tuple]]))
                {
                    level++;
                }
            }

            levels[a] = level;
        }

        return levels;
    }

    /// <summary>Each class at the lowest levels at which all its tuples are alike.</summary>
    public void Tighten()
    {
        foreach (var one in All.Where(c => c.Rows > 0))
        {
            var levels = new int[one.Levels.Length];
            for (var a = 0; a < levels.Length; a++)
            {
                var (attribute, leaves) = (Tuples.Data.Attributes[a], Tuples.Leaves[a]);
                while (levels[a] < one.Levels[a] && !AreAlike(attribute.LabelsAt(levels[a]), leaves, one.Tuples))
                {
                    levels[a]++;
                }
            }

            (one.Levels, one.Loss) = (levels, LossOf(levels, one.Tuples[0]));
        }

        static bool AreAlike(ReadOnlySpan<int> labels, int[] leaves, List<int> tuples)
        {
            var label = labels[leaves[tuples[0]]];
            foreach (var tuple in tuples)
            {
                if (labels[leaves[tuple]] != label)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Tuples in no class.</summary>
    public int Open => OfTuple.Count(c => c < 0);

    /// <summary>The labels at which a class is published.</summary>
    public int[] LabelsOf(TupleClass one)
    {
        var labels = new int[one.Levels.Length];
        for (var a = 0; a < labels.Length; a++)
        {
            labels[a] = Tuples.Data.Attributes[a].LabelsAt(one.Levels[a])[Tuples.Leaves[a][one.Tuples[0]]];
        }

        return labels;
    }

    /// <summary>Every quasi-identifier is the root.</summary>
    public bool PublishesNothing(TupleClass one)
    {
        for (var a = 0; a < one.Levels.Length; a++)
        {
            var attribute = Tuples.Data.Attributes[a];
            if (attribute.LabelsAt(one.Levels[a])[Tuples.Leaves[a][one.Tuples[0]]] != attribute.LabelsAt(attribute.Height)[0])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Mean loss over the attributes of publishing a tuple at these levels.</summary>
    public double LossOf(int[] levels, int tuple)
    {
        var sum = 0.0;
        for (var a = 0; a < levels.Length; a++)
        {
            var attribute = Tuples.Data.Attributes[a];
            sum += attribute.Loss(attribute.LabelsAt(levels[a])[Tuples.Leaves[a][tuple]]);
        }

        return sum / levels.Length;
    }

    /// <summary>The classes that lose no more than this, over a table of their own that can be split.</summary>
    public Classes UpTo(double loss)
    {
        var kept = new Classes(Tuples.Copy());
        foreach (var one in All.Where(c => c.Rows > 0 && c.Loss <= loss))
        {
            kept.Add(one.Levels, [.. one.Tuples]);
        }

        return kept;
    }

    /// <summary>Of the tuple's class; 1: it is in none.</summary>
    public double LossOf(int tuple) => OfTuple[tuple] < 0 ? 1 : All[OfTuple[tuple]].Loss;

    /// <summary>For each tuple.</summary>
    public double[] Losses() => [.. Enumerable.Range(0, Tuples.Count).Select(LossOf)];

    /// <summary>Rows in no class.</summary>
    public long OpenRows => Tuples.Data.Rows - All.Sum(c => (long)c.Rows);

    /// <summary>Mean over all rows; of those in no class 1.</summary>
    public double Ncp() => (OpenRows + All.Sum(c => c.Rows * c.Loss)) / Math.Max(1, Tuples.Data.Rows);
}
