namespace ClinicNetwork.Anonymisation.Tables.Hierarchies;

/// <summary>Categories from pairs of a child and its parent. What is nobody's parent is a leaf; a leaf that lies higher than others is repeated on the levels below.</summary>
public static class CategoryHierarchy
{
    /// <param name="rows">A child and its parent each, in any order; <see cref="LeafHierarchy.Root"/> is the parent of the highest.</param>
    /// <exception cref="HierarchyRefusedException">The pairs are no tree; the first row that does not fit.</exception>
    public static MadeHierarchy Make(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var parents = Parents(rows);
        var inner = parents.Values.Select(parent => parent.Label).ToHashSet(StringComparer.Ordinal);
        var paths = rows.Where(row => !inner.Contains(row[0])).Select(row => PathOf(row[0], parents)).ToArray();
        if (paths.Length > MadeHierarchy.LeavesMax)
        {
            throw new HierarchyRefusedException("file", $"has more than {MadeHierarchy.LeavesMax} leaves; give fewer");
        }

        var levels = paths.Max(path => path.Count);
        return new([.. paths.Select(path => (string[])[.. Enumerable.Repeat(path[0], levels - path.Count), .. path])], []);
    }

    private static Dictionary<string, (string Label, int Row)> Parents(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.Count == 0)
        {
            throw Refused(0, 0, "it is empty; give one row for each child: child, parent");
        }

        var parents = new Dictionary<string, (string Label, int Row)>(rows.Count, StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Count != 2)
            {
                throw Refused(i + 1, 0, $"has {rows[i].Count} columns; give two: child, parent (see --delimiter)");
            }

            if (rows[i][0] == LeafHierarchy.Root)
            {
                throw Refused(i + 1, 1, $"'{LeafHierarchy.Root}' is nobody's child; leave the row out");
            }

            if (!parents.TryAdd(rows[i][0], (rows[i][1], i + 1)))
            {
                throw Refused(i + 1, 1, $"the child stands in row {parents[rows[i][0]].Row} too; keep one of them");
            }
        }

        foreach (var (label, row) in parents.Values)
        {
            if (label != LeafHierarchy.Root && !parents.ContainsKey(label))
            {
                throw Refused(row, 2, $"the parent has no row of its own; add one, with '{LeafHierarchy.Root}' as its parent if it is the highest");
            }
        }

        RefuseCycles(rows, parents);
        return parents;
    }

    private static void RefuseCycles(IReadOnlyList<IReadOnlyList<string>> rows, Dictionary<string, (string Label, int Row)> parents)
    {
        var good = new HashSet<string>(StringComparer.Ordinal) { LeafHierarchy.Root };
        foreach (var row in rows)
        {
            var (label, way) = (row[0], new HashSet<string>(StringComparer.Ordinal));
            while (!good.Contains(label))
            {
                if (!way.Add(label))
                {
                    throw Refused(parents[label].Row, 2, "the parent stands below the child in other rows: a cycle; change one of them");
                }

                label = parents[label].Label;
            }

            good.UnionWith(way);
        }
    }

    private static List<string> PathOf(string leaf, Dictionary<string, (string Label, int Row)> parents)
    {
        var path = new List<string>();
        for (var label = leaf; label != LeafHierarchy.Root; label = parents[label].Label)
        {
            path.Add(label);
            if (path.Count == HierarchyCheck.LevelsMax)
            {
                throw Refused(parents[leaf].Row, 0, $"lies under more than {MadeHierarchy.LevelsMax} others; give fewer levels");
            }
        }

        path.Add(LeafHierarchy.Root);
        return path;
    }

    private static HierarchyRefusedException Refused(int row, int column, string rule) => new("file", new HierarchyFault(row, column, rule));
}
