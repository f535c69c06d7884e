using System.Runtime.InteropServices;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>What no sweep could place below the root: joins the class that loses least by it and still is one afterwards, or is suppressed.</summary>
internal static class Leftovers
{
    /// <summary>Classes that a tuple is compared with: of more, those spread evenly over all; fewer where there are many such tuples, so that these comparisons are no more in all.</summary>
    private const int ComparedMax = 4_000;
    private const int ComparedMin = 400;
    private const int ComparisonsMax = 20_000_000;

    /// <returns>The tuples that are suppressed, by their number.</returns>
    /// <param name="rowsMax">So many rows may be suppressed.</param>
    public static HashSet<int> Place(Classes classes, ClassRule rule, long rowsMax, CancellationToken cancellationToken)
    {
        Dissolve(classes);
        var suppressed = new HashSet<int>();
        var open = Enumerable.Range(0, classes.Tuples.Count).Where(t => classes.OfTuple[t] < 0).ToArray();
        if (open.Length == 0)
        {
            return suppressed;
        }

        var step = Step(classes.All.Count, open.Length);
        // Where something may be suppressed, those go that would cost most.
        var costs = open.ToDictionary(t => t, t => Best(classes, rule, t, step, cancellationToken));
        foreach (var tuple in open.OrderByDescending(t => costs[t].Cost).ThenBy(t => t))
        {
            var rows = classes.Tuples.Sizes[tuple];
            if (rows <= rowsMax && costs[tuple].Cost >= rows)
            {
                rowsMax -= rows;
                suppressed.Add(tuple);
            }
        }

        foreach (var tuple in open.Where(t => !suppressed.Contains(t)).OrderBy(t => costs[t].Cost).ThenBy(t => t))
        {
            var best = Best(classes, rule, tuple, step, cancellationToken);
            if (best.Class >= 0)
            {
                classes.Join(best.Class, tuple, best.Levels!);
            }
            else
            {
                suppressed.Add(tuple);
            }
        }

        return suppressed;
    }

    /// <summary>From one class that a tuple is compared with to the next.</summary>
    private static int Step(int classes, int open)
    {
        var compared = Math.Clamp(ComparisonsMax / open, ComparedMin, ComparedMax);
        return Math.Max(1, (classes + compared - 1) / compared);
    }

    /// <summary>A class that publishes nothing is none: its rows are as suppressed ones.</summary>
    private static void Dissolve(Classes classes)
    {
        foreach (var one in classes.All)
        {
            if (one.Rows > 0 && classes.PublishesNothing(one))
            {
                foreach (var tuple in one.Tuples)
                {
                    classes.OfTuple[tuple] = -1;
                }

                one.Tuples.Clear();
                one.Rows = 0;
            }
        }
    }

    /// <summary>The class whose rows and the tuple's together lose least more than now; −1 and the cost of suppression when there is none.</summary>
    private static (int Class, int[]? Levels, double Cost) Best(Classes classes, ClassRule rule, int tuple, int step, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var size = classes.Tuples.Sizes[tuple];
        var found = new List<(double Cost, int Class, int[] Levels)>();
        for (var i = tuple % step; i < classes.All.Count; i += step)
        {
            var one = classes.All[i];
            if (one.Rows == 0)
            {
                continue;
            }

            var levels = classes.LevelsWith(one, tuple);
            var loss = classes.LossOf(levels, one.Tuples[0]);
            var cost = (loss * (one.Rows + size)) - (one.Loss * one.Rows);
            if (loss < 1 && (!rule.CountsRowsAlone || found.Count == 0 || cost < found[0].Cost))
            {
                if (rule.CountsRowsAlone)
                {
                    found.Clear();
                }

                found.Add((cost, i, levels));
            }
        }

        foreach (var (least, i, levels) in found.OrderBy(f => f.Cost).ThenBy(f => f.Class))
        {
            List<int> members = [.. classes.All[i].Tuples, tuple];
            if (rule.CountsRowsAlone || rule.Holds(CollectionsMarshal.AsSpan(members), classes.All[i].Rows + size))
            {
                return (i, levels, least);
            }
        }

        return (-1, null, size);
    }
}
