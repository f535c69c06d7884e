using ClinicNetwork.Anonymisation.Tables;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>Laws of the stream, over random tables, models and delays. CsCheck prints the seed of a failure.</summary>
public sealed class TableStreamTests
{
    [Fact]
    public void A_row_is_published_when_at_most_delay_rows_have_arrived_after_it_and_once() => Holds((stream, _, delay) =>
    {
        Assert.All(stream.Batches, batch => Assert.All(batch.Rows, row => Assert.InRange(batch.After - 1 - row, 0, delay)));
        var published = stream.Batches.SelectMany((batch, b) => batch.Rows.Select(row => (row, b))).ToArray();
        Assert.Equal(published.Length, published.DistinctBy(p => p.row).Count());
        Assert.All(published, p => Assert.Equal(p.b + 1, stream.BatchOf[p.row]));
        Assert.Equal(stream.Data.Rows - published.Length, stream.BatchOf.Count(b => b == 0));
        Assert.Equal(stream.Batches.Select(b => b.After), stream.Batches.Select(b => b.After).Order());
    });

    [Fact]
    public void Every_batch_is_anonymous_by_itself_and_its_values_cover_its_rows() => Holds((stream, model, _) =>
    {
        foreach (var batch in stream.Batches)
        {
            var released = batch.Rows.Where(row => !IsRoot(stream, row)).ToArray();
            foreach (var one in released.GroupBy(row => Values(stream, row), StringComparer.Ordinal))
            {
                Assert.True(one.Select(row => stream.Data.Persons?[row] ?? row).Distinct().Count() >= model.K);
                Assert.True(model.DistinctL == 1 || one.Select(row => stream.Data.Sensitive![row]).Distinct().Count() >= model.DistinctL);
                Assert.True(model.T >= 1 || Distance(stream.Data.Sensitive!, [.. one], released) <= model.T + 1e-9);
            }

            Assert.True(batch.Rows.Length - released.Length <= model.SuppressionLimit * batch.Rows.Length);
            Assert.All(batch.Rows, row => Assert.All(stream.Data.Attributes, (attribute, a) => Assert.True(SkewedTables.Covers(attribute, stream.ValueAt(row, a), stream.Data.Leaves[a][row]))));
        }
    });

    [Fact]
    public void What_is_published_by_a_row_does_not_depend_on_the_rows_after_it() => Gen.Int.Sample(seed =>
    {
        var (random, data, model, delay) = Any(seed);
        var rows = random.Next(1, data.Rows + 1);
        var (whole, start) = (Run(data, model, delay), Run(data.Of([.. Enumerable.Range(0, rows)]), model, delay));
        Assert.Equal(Before(whole, rows), Before(start, rows));
    }, iter: 300, threads: 2);

    [Fact]
    public void Nothing_is_withheld_at_the_end_where_all_rows_have_something_in_common() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        var k = random.Next(2, 9);
        LeafHierarchy[] attributes = [SkewedTables.Deep("place", 24), SkewedTables.Flat("kind", 5), SkewedTables.Flat("sex", 2)];
        // All in the first of the two large places.
        var data = SkewedTables.Make(random, attributes, random.Next(k, 40 * k), false, false, leavesMax: 12);
        var stream = TableStream.Run(data, new(k), random.Next((2 * k) - 1, 12 * k));
        Assert.DoesNotContain(0, stream.BatchOf);
        Assert.Equal(0, stream.Measure(k).Suppressed);
    }, iter: 300, threads: 2);

    [Fact]
    public void Batches_are_whole_windows_and_the_class_that_each_leaves_is_published_by_itself_when_it_is_due_first()
    {
        LeafHierarchy[] attributes = [SkewedTables.Flat("a", 13), SkewedTables.Flat("b", 2)];
        // Thirteen pairs, each of its own kind.
        var stream = TableStream.Run(new(attributes, [[.. Enumerable.Range(0, 26).Select(row => row / 2)], new int[26]]), new(2), 11);
        Assert.Equal([.. Enumerable.Repeat(1, 10), 2, 2, .. Enumerable.Repeat(3, 10), 4, 4, 4, 4], stream.BatchOf);
        Assert.Equal([12, 22, 24, 26], stream.Batches.Select(b => b.After));
        Assert.Equal((13, 0.0), (stream.Measure(2).Classes, stream.Measure(2).Ncp));
    }

    [Fact]
    public void A_class_that_is_due_before_k_rows_come_is_not_left()
    {
        LeafHierarchy[] attributes = [SkewedTables.Flat("a", 2), SkewedTables.Flat("b", 2)];
        // The two classes of the first window: by itself the second one would be gone at row 9, and three rows are no class.
        var stream = TableStream.Run(new(attributes, [[0, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0], new int[11]]), new(4), 7);
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2], stream.BatchOf);
    }

    [Fact]
    public void Measures_are_over_all_rows_with_classes_of_one_batch()
    {
        LeafHierarchy[] attributes = [SkewedTables.Flat("a", 3), SkewedTables.Flat("b", 2)];
        // Two like ones, one that is like nobody within its delay, two like ones; then the same again: as much as the batch before, and not one class with it.
        Microdata data = new(attributes, [[0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]);
        var stream = TableStream.Run(data, new(2), 3);
        Assert.Equal([1, 1, 2, 2, 2, 2], stream.BatchOf);
        var measured = stream.Measure(2);
        Assert.Equal((6, 2, 2, 0, 0.0), (measured.Rows, measured.Classes, measured.MinClass, measured.Suppressed, measured.Ncp));
        Assert.Equal((20.0, 1.5, 0.5), (measured.Discernibility, measured.AverageClass, measured.RiskMax));
        Assert.Equal(1.0 / 3, measured.RiskAverage, 12);
    }

    [Fact]
    public void Persons_count_once_in_a_batch_and_too_short_a_delay_and_too_few_are_refused()
    {
        LeafHierarchy[] attributes = [SkewedTables.Flat("a", 2), SkewedTables.Flat("b", 2)];
        int[][] leaves = [[.. Enumerable.Repeat(0, 40)], [.. Enumerable.Repeat(1, 40)]];
        Assert.Throws<NotReachableException>(() => TableStream.Run(new(attributes, leaves, persons: [.. Enumerable.Range(0, 40).Select(i => i % 2)]), new(3), 20));
        Assert.Throws<ArgumentOutOfRangeException>(() => TableStream.Run(new(attributes, leaves), new(3), 1));
        Assert.Throws<ArgumentException>(() => TableStream.Run(new(attributes, leaves), new(3, DistinctL: 2), 20));
        Assert.Empty(TableStream.Run(new(attributes, [[], []]), new(3), 20).Batches);
    }

    [Fact]
    public void Cancelled_it_stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var data = SkewedTables.Make(new(1), [SkewedTables.Deep("a", 20), SkewedTables.Deep("b", 20)], 200, false, false);
        Assert.Throws<OperationCanceledException>(() => TableStream.Run(data, new(5), 50, null, cancelled.Token));
    }

    private static void Holds(Action<PublishedStream, PrivacyModel, int> law) => Gen.Int.Sample(seed =>
    {
        var (_, data, model, delay) = Any(seed);
        if (Run(data, model, delay) is { } stream)
        {
            law(stream, model, delay);
        }
    }, iter: 300, threads: 2);

    private static (Random Random, Microdata Data, PrivacyModel Model, int Delay) Any(int seed)
    {
        var random = new Random(seed);
        var model = new PrivacyModel(random.Next(2, 8), random.Next(1, 4), random.Next(3) == 0 ? 0.5 : 1, random.Next(3) == 0 ? 0.1 : 0);
        var data = SkewedTables.Make(random, SkewedTables.AnyAttributes(random), random.Next(1, 300), random.Next(2) == 0, true);
        return (random, data, model, random.Next(model.K - 1, 120));
    }

    private static PublishedStream? Run(Microdata data, PrivacyModel model, int delay)
    {
        try
        {
            return TableStream.Run(data, model, delay);
        }
        catch (NotReachableException)
        {
            return null;
        }
    }

    /// <summary>Batches before so many rows had arrived, row by row.</summary>
    private static string Before(PublishedStream? stream, int rows) =>
        string.Join('\n', (stream?.Batches ?? []).Where(b => b.After < rows).SelectMany(b => b.Rows.Select(row => $"{b.After} {row} {Values(stream!, row)}")));

    private static string Values(PublishedStream stream, int row) => string.Join(' ', stream.Data.Attributes.Select((_, a) => stream.ValueAt(row, a)));

    private static bool IsRoot(PublishedStream stream, int row) => stream.Data.Attributes.Select((_, a) => stream.ValueAt(row, a)).All(value => value == LeafHierarchy.Root);

    private static double Distance(int[] sensitive, int[] one, int[] all) =>
        all.Select(row => sensitive[row]).Distinct().Sum(v => Math.Abs(one.Average(r => sensitive[r] == v ? 1.0 : 0) - all.Average(r => sensitive[r] == v ? 1.0 : 0))) / 2;
}
