namespace ClinicNetwork.Verification.Tables;

/// <summary>
/// A generalisation hierarchy read by position: one row per leaf, most specific label first, <see cref="Root"/> last. Labels are never parsed. A label covers each leaf in whose
/// row it stands, at whatever level.
/// </summary>
public sealed class TableHierarchy
{
    /// <summary>Covers every leaf.</summary>
    public const string Root = "*";

    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly int[][] _labelAt;
    private readonly int[] _leafOf;
    private readonly int[] _covered;
    private readonly int[] _levelOf;

    private TableHierarchy(string name, VerifiedTable rows)
    {
        (Name, LeafCount, Height) = (name, rows.Rows, rows.Columns.Count - 1);
        _labelAt = [.. rows.Columns.Select(LabelsOf)];
        (_leafOf, _covered, _levelOf) = (new int[_labels.Count], new int[_labels.Count], new int[_labels.Count]);
        Array.Fill(_leafOf, -1);
        Array.Fill(_levelOf, Height);
        for (var leaf = 0; leaf < LeafCount; leaf++)
        {
            AddLeaf(leaf);
        }

        RefuseCycles();
    }

    public string Name { get; }

    public int LeafCount { get; }

    /// <summary>Level of the root; leaves are at level 0.</summary>
    public int Height { get; }

    /// <summary>Distinct labels of all levels.</summary>
    public int LabelCount => _labels.Count;

    /// <param name="stream">Read to its end, not closed.</param>
    /// <exception cref="TableFormatException">It is no hierarchy.</exception>
    public static TableHierarchy Read(Stream stream, string name, char delimiter = ';', CancellationToken cancellationToken = default) =>
        new(name, VerifiedTable.ReadPositional(stream, delimiter, cancellationToken));

    /// <summary>−1 when it is no label.</summary>
    public int FindLabel(string value) => _labels.GetValueOrDefault(value, -1);

    /// <summary>−1 when it is no leaf.</summary>
    public int FindLeaf(string value) => FindLabel(value) is >= 0 and var label ? _leafOf[label] : -1;

    public int LabelAt(int level, int leaf) => _labelAt[level][leaf];

    public bool Covers(int label, int leaf)
    {
        foreach (var labels in _labelAt)
        {
            if (labels[leaf] == label)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Leaves covered, 1 to <see cref="LeafCount"/>.</summary>
    public int Covered(int label) => _covered[label];

    /// <summary>The lowest level at which the label stands.</summary>
    public int LevelOf(int label) => _levelOf[label];

    private int[] LabelsOf(VerifiedColumn level)
    {
        var labels = new int[level.Distinct];
        for (var code = 0; code < labels.Length; code++)
        {
            var label = level.ValueOf(code);
            if (!_labels.TryGetValue(label, out labels[code]))
            {
                _labels[label] = labels[code] = _labels.Count;
            }
        }

        var column = new int[level.Rows];
        for (var leaf = 0; leaf < column.Length; leaf++)
        {
            column[leaf] = labels[level.Codes[leaf]];
        }

        return column;
    }

    private void AddLeaf(int leaf)
    {
        if (_labelAt[Height][leaf] != FindLabel(Root))
        {
            throw new TableFormatException(leaf + 1, Height + 1, null, $"the last level is not '{Root}'; end every row with it.");
        }

        var bottom = _labelAt[0][leaf];
        if (_leafOf[bottom] >= 0)
        {
            throw new TableFormatException(leaf + 1, 1, null, $"the value stands in row {_leafOf[bottom] + 1} too; keep one of them.");
        }

        _leafOf[bottom] = leaf;
        for (var level = 0; level <= Height; level++)
        {
            var label = _labelAt[level][leaf];
            _levelOf[label] = Math.Min(_levelOf[label], level);
            _covered[label] += level > 0 && _labelAt[level - 1][leaf] == label ? 0 : 1;
        }
    }

    /// <summary>Takes away labels that have nothing under them until none is left; what stays stands above itself.</summary>
    private void RefuseCycles()
    {
        var edges = new HashSet<(int Label, int Parent)>();
        for (var leaf = 0; leaf < LeafCount; leaf++)
        {
            for (var level = 0; level < Height; level++)
            {
                if (_labelAt[level][leaf] != _labelAt[level + 1][leaf])
                {
                    edges.Add((_labelAt[level][leaf], _labelAt[level + 1][leaf]));
                }
            }
        }

        var parents = edges.ToLookup(edge => edge.Label, edge => edge.Parent);
        var under = new int[LabelCount];
        foreach (var (_, parent) in edges)
        {
            under[parent]++;
        }

        var free = new Stack<int>(Enumerable.Range(0, LabelCount).Where(label => under[label] == 0));
        while (free.TryPop(out var label))
        {
            under[label] = -1;
            foreach (var parent in parents[label])
            {
                if (--under[parent] == 0)
                {
                    free.Push(parent);
                }
            }
        }

        for (var leaf = 0; leaf < LeafCount; leaf++)
        {
            for (var level = 0; level <= Height; level++)
            {
                if (under[_labelAt[level][leaf]] > 0)
                {
                    throw new TableFormatException(leaf + 1, level + 1, null, "the label stands above one that stands above it: a cycle; rename one of the two.");
                }
            }
        }
    }
}
