namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>A fault of a hierarchy's rows.</summary>
/// <param name="Row">1-based; 0: of the whole.</param>
/// <param name="Column">1-based: the level and one; 0: of the whole row.</param>
/// <param name="Rule">Which rule, and what to do; never a value.</param>
public sealed record HierarchyFault(int Row, int Column, string Rule)
{
    public override string ToString() => Row == 0 ? Rule : Column == 0 ? $"row {Row}: {Rule}" : $"row {Row}, column {Column}: {Rule}";
}

/// <summary>What makes rows a hierarchy: equal lengths, the root at the end of each, each leaf once, nothing above itself.</summary>
public static class HierarchyCheck
{
    /// <summary>Levels of a hierarchy, leaves and root among them.</summary>
    public const int LevelsMax = 64;

    /// <summary>Null when there is none.</summary>
    public static HierarchyFault? FirstFault(IReadOnlyList<IReadOnlyList<string>> rows) => Faults(rows).FirstOrDefault();

    public static IEnumerable<HierarchyFault> Faults(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.Count == 0 || rows[0].Count == 0)
        {
            yield return new(0, 0, "it is empty; give one row per value");
            yield break;
        }

        if (rows[0].Count > LevelsMax)
        {
            yield return new(1, 0, $"has {rows[0].Count} levels, more than {LevelsMax}; give fewer");
            yield break;
        }

        var leaves = new Dictionary<string, int>(rows.Count, StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (row.Count != rows[0].Count)
            {
                yield return new(i + 1, 0, $"has {row.Count} levels, the first row {rows[0].Count}; give every row the same number");
                continue;
            }

            if (row[^1] != LeafHierarchy.Root)
            {
                yield return new(i + 1, row.Count, $"the last level is not '{LeafHierarchy.Root}'; end every row with it");
            }

            if (!leaves.TryAdd(row[0], i + 1))
            {
                yield return new(i + 1, 1, $"the value stands in row {leaves[row[0]]} too; keep one of them");
            }
        }

        foreach (var fault in Cycles(rows))
        {
            yield return fault;
        }
    }

    /// <summary>Warnings: what is legal, and probably a mistake.</summary>
    public static IEnumerable<HierarchyFault> Doubts(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var parents = new Dictionary<(int Level, string Label), string>();
        for (var i = 0; i < rows.Count; i++)
        {
            for (var level = 0; level + 1 < rows[i].Count; level++)
            {
                if (!parents.TryAdd((level, rows[i][level]), rows[i][level + 1]) && parents[(level, rows[i][level])] != rows[i][level + 1])
                {
                    yield return new(i + 1, level + 1, "the label has another parent here than in a row before: this level does not refine the next");
                }
            }
        }
    }

    /// <summary>Different labels of each level, from the leaves to the root; rows without faults.</summary>
    public static IReadOnlyList<int> LabelCounts(IReadOnlyList<IReadOnlyList<string>> rows) =>
        [.. Enumerable.Range(0, rows[0].Count).Select(level => rows.Select(row => row[level]).Distinct(StringComparer.Ordinal).Count())];

    /// <summary>Labels that stand above themselves, in one row or by way of others. A label that repeats on the next level is one value, no cycle.</summary>
    private static IEnumerable<HierarchyFault> Cycles(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var parents = ParentsOf(rows);
        var (open, done) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var way = new Stack<(string Label, Dictionary<string, (int Row, int Column)>.Enumerator Above)>();
        foreach (var start in parents.Keys)
        {
            if (!done.Contains(start))
            {
                open.Add(start);
                way.Push((start, parents[start].GetEnumerator()));
            }

            while (way.TryPop(out var at))
            {
                if (!at.Above.MoveNext())
                {
                    open.Remove(at.Label);
                    done.Add(at.Label);
                    continue;
                }

                way.Push(at);
                var (parent, (row, column)) = at.Above.Current;
                if (open.Contains(parent))
                {
                    yield return new(row, column, "the label stands below one that stands below it, here or in another row: a cycle; rename one of the two");
                }
                else if (!done.Contains(parent) && parents.TryGetValue(parent, out var above))
                {
                    open.Add(parent);
                    way.Push((parent, above.GetEnumerator()));
                }
            }
        }
    }

    /// <summary>For each label above the leaves its parents, and where each stands first. What is only a leaf is above nothing.</summary>
    private static Dictionary<string, Dictionary<string, (int Row, int Column)>> ParentsOf(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var parents = new Dictionary<string, Dictionary<string, (int Row, int Column)>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            for (var level = 1; level < row.Count; level++)
            {
                parents.TryAdd(row[level], []);
            }
        }

        for (var i = 0; i < rows.Count; i++)
        {
            for (var level = 0; level + 1 < rows[i].Count; level++)
            {
                if (rows[i][level] != rows[i][level + 1] && parents.TryGetValue(rows[i][level], out var above))
                {
                    above.TryAdd(rows[i][level + 1], (i + 1, level + 2));
                }
            }
        }

        return parents;
    }
}
