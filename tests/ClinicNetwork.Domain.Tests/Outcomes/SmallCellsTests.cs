using ClinicNetwork.Domain.Outcomes;
using CsCheck;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>What is hidden cannot be had back from what is shown.</summary>
public sealed class SmallCellsTests
{
    private const int K = 11;

    private static string Text(ShownCounts shown) => string.Join(" / ", shown.Counts.Zip(shown.RowTotals)
        .Select(row => string.Join(' ', row.First.Append(row.Second).Select(c => c?.ToString() ?? "-")))
        .Append(string.Join(' ', shown.ColumnTotals.Append(shown.Total).Select(c => c?.ToString() ?? "-"))));

    [Fact]
    public void A_table_without_small_counts_is_shown_whole() =>
        Assert.Equal("11 0 11 / 20 30 50 / 31 30 61", Text(SmallCells.Suppress([[11, 0], [20, 30]], K)));

    [Fact]
    public void A_small_count_hides_one_more_of_its_row_and_of_its_column() =>
        Assert.Equal("50 - - 110 / 50 60 70 180 / 40 - - 120 / 140 145 125 410", Text(SmallCells.Suppress([[50, 40, 20], [50, 60, 70], [40, 45, 35]], 21)));

    [Fact]
    public void Two_small_counts_whose_sum_is_small_hide_a_third()
    {
        var shown = SmallCells.Suppress([[2, 3, 30, 40]], K);
        Assert.Equal([null, null, null, 40], shown.Counts[0]);
    }

    [Fact]
    public void A_small_total_hides_all_that_gives_it_away()
    {
        var shown = SmallCells.Suppress([[3, 4, 0], [30, 40, 50]], K);
        Assert.Null(shown.RowTotals[0]);
        Assert.Equal([null, null], shown.Counts[0][..2]);
    }

    [Fact]
    public void Nobody_and_no_rows_are_no_trouble()
    {
        Assert.Equal("0 0 0 / 0 0 0", Text(SmallCells.Suppress([[0, 0]], K)));
        Assert.Equal("0", Text(SmallCells.Suppress([], K)));
    }

    /// <summary>By another way than the method's own: two tables that are both possible, for every hidden count.</summary>
    [Fact]
    public void No_small_count_is_shown_or_follows_and_no_line_tells_a_small_sum() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 6], Gen.Int).Sample((height, width, seed) =>
        {
            var random = new Random(seed);
            var counts = Enumerable.Range(0, height).Select(_ => (IReadOnlyList<int>)[.. Enumerable.Range(0, width).Select(_ => random.Next(4) == 0 ? random.Next(K) : random.Next(60))]).ToArray();
            var shown = SmallCells.Suppress(counts, K);

            int?[] all = [.. shown.Counts.SelectMany(r => r), .. shown.RowTotals, .. shown.ColumnTotals, shown.Total];
            Assert.DoesNotContain(all, c => c is > 0 and < K);
            int?[][] lines =
            [
                .. shown.Counts.Zip(shown.RowTotals, (row, total) => (int?[])[.. row, total]),
                .. Enumerable.Range(0, width).Select(c => (int?[])[.. shown.Counts.Select(r => r[c]), shown.ColumnTotals[c]]),
                [.. shown.ColumnTotals, shown.Total],
                [.. shown.RowTotals, shown.Total],
            ];
            Assert.All(lines, line =>
            {
                Assert.NotEqual(1, line.Count(c => c is null));
                Assert.True(line[^1] is not { } total || line.All(c => c is not null) || total - line[..^1].Sum(c => c ?? 0) is 0 or >= K, "The hidden of a line are few together.");
            });
            Assert.All(Hidden(shown), at => Assert.True(CanDiffer(shown, at), "A hidden count follows from the shown."));
        }, iter: 2_000);

    private static IEnumerable<(int, int)> Hidden(ShownCounts shown) =>
        from r in Enumerable.Range(0, shown.Counts.Length)
        from c in Enumerable.Range(0, shown.Counts[r].Length)
        where shown.Counts[r][c] is null
        select (r, c);

    /// <summary>Searches a closed walk over hidden counts (or hidden totals) through this one: adding and taking away along it changes no shown sum.</summary>
    private static bool CanDiffer(ShownCounts shown, (int Row, int Column) start)
    {
        var (height, width) = (shown.Counts.Length, shown.Counts[0].Length);
        bool IsHidden(int r, int c) => (r < height ? (c < width ? shown.Counts[r][c] : shown.RowTotals[r]) : c < width ? shown.ColumnTotals[c] : shown.Total) is null;
        var seen = new HashSet<int> { start.Row };
        var open = new Queue<int>([start.Row]);

        // Rows are 0..height, columns behind them; a hidden count joins its row and its column. The count itself is left out: is there another way?
        while (open.TryDequeue(out var node))
        {
            if (node == height + 1 + start.Column)
            {
                return true;
            }

            for (var other = 0; other <= (node <= height ? width : height); other++)
            {
                var (r, c) = node <= height ? (node, other) : (other, node - height - 1);
                var next = node <= height ? height + 1 + other : other;
                if ((r, c) != start && IsHidden(r, c) && seen.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        return false;
    }
}
