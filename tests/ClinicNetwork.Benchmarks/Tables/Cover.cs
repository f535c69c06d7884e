using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>Rows that share a published tuple: in every attribute the label of the lowest level at which all of them are alike.</summary>
internal sealed class Cover
{
    private readonly Microdata _data;
    private readonly int[] _levels;
    private readonly int[] _leaves;

    /// <param name="rows">One or more.</param>
    public Cover(Microdata data, List<int> rows)
    {
        (_data, Rows) = (data, rows);
        _leaves = [.. data.Leaves.Select(column => column[rows[0]])];
        _levels = new int[_leaves.Length];
        for (var a = 0; a < _levels.Length; a++)
        {
            foreach (var row in rows)
            {
                _levels[a] = data.Attributes[a].CommonLevel(_levels[a], _leaves[a], data.Leaves[a][row]);
            }
        }
    }

    public List<int> Rows { get; }

    public IReadOnlyList<int> Levels => _levels;

    /// <summary>Sum over the attributes, 0 to their number.</summary>
    public double Loss
    {
        get
        {
            var sum = 0.0;
            for (var a = 0; a < _levels.Length; a++)
            {
                sum += LossAt(a, _levels[a]);
            }

            return sum;
        }
    }

    /// <summary>Of one attribute, 0 to 1.</summary>
    public double LossOf(int attribute) => LossAt(attribute, _levels[attribute]);

    /// <summary>What the class and the row lose more when the row joins.</summary>
    public double CostOf(int row) => (LossWith(row) * (Rows.Count + 1)) - (Loss * Rows.Count);

    /// <summary>As <see cref="Loss"/> once the row has joined.</summary>
    public double LossWith(int row)
    {
        var sum = 0.0;
        for (var a = 0; a < _levels.Length; a++)
        {
            sum += LossAt(a, _data.Attributes[a].CommonLevel(_levels[a], _leaves[a], _data.Leaves[a][row]));
        }

        return sum;
    }

    /// <summary>As <see cref="Loss"/> once the two are one.</summary>
    public double LossWith(Cover other)
    {
        var sum = 0.0;
        for (var a = 0; a < _levels.Length; a++)
        {
            sum += LossAt(a, LevelWith(other, a));
        }

        return sum;
    }

    public void Add(int row)
    {
        Rows.Add(row);
        for (var a = 0; a < _levels.Length; a++)
        {
            _levels[a] = _data.Attributes[a].CommonLevel(_levels[a], _leaves[a], _data.Leaves[a][row]);
        }
    }

    public void Join(Cover other)
    {
        Rows.AddRange(other.Rows);
        for (var a = 0; a < _levels.Length; a++)
        {
            _levels[a] = LevelWith(other, a);
        }
    }

    public bool Covers(int row)
    {
        for (var a = 0; a < _levels.Length; a++)
        {
            var labels = _data.Attributes[a].LabelsAt(_levels[a]);
            if (labels[_leaves[a]] != labels[_data.Leaves[a][row]])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Rows in no class are suppressed; classes of equal labels are one.</summary>
    public static Published Publish(Microdata data, IEnumerable<Cover> classes)
    {
        var (regions, known, regionOf) = (new List<int[]>(), new Dictionary<string, int>(StringComparer.Ordinal), new int[data.Rows]);
        Array.Fill(regionOf, -1);
        foreach (var one in classes.Where(c => c._levels.Zip(data.Attributes).Any(pair => pair.First < pair.Second.Height)))
        {
            var labels = one._levels.Select((level, a) => data.Attributes[a].LabelsAt(level)[one._leaves[a]]).ToArray();
            if (known.TryAdd(string.Join(',', labels), regions.Count))
            {
                regions.Add(labels);
            }

            foreach (var row in one.Rows)
            {
                regionOf[row] = known[string.Join(',', labels)];
            }
        }

        return new(data, regions, regionOf);
    }

    private int LevelWith(Cover other, int attribute) =>
        _data.Attributes[attribute].CommonLevel(Math.Max(_levels[attribute], other._levels[attribute]), _leaves[attribute], other._leaves[attribute]);

    private double LossAt(int attribute, int level) => _data.Attributes[attribute].Loss(_data.Attributes[attribute].LabelsAt(level)[_leaves[attribute]]);
}
