using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>
/// Mondrian (LeFevre, DeWitt and Ramakrishnan 2006, 10.1109/ICDE.2006.101) on positional hierarchies: a partition is split along the attribute whose lowest common label covers most of
/// its leaves, into the labels of the level below, if each part may be a class; else along the next. What cannot be split is published under its lowest common labels.
/// </summary>
internal static class Mondrian
{
    /// <summary>Nothing is suppressed, except when the whole table may not be a class.</summary>
    /// <param name="isStrict">
    /// As published: one label with too few rows forbids the split. Else the rarest labels together are one part, as many as it takes; this loses 0.6 of what strict does where labels
    /// are rare, so it is the better yardstick.
    /// </param>
    public static Published Run(Microdata data, PrivacyModel model, bool isStrict = false)
    {
        List<int> all = [.. Enumerable.Range(0, data.Rows)];
        var rule = new PlainRule(data, model, all);
        var (classes, open) = (new List<Cover>(), new Stack<List<int>>());
        if (rule.Holds(all))
        {
            open.Push(all);
        }

        while (open.TryPop(out var rows))
        {
            var cover = new Cover(data, rows);
            if (Split(data, rule, cover, isStrict) is { } parts)
            {
                parts.ForEach(open.Push);
            }
            else
            {
                classes.Add(cover);
            }
        }

        return Cover.Publish(data, classes);
    }

    private static List<List<int>>? Split(Microdata data, PlainRule rule, Cover cover, bool isStrict)
    {
        foreach (var a in Enumerable.Range(0, data.Attributes.Count).Where(a => cover.Levels[a] > 0).OrderByDescending(cover.LossOf))
        {
            var labels = data.Attributes[a].LabelsAt(cover.Levels[a] - 1);
            var parts = new Dictionary<int, List<int>>();
            foreach (var row in cover.Rows)
            {
                var label = labels[data.Leaves[a][row]];
                if (!parts.TryGetValue(label, out var part))
                {
                    parts[label] = part = [];
                }

                part.Add(row);
            }

            if (parts.Values.All(rule.Holds))
            {
                return [.. parts.Values];
            }

            if (!isStrict && WithRest([.. parts.Values.OrderByDescending(part => part.Count)], rule) is { } some)
            {
                return some;
            }
        }

        return null;
    }

    /// <param name="parts">Largest first, not all of which may be classes.</param>
    private static List<List<int>>? WithRest(List<List<int>> parts, PlainRule rule)
    {
        var rest = new List<int>();
        while (parts.Count > 0 && !(rule.Holds(rest) && parts.All(rule.Holds)))
        {
            rest.AddRange(parts[^1]);
            parts.RemoveAt(parts.Count - 1);
        }

        return parts.Count == 0 ? null : [.. parts, rest];
    }
}
