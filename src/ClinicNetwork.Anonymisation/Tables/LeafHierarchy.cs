using System.Collections.Immutable;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// A generalisation hierarchy of a table's attribute, positional: one row per leaf, most specific label first, the last level <see cref="Root"/>. Each level is a partition of the
/// leaves by their labels; labels are never parsed, and a level need not refine the next one (some published files do not). A label that stands at several levels is one value, and
/// covers every leaf that it stands for anywhere.
/// </summary>
public sealed class LeafHierarchy
{
    /// <summary>The value that covers every leaf, and stands in every quasi-identifier of a suppressed row.</summary>
    public const string Root = "*";

    private readonly Dictionary<string, int> _leafOf;
    private readonly int[][] _labelOf;
    private readonly double[] _loss;

    /// <param name="rows">One per leaf; at least one, all of the same length, each ending with <see cref="Root"/>, no leaf twice, no label that is its own ancestor: see <see cref="HierarchyCheck"/>.</param>
    /// <exception cref="ArgumentException">The rows are no hierarchy; the message names row and rule, never a value.</exception>
    public LeafHierarchy(string name, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (HierarchyCheck.FirstFault(rows) is { } fault)
        {
            throw new ArgumentException($"hierarchy {name}: {fault}", nameof(rows));
        }

        Name = name;
        Height = rows[0].Count - 1;
        _leafOf = new(rows.Count, StringComparer.Ordinal);
        var labels = new List<string>();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        _labelOf = [.. Enumerable.Range(0, Height + 1).Select(_ => new int[rows.Count])];
        for (var leaf = 0; leaf < rows.Count; leaf++)
        {
            _leafOf[rows[leaf][0]] = leaf;
            for (var level = 0; level <= Height; level++)
            {
                if (!ids.TryGetValue(rows[leaf][level], out var id))
                {
                    ids[rows[leaf][level]] = id = labels.Count;
                    labels.Add(rows[leaf][level]);
                }

                _labelOf[level][leaf] = id;
            }
        }

        Labels = [.. labels];
        _loss = LossOf(rows.Count);
        IsNested = !HierarchyCheck.Doubts(rows).Any();
    }

    public string Name { get; }

    /// <summary>Level of the root; leaves are at level 0. 0 when the only leaf is the root itself.</summary>
    public int Height { get; }

    /// <summary>Each level refines the next.</summary>
    public bool IsNested { get; }

    public int LeafCount => _labelOf[0].Length;

    /// <summary>Distinct labels of all levels; what a published value is, by its index.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>False when it is no leaf.</summary>
    public bool TryFindLeaf(string value, out int leaf) => _leafOf.TryGetValue(value, out leaf);

    /// <summary>The label of each leaf at a level.</summary>
    public ReadOnlySpan<int> LabelsAt(int level) => _labelOf[level];

    /// <summary>Normalised certainty penalty of a published label: (leaves covered − 1)/(leaves − 1), 0 to 1; of the root always 1, of an only leaf 0.</summary>
    public double Loss(int label) => _loss[label];

    /// <summary>Every leaf has the root there.</summary>
    public bool IsRoot(int level) => _labelOf[level].All(label => label == _labelOf[Height][0]);

    /// <summary>The lowest level, from one on, at which two leaves have one label.</summary>
    public int CommonLevel(int from, int leaf, int other)
    {
        while (_labelOf[from][leaf] != _labelOf[from][other])
        {
            from++;
        }

        return from;
    }

    /// <summary>The lowest level at which the label stands.</summary>
    public int LevelOf(int label)
    {
        for (var level = 0; level < Height; level++)
        {
            if (Array.IndexOf(_labelOf[level], label) >= 0)
            {
                return level;
            }
        }

        return Height;
    }

    private double[] LossOf(int leaves)
    {
        var covered = new int[Labels.Length];
        Span<int> above = stackalloc int[Height + 1];
        for (var leaf = 0; leaf < leaves; leaf++)
        {
            // A label that stands twice above one leaf covers it once.
            for (var level = 0; level <= Height; level++)
            {
                above[level] = _labelOf[level][leaf];
                if (!above[..level].Contains(above[level]))
                {
                    covered[above[level]]++;
                }
            }
        }

        return [.. covered.Select((c, label) => Labels[label] == Root ? 1 : leaves == 1 ? 0 : (c - 1.0) / (leaves - 1.0))];
    }
}
