using System.Runtime.InteropServices;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// The bottom-up sweep: visits generalisation vectors (one level per attribute) in order of their mean loss on the data, groups the tuples that are in no class yet by their image, and
/// makes classes of groups that may be one. Without losses to expect each vector is visited once and all its groups are taken. With them, the groups whose rows would lose more elsewhere
/// come first: a vector is visited early, and again when the next of its groups is due. What remains only shrinks, so a vector that has no group left is not visited again.
/// </summary>
internal static class Sweep
{
    /// <summary>Of a vector's mean loss: when it is visited for the first time. Measured over 0.4 to 0.9 (decision 0029): earlier gains 0.2 % and doubles the work.</summary>
    private const double Start = 0.8;

    /// <summary>Share of what a group's rows would lose more elsewhere by which it is preferred. Measured over 0.1 to 2 (decision 0029): flat from 0.3 to 0.6.</summary>
    private const double Regret = 0.4;

    /// <summary>Visits of one vector; at the last one no group waits.</summary>
    private const int VisitsMax = 32;

    /// <param name="vectors">With the mean loss of each.</param>
    /// <param name="expected">For each tuple the loss that it would have otherwise, of those in a class the present one, 0 to 1; null: not known.</param>
    /// <param name="borrows">A group that is too small may take rows of classes that have twice what they need, where this costs less than it gains.</param>
    /// <param name="progress">Share of the tuples that are placed, 0 to 1.</param>
    public static void Run(
        Classes classes,
        ClassRule rule,
        int k,
        IReadOnlyList<(int[] Levels, double Loss)> vectors,
        double[]? expected,
        bool borrows,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        var remaining = new ImageGroups(classes, borrows);
        var queue = new PriorityQueue<(int Vector, int Visit), (double At, int Vector)>(
            vectors.Select((v, i) => ((i, 1), (expected is null ? v.Loss : Start * v.Loss, i))));
        var (groups, helps, members, visits, all) = (new List<ImageGroup>(), new List<Help>(), new List<List<int>?>(), 0, Math.Max(1, remaining.Left));
        while (remaining.Left > 0 && queue.TryDequeue(out var next, out var when))
        {
            if ((visits++ & 0xff) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(1 - ((double)remaining.Left / all));
            }

            var levels = vectors[next.Vector].Levels;
            remaining.Group(levels, k, expected, groups);
            helps.Clear();
            if (borrows)
            {
                helps.AddRange(groups.Select(_ => Help.None));
                Compare(classes, remaining, k, levels, groups, CollectionsMarshal.AsSpan(helps));
            }

            members.Clear();
            var (taken, waits) = (false, double.PositiveInfinity);
            for (var number = 0; number < groups.Count; number++)
            {
                var due = Due(groups[number], k, classes.LossOf(levels, groups[number].First), borrows ? helps[number] : Help.None);
                due = due < double.PositiveInfinity && (expected is null || next.Visit == VisitsMax) ? 0 : due;
                members.Add(due <= when.At ? [] : null);
                taken |= due <= when.At;
                waits = due <= when.At ? waits : Math.Min(waits, due);
            }

            if (taken)
            {
                Take(classes, rule, k, remaining, levels, members, helps);
            }

            if (waits < double.PositiveInfinity)
            {
                queue.Enqueue((next.Vector, next.Visit + 1), (waits, next.Vector));
            }
        }
    }

    /// <summary>For each group that is too small the class that completes it at the least cost.</summary>
    private static void Compare(Classes classes, ImageGroups remaining, int k, int[] levels, List<ImageGroup> groups, Span<Help> helps)
    {
        for (var i = 0; i < remaining.Grouped.Length; i++)
        {
            var (place, number) = (remaining.Grouped[i], remaining.GroupOf[i]);
            if (remaining.ClassAt(place) is >= 0 and var from && groups[number].Rows is > 0 and var rows && rows < k)
            {
                var (one, missing) = (classes.All[from], k - rows);
                var gives = one.Rows - missing >= k ? missing : one.Rows;
                var cost = gives * (classes.LossOf(levels, groups[number].First) - one.Loss);
                helps[number] = cost < helps[number].Cost ? new(place, gives, cost) : helps[number];
            }
        }
    }

    /// <summary>The mean loss up to which a group waits; infinite: it is none.</summary>
    private static double Due(ImageGroup group, int k, double loss, Help help)
    {
        if (group.Rows >= k)
        {
            return loss - (Regret * ((group.Expected / group.Rows) - loss));
        }

        var gain = group.Expected - (group.Rows * loss) - help.Cost;
        return group.Rows > 0 && gain > 0 ? loss - (Regret * gain / (group.Rows + help.Rows)) : double.PositiveInfinity;
    }

    private static void Take(Classes classes, ClassRule rule, int k, ImageGroups remaining, int[] levels, List<List<int>?> members, List<Help> helps)
    {
        var grouped = remaining.Grouped;
        var groupOf = remaining.GroupOf;
        for (var i = 0; i < grouped.Length; i++)
        {
            if (remaining.ClassAt(grouped[i]) < 0)
            {
                members[groupOf[i]]?.Add(remaining.Members[grouped[i]]);
            }
        }

        for (var number = 0; number < members.Count; number++)
        {
            if (members[number] is not { } group || !remaining.AreAlike(group, levels))
            {
                continue;
            }

            var rows = group.Sum(t => classes.Tuples.Sizes[t]);
            if (rows < k)
            {
                Borrow(classes, rule, remaining, levels, group, helps[number]);
            }
            else if (rule.Holds(CollectionsMarshal.AsSpan(group), rows))
            {
                classes.Add(levels, group);
            }
        }

        foreach (var place in grouped)
        {
            if (remaining.ClassAt(place) < 0 && classes.OfTuple[remaining.Members[place]] >= 0)
            {
                remaining.Take(place);
            }
        }
    }

    /// <summary>Completes a group with rows of a class that lies within its image: with some of them, if the class can do without, else with all.</summary>
    private static void Borrow(Classes classes, ClassRule rule, ImageGroups remaining, int[] levels, List<int> group, Help help)
    {
        var from = remaining.ClassAt(help.Place);
        var (one, parts, missing) = (classes.All[from], new HashSet<int>(), help.Rows);
        for (var i = one.Tuples.Count - 1; i >= 0 && missing > 0; i--)
        {
            var size = classes.Tuples.Sizes[one.Tuples[i]];
            parts.Add(size <= missing ? one.Tuples[i] : classes.Split(one.Tuples[i], missing));
            missing -= Math.Min(size, missing);
        }

        List<int> all = [.. group, .. parts];
        int[] rest = [.. one.Tuples.Where(t => !parts.Contains(t))];
        // Where levels are not nested, being alike below does not mean being alike here.
        if (!remaining.AreAlike(all, levels) || !rule.Holds(CollectionsMarshal.AsSpan(all), all.Sum(t => classes.Tuples.Sizes[t])) || (rest.Length > 0 && !rule.Holds(rest, one.Rows - help.Rows)))
        {
            return;
        }

        classes.Leave(from, parts);
        classes.Add(levels, all);
        if (rest.Length == 0)
        {
            remaining.Take(help.Place);
        }
    }

    /// <param name="Place">Of a class.</param>
    /// <param name="Rows">That it gives.</param>
    /// <param name="Cost">What these lose more then, all together.</param>
    private readonly record struct Help(int Place, int Rows, double Cost)
    {
        public static readonly Help None = new(-1, 0, double.PositiveInfinity);
    }
}
