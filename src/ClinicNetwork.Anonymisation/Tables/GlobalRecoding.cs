using System.Runtime.InteropServices;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// One vector for the whole table; what is no class under it is suppressed. The way out when classes that were chosen one by one leave rows that none of them takes: what one vector
/// can meet is never refused, where hierarchies are nested. Coarser vectors meet what finer ones do, so it starts with a single attribute below the root, and goes down while it gains.
/// </summary>
internal static class GlobalRecoding
{
    /// <summary>Null: no vector meets the model within its suppression limit.</summary>
    public static Published? Find(TupleTable tuples, PrivacyModel model, CancellationToken cancellationToken)
    {
        var rule = new ClassRule(tuples, model);
        int[] root = [.. tuples.Data.Attributes.Select(a => a.Height)];
        (Published Published, int[] Levels, double Ncp)? best = null;
        Best(root.SelectMany((height, a) => Enumerable.Range(0, height).Select(level => With(root, a, level))));
        for (int[]? from = null; best is { } now && now.Levels != from;)
        {
            from = now.Levels;
            Best(Enumerable.Range(0, from.Length).Where(a => from[a] > 0).Select(a => With(from, a, from[a] - 1)));
        }

        return best?.Published;

        void Best(IEnumerable<int[]> vectors)
        {
            foreach (var levels in vectors)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Make(tuples, rule, model, levels) is var (published, ncp) && published is not null && !(ncp >= best?.Ncp))
                {
                    best = (published, levels, ncp);
                }
            }
        }
    }

    private static (Published? Published, double Ncp) Make(TupleTable tuples, ClassRule rule, PrivacyModel model, int[] levels)
    {
        var classes = new Classes(tuples);
        foreach (var group in GroupsOf(tuples, levels))
        {
            if (rule.Holds(CollectionsMarshal.AsSpan(group), group.Sum(t => tuples.Sizes[t])))
            {
                classes.Add(levels, group);
            }
        }

        var published = TableAnonymiser.Of(classes);
        var suppressed = published.RegionOf.Count(region => region < 0);
        return suppressed <= Math.Floor(model.SuppressionLimit * tuples.Data.Rows) && (model.T >= 1 || suppressed == 0 || !(published.Measure(model.K, model.Ordered).T > model.T))
            ? (published, classes.Ncp())
            : (null, 1);
    }

    private static IEnumerable<List<int>> GroupsOf(TupleTable tuples, int[] levels)
    {
        var (number, known) = (new long[tuples.Count], new Dictionary<long, long>());
        for (var a = 0; a < levels.Length; a++)
        {
            known.Clear();
            var (attribute, leaves) = (tuples.Data.Attributes[a], tuples.Leaves[a]);
            var labels = attribute.LabelsAt(levels[a]);
            for (var tuple = 0; tuple < number.Length; tuple++)
            {
                ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(known, (number[tuple] * attribute.Labels.Length) + labels[leaves[tuple]], out var exists);
                id = exists ? id : known.Count - 1;
                number[tuple] = id;
            }
        }

        return Enumerable.Range(0, tuples.Count).GroupBy(tuple => number[tuple]).Select(group => group.ToList());
    }

    private static int[] With(int[] levels, int attribute, int level)
    {
        int[] with = [.. levels];
        with[attribute] = level;
        return with;
    }
}
