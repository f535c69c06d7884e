namespace ClinicNetwork.Verification.RedTeam;

/// <summary>
/// What an attacker makes of released rows to search them as if they were persons: each generalised cell becomes one of its leaves, drawn by how often the leaves are published as
/// they are (once more each, so that none is impossible). Suppressed rows tell nothing and are left out.
/// </summary>
internal static class DecodedRows
{
    /// <summary>All releases together where persons link them, one row a person; else file by file, the batches of one together.</summary>
    /// <param name="withSensitive">The sensitive value is the last column.</param>
    public static IReadOnlyList<RowIndex> Of(AttackedTables tables, bool withSensitive, Random random)
    {
        var groups = tables.LinkedByPerson ? [[.. tables.Releases]] : tables.Releases.GroupBy(release => release.File).Select(group => group.ToArray()).ToArray();
        return [.. groups.Select(group => Decode(tables, group, withSensitive, random))];
    }

    private static RowIndex Decode(AttackedTables tables, AttackedRelease[] releases, bool withSensitive, Random random)
    {
        var seen = new HashSet<int>();
        (AttackedRelease Release, int Place)[] rows =
        [
            .. releases.SelectMany(release => release.Classes(tables.Attributes).SelectMany(region => release.Members[region]).Order().Select(place => (release, place)))
                .Where(row => !tables.LinkedByPerson || seen.Add(row.release.Links[row.place])),
        ];
        var columns = new List<int[]>();
        for (var a = 0; a < tables.Attributes.Count; a++)
        {
            columns.Add(Decode(tables, a, [.. rows.Select(row => row.Release.Labels[a][row.Release.RegionOf[row.Place]])], random));
        }

        if (withSensitive)
        {
            columns.Add([.. rows.Select(row => row.Release.Sensitive![row.Place])]);
        }

        return new([.. columns], [.. Enumerable.Range(0, rows.Length)]);
    }

    private static int[] Decode(AttackedTables tables, int attribute, int[] labels, Random random)
    {
        var hierarchy = tables.Attributes[attribute];
        var leafOf = new int[hierarchy.LabelCount];
        Array.Fill(leafOf, -1);
        for (var leaf = 0; leaf < hierarchy.LeafCount; leaf++)
        {
            leafOf[hierarchy.LabelAt(0, leaf)] = leaf;
        }

        var weights = new long[hierarchy.LeafCount];
        Array.Fill(weights, 1);
        foreach (var label in labels)
        {
            if (hierarchy.Covered(label) == 1 && leafOf[label] >= 0)
            {
                weights[leafOf[label]]++;
            }
        }

        var draws = new Dictionary<int, (int[] Leaves, long[] Sums)>();
        return [.. labels.Select(label =>
        {
            if (!draws.TryGetValue(label, out var draw))
            {
                int[] leaves = [.. Enumerable.Range(0, hierarchy.LeafCount).Where(leaf => hierarchy.Covers(label, leaf))];
                var sum = 0L;
                draws[label] = draw = (leaves, [.. leaves.Select(leaf => sum += weights[leaf])]);
            }

            return draw.Leaves.Length == 1 ? draw.Leaves[0] : Draw(draw.Leaves, draw.Sums, random);
        })];
    }

    private static int Draw(int[] leaves, long[] sums, Random random)
    {
        var place = Array.BinarySearch(sums, random.NextInt64(sums[^1]) + 1);
        return leaves[place < 0 ? ~place : place];
    }
}
