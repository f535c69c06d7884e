namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>What a composing sweep leaves: rows move to classes that publish them more finely, what is in no class joins one or is suppressed, and t holds against what is released.</summary>
internal static class CloseLeftovers
{
    /// <summary>Comparisons of rows with classes, in a round: each with so many, spread evenly over all, that it is no more, but with some.</summary>
    private const long ComparisonsMax = 20_000_000;
    private const long ComparedMin = 50;

    /// <summary>Tuples and halves of them that are compared with vectors of classes.</summary>
    private const long MovesMax = 100_000_000;

    /// <summary>Tries to keep t while suppression moves the table that it is measured against.</summary>
    private const int TrimsMax = 30;

    /// <summary>Rows move to classes that cover them and lose less, where both classes stay what they have to be.</summary>
    /// <param name="t">Distance of both afterwards, at most.</param>
    public static void Move(CloseTable table, double t, CancellationToken cancellationToken)
    {
        var (room, budget) = (new CloseRoom(table, t), MovesMax);
        var candidates = new List<(double Gain, int Row, CloseClass To)>();
        var byLevels = table.Classes.Where(c => c.Rows.Count > 0).GroupBy(c => string.Join(',', c.Levels), StringComparer.Ordinal);
        foreach (var alike in byLevels.OrderBy(g => g.Average(c => c.Loss)).ThenBy(g => g.Key, StringComparer.Ordinal).ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((budget -= table.Images.First.Count + Candidates(table, room, [.. alike], candidates)) < 0)
            {
                return;
            }

            candidates.Sort((one, other) => one.Gain != other.Gain ? other.Gain.CompareTo(one.Gain) : one.Row.CompareTo(other.Row));
            foreach (var (_, row, to) in candidates)
            {
                if (room.MayJoin(to, row) && to.Covers(row) && (table.ClassOf[row] is not { } from || room.MayLeave(from, row)))
                {
                    if (table.ClassOf[row] is not null)
                    {
                        table.Leave(row);
                    }

                    table.Join(to, row);
                }
            }
        }
    }

    /// <summary>The rows that would lose less in classes of the same levels, and may go there as things are.</summary>
    /// <returns>Tuples looked at.</returns>
    private static int Candidates(CloseTable table, CloseRoom room, CloseClass[] alike, List<(double Gain, int Row, CloseClass To)> candidates)
    {
        candidates.Clear();
        var (images, levels, looked) = (table.Images, alike[0].Levels, 0);
        var (firsts, seconds) = (images.First.Sums(levels), images.Second.Sums(levels));
        var (halves, classes) = (new HashSet<ulong>(), new Dictionary<ulong, CloseClass>());
        foreach (var one in alike)
        {
            var tuple = table.TupleOf[one.Rows[0]];
            halves.Add(firsts[images.First.Of[tuple]]);
            classes.TryAdd(firsts[images.First.Of[tuple]] + seconds[images.Second.Of[tuple]], one);
        }

        for (var half = 0; half < firsts.Length; half++)
        {
            if (!halves.Contains(firsts[half]))
            {
                continue;
            }

            foreach (var tuple in images.First.TuplesOf(half))
            {
                looked++;
                if (!classes.TryGetValue(firsts[half] + seconds[images.Second.Of[tuple]], out var to))
                {
                    continue;
                }

                foreach (var row in table.Tuples.RowsOf(tuple))
                {
                    if ((table.ClassOf[row]?.Loss ?? 1) - to.Loss is > 1e-9 and var gain && room.MayJoin(to, row) && (table.ClassOf[row] is not { } from || room.MayLeave(from, row)))
                    {
                        candidates.Add((gain, row, to));
                    }
                }
            }
        }

        return looked;
    }

    /// <summary>Rows in no class join the one that loses least by it and stays what it has to be, cheapest first. What no class can take is suppressed.</summary>
    public static void Place(CloseTable table, CancellationToken cancellationToken)
    {
        var classes = new Joinable(table);
        var open = new PriorityQueue<(int Row, CloseClass? Best, int Changes), (double Cost, int Row)>();
        foreach (var row in classes.Rows)
        {
            Ask(row);
        }

        while (open.TryDequeue(out var next, out var asked))
        {
            var (row, best, changes) = next;
            if (best is null)
            {
                continue;
            }

            if (best.Changes != changes && (double.IsInfinity(best.CostWith(row, asked.Cost + 1e-9)) || !table.MayJoin(best, row, table.Model.T) || table.PublishesNothing(best.LevelsWith(row), row)))
            {
                // Others joined meanwhile, and it costs more now or has no room.
                Ask(row);
                continue;
            }

            var levels = best.LevelsWith(row);
            if (!best.Levels.AsSpan().SequenceEqual(levels))
            {
                best.LiftTo(levels);
            }

            table.Join(best, row);
        }

        void Ask(int row)
        {
            var (best, cost) = classes.Best(row, cancellationToken);
            open.Enqueue((row, best, best?.Changes ?? 0), (cost, row));
        }
    }

    /// <summary>Takes rows out of classes that are not within t of what is released, until all are.</summary>
    public static void Trim(CloseTable table, CancellationToken cancellationToken)
    {
        for (var trim = 0; trim < TrimsMax; trim++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            table.CompareWith(table.CountsOf(Enumerable.Range(0, table.Data.Rows).Where(r => table.ClassOf[r] is not null)));
            var far = table.Classes.Where(c => c.Rows.Count > 0 && !table.IsClose(c.Counts, c.Rows.Count, table.Model.T)).ToArray();
            foreach (var one in far)
            {
                Trim(table, one);
            }

            if (far.Length == 0)
            {
                return;
            }
        }
    }

    private static void Trim(CloseTable table, CloseClass one)
    {
        while (one.Rows.Count > 0 && !table.IsClose(one.Counts, one.Rows.Count, table.Model.T))
        {
            var best = (Distance: double.PositiveInfinity, Row: -1);
            for (var value = 0; value < table.Values; value++)
            {
                if (one.Counts[value] > 0 && one.Rows.Count > 1)
                {
                    one.Counts[value]--;
                    var distance = table.IsDiverse(one.Counts) ? table.Distance(one.Counts, one.Rows.Count - 1) : double.PositiveInfinity;
                    one.Counts[value]++;
                    if (distance < best.Distance)
                    {
                        best = (distance, one.Rows.Find(r => table.ValueOf[r] == value));
                    }
                }
            }

            if (best.Row >= 0 && table.HasPersons(one.Rows, best.Row))
            {
                table.Leave(best.Row);
            }
            else
            {
                foreach (var row in one.Rows.ToArray())
                {
                    table.Leave(row);
                }
            }
        }
    }

    /// <summary>The classes that rows in none may join.</summary>
    private sealed class Joinable
    {
        private readonly CloseTable _table;
        private readonly CloseClass[] _classes;
        private readonly int _step;

        private readonly CloseRoom _room;

        public Joinable(CloseTable table)
        {
            (_table, Rows, _classes) = (table, [.. table.Open], [.. table.Classes.Where(c => c.Rows.Count > 0)]);
            var compared = Math.Max(ComparedMin, ComparisonsMax / Math.Max(1, Rows.Length));
            _step = (int)Math.Max(1, (_classes.Length + compared - 1) / compared);
            _room = new(table, table.Model.T);
        }

        /// <summary>In no class.</summary>
        public int[] Rows { get; }

        /// <summary>The class whose rows and this one together lose least more than now; null when there is none.</summary>
        public (CloseClass? Class, double Cost) Best(int row, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (best, least) = ((CloseClass?)null, double.PositiveInfinity);
            for (var i = row % _step; i < _classes.Length; i += _step)
            {
                var one = _classes[i];
                if (one.Loss < least && _room.MayJoin(one, row) && one.CostWith(row, least) is < double.PositiveInfinity and var cost && !_table.PublishesNothing(one.LevelsWith(row), row))
                {
                    (best, least) = (one, cost);
                }
            }

            return (best, least);
        }
    }
}
