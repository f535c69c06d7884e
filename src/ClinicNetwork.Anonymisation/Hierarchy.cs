namespace ClinicNetwork.Anonymisation;

/// <summary>
/// A generalisation hierarchy as a positional table: one path per leaf, most specific value first, the last one <see cref="Root"/>.
/// All paths have the same length; every value has one parent. Labels are never parsed.
/// </summary>
public sealed class Hierarchy
{
    /// <summary>The value that covers every leaf.</summary>
    public const string Root = "*";

    private readonly Dictionary<string, int> _leavesUnder = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _levels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _pathOfLeaf = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The paths are no tree; the message names the rule, never a value.</exception>
    public Hierarchy(string name, IReadOnlyList<IReadOnlyList<string>> paths)
    {
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        Name = name;
        Paths = paths;
        Height = paths[0].Count - 1;
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (path.Count != Height + 1 || Height < 1 || path[^1] != Root)
            {
                throw new ArgumentException($"Hierarchy {name}: every path needs the same length of at least 2 and ends with '{Root}'.", nameof(paths));
            }

            if (!_pathOfLeaf.TryAdd(path[0], path))
            {
                throw new ArgumentException($"Hierarchy {name}: a leaf occurs twice.", nameof(paths));
            }

            Place(path, parents);
        }
    }

    public string Name { get; }

    public IReadOnlyList<IReadOnlyList<string>> Paths { get; }

    /// <summary>Level of the root; leaves are at level 0.</summary>
    public int Height { get; }

    public int LeafCount => Paths.Count;

    public bool IsLeaf(string value) => _pathOfLeaf.ContainsKey(value);

    /// <summary>0 for a leaf up to <see cref="Height"/> for the root.</summary>
    public int LevelOf(string value) => _levels[value];

    /// <summary>The value at a level that covers a leaf.</summary>
    public string Generalise(string leaf, int level) => _pathOfLeaf[leaf][level];

    /// <summary>Normalised certainty penalty of publishing this value: (leaves covered − 1)/(leaves − 1); 0 for a leaf, 1 for the root.</summary>
    public double Loss(string value) => LeafCount == 1 ? 0 : (_leavesUnder[value] - 1.0) / (LeafCount - 1.0);

    private void Place(IReadOnlyList<string> path, Dictionary<string, string> parents)
    {
        for (var level = 0; level < path.Count; level++)
        {
            var value = path[level];
            _leavesUnder[value] = _leavesUnder.GetValueOrDefault(value) + 1;
            var sameLevel = !_levels.TryGetValue(value, out var known) || known == level;
            var sameParent = level == path.Count - 1 || !parents.TryGetValue(value, out var parent) || parent == path[level + 1];
            if (!sameLevel || !sameParent)
            {
                throw new ArgumentException($"Hierarchy {Name}: a value stands at two levels or under two parents.");
            }

            _levels[value] = level;
            if (level < path.Count - 1)
            {
                parents[value] = path[level + 1];
            }
        }
    }
}
