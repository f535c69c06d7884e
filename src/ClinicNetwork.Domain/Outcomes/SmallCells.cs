namespace ClinicNetwork.Domain.Outcomes;

/// <summary>A table of counts of persons whose small ones are not shown. Null: not shown.</summary>
/// <param name="Counts">Row by row.</param>
/// <param name="RowTotals">One for each row.</param>
/// <param name="ColumnTotals">One for each column.</param>
public sealed record ShownCounts(int?[][] Counts, int?[] RowTotals, int?[] ColumnTotals, int? Total);

/// <summary>
/// Suppression of small counts and of what would give them away: no count of 1 to k - 1 is shown (CMS shows none of 1 to 10 [K]), none follows from those shown by any sums and differences, and no line tells how
/// many its hidden ones are together when that is under k. Zeros are shown where nothing asks for more. What is known of a hidden count from bounds alone (it is no less than 0) is not looked at.
/// </summary>
public static class SmallCells
{
    private const double Zero = 1e-9;

    /// <param name="counts">Rows of equal length, 0 or more each; they are disjoint groups of persons.</param>
    /// <param name="k">2 or more.</param>
    public static ShownCounts Suppress(IReadOnlyList<IReadOnlyList<int>> counts, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 2);
        var table = WithTotals(counts);
        var (rows, columns) = (table.GetLength(0), table.GetLength(1));
        var hidden = new bool[rows, columns];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                hidden[r, c] = table[r, c] > 0 && table[r, c] < k;
            }
        }

        while (Lines(rows, columns).Any(line => Complete(table, hidden, line, k)) || HideDetermined(table, hidden))
        {
        }

        int? Shown(int r, int c) => hidden[r, c] ? null : table[r, c];
        var (height, width) = (rows - 1, columns - 1);
        return new(
            [.. Enumerable.Range(0, height).Select(r => Enumerable.Range(0, width).Select(c => Shown(r, c)).ToArray())],
            [.. Enumerable.Range(0, height).Select(r => Shown(r, width))],
            [.. Enumerable.Range(0, width).Select(c => Shown(height, c))],
            Shown(height, width));
    }

    private static int[,] WithTotals(IReadOnlyList<IReadOnlyList<int>> counts)
    {
        var (height, width) = (counts.Count, counts.Count == 0 ? 0 : counts[0].Count);
        var table = new int[height + 1, width + 1];
        for (var r = 0; r < height; r++)
        {
            for (var c = 0; c < width; c++)
            {
                table[r, c] = counts[r][c];
                table[r, width] += counts[r][c];
                table[height, c] += counts[r][c];
                table[height, width] += counts[r][c];
            }
        }

        return table;
    }

    /// <summary>Each row with its total last, and each column.</summary>
    private static IEnumerable<(int Row, int Column)[]> Lines(int rows, int columns) =>
        Enumerable.Range(0, rows).Select(r => Enumerable.Range(0, columns).Select(c => (r, c)).ToArray())
            .Concat(Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, rows).Select(r => (r, c)).ToArray()));

    /// <summary>One hidden count follows from the others of its line; so does the sum of several. True: another one is hidden now.</summary>
    private static bool Complete(int[,] table, bool[,] hidden, (int Row, int Column)[] line, int k)
    {
        var (parts, total) = (line[..^1], line[^1]);
        var gone = line.Count(at => hidden[at.Row, at.Column]);
        if (gone == 0)
        {
            return false;
        }

        var sum = parts.Where(at => hidden[at.Row, at.Column]).Sum(at => table[at.Row, at.Column]);
        var tells = gone == 1 || (!hidden[total.Row, total.Column] && sum < k);
        return tells && HideSmallest(table, hidden, parts, total);
    }

    /// <summary>The smallest shown part that is somebody, else an empty one, else the total.</summary>
    private static bool HideSmallest(int[,] table, bool[,] hidden, IEnumerable<(int Row, int Column)> parts, (int Row, int Column) total)
    {
        foreach (var at in parts.Where(at => !hidden[at.Row, at.Column]).OrderBy(at => table[at.Row, at.Column] == 0).ThenBy(at => table[at.Row, at.Column]).Append(total))
        {
            if (!hidden[at.Row, at.Column])
            {
                return hidden[at.Row, at.Column] = true;
            }
        }

        return false;
    }

    /// <summary>A hidden count that several lines together give away: another of its row is hidden.</summary>
    private static bool HideDetermined(int[,] table, bool[,] hidden)
    {
        var (rows, columns) = (table.GetLength(0), table.GetLength(1));
        foreach (var (row, _) in Determined(hidden))
        {
            var line = Enumerable.Range(0, columns).Select(c => (row, c)).ToArray();
            if (HideSmallest(table, hidden, line[..^1], line[^1]))
            {
                return true;
            }

            // The whole row is hidden and still told: the columns' totals tell it.
            var totals = Enumerable.Range(0, columns).Select(c => (rows - 1, c)).ToArray();
            if (HideSmallest(table, hidden, totals[..^1], totals[^1]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Hidden counts that the equations of all lines leave one value, by elimination.</summary>
    internal static IReadOnlyList<(int Row, int Column)> Determined(bool[,] hidden)
    {
        var (rows, columns) = (hidden.GetLength(0), hidden.GetLength(1));
        var unknown = new List<(int Row, int Column)>();
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                if (hidden[r, c])
                {
                    unknown.Add((r, c));
                }
            }
        }

        var places = unknown.Select((at, i) => (at, i)).ToDictionary(one => one.at, one => one.i);
        var equations = Lines(rows, columns)
            .Select(line => (Line: line, Equation: new double[unknown.Count]))
            .Select(one =>
            {
                foreach (var at in one.Line.Where(at => hidden[at.Row, at.Column]))
                {
                    one.Equation[places[at]] = at == one.Line[^1] ? -1 : 1;
                }

                return one.Equation;
            })
            .ToArray();
        Reduce(equations, unknown.Count);
        return [.. equations.Select(e => Enumerable.Range(0, unknown.Count).Where(i => Math.Abs(e[i]) > Zero).ToArray()).Where(terms => terms.Length == 1).Select(terms => unknown[terms[0]])];
    }

    /// <summary>To reduced row echelon form.</summary>
    private static void Reduce(double[][] equations, int unknowns)
    {
        var rank = 0;
        for (var column = 0; column < unknowns && rank < equations.Length; column++)
        {
            var pivot = Enumerable.Range(rank, equations.Length - rank).MaxBy(r => Math.Abs(equations[r][column]));
            if (Math.Abs(equations[pivot][column]) <= Zero)
            {
                continue;
            }

            (equations[rank], equations[pivot]) = (equations[pivot], equations[rank]);
            var scale = equations[rank][column];
            for (var c = 0; c < unknowns; c++)
            {
                equations[rank][c] /= scale;
            }

            for (var r = 0; r < equations.Length; r++)
            {
                var factor = r == rank ? 0 : equations[r][column];
                for (var c = 0; factor != 0 && c < unknowns; c++)
                {
                    equations[r][c] -= factor * equations[rank][c];
                }
            }

            rank++;
        }
    }
}
