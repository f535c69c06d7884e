using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>Tables with more vectors than are visited, and rows with more values than a number of 64 bits.</summary>
public sealed class WideTableTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(15)]
    public void Equal_rows_stay_together_however_many_values_a_row_may_have(int attributes)
    {
        var hierarchy = Halved(10);
        var random = new Random(attributes);
        int[][] kinds = [.. Enumerable.Range(0, 50).Select(_ => Enumerable.Range(0, attributes).Select(_ => random.Next(1 << 10)).ToArray())];
        // Of two kinds each only one column differs, each in turn.
        kinds = [.. kinds, .. kinds.Select((kind, i) => kind.Select((leaf, a) => a == i % attributes ? leaf ^ 1 : leaf).ToArray())];
        int[] rows = [.. Enumerable.Range(0, 300).Select(row => row % 100)];
        var published = TableAnonymiser.Tight(new([.. Enumerable.Repeat(hierarchy, attributes)], [.. Enumerable.Range(0, attributes).Select(a => rows.Select(r => kinds[r][a]).ToArray())]), new(3));

        Assert.Equal(0, published.Measure(3).Ncp);
        Assert.All(rows.Select((kind, row) => (kind, row)), at => Assert.All(
            Enumerable.Range(0, attributes), a => Assert.Equal($"0:{kinds[at.kind][a].ToString(CultureInfo.InvariantCulture)}", published.ValueAt(at.row, a))));
    }

    /// <summary>Columns of one value make the vectors too many, and need cost nothing.</summary>
    [Fact]
    public void A_choice_of_vectors_loses_little_more_than_all()
    {
        const int Rows = 3_000;
        const int Narrow = 6;
        const int Wide = 12;
        var random = new Random(6);
        int[] centres = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(6))];
        int[][] columns = [.. Enumerable.Range(0, Narrow).Select(a => centres.Select(c => ((5 * c) + a + random.Next(6)) % 16).ToArray())];
        var hierarchy = Halved(4);

        var all = TableAnonymiser.Tight(new([.. Enumerable.Repeat(hierarchy, Narrow)], columns), new(5)).Measure(5);
        var chosen = TableAnonymiser.Tight(new([.. Enumerable.Repeat(hierarchy, Wide)], [.. columns, .. Enumerable.Repeat(new int[Rows], Wide - Narrow)]), new(5)).Measure(5);

        Assert.InRange(chosen.Ncp * Wide / (all.Ncp * Narrow), 0.9, 1.03);
        Assert.Equal((0, true), (chosen.Suppressed, chosen.MinClass >= 5));
    }

    /// <summary>A sweep tells its progress every 256 visits.</summary>
    [Fact]
    public void Visits_are_bounded_in_a_wide_table_of_many_rows()
    {
        var random = new Random(14);
        var told = new Visits();
        var measures = TableAnonymiser.Tight(new([.. Enumerable.Repeat(Halved(6), 14)], [.. Enumerable.Range(0, 14).Select(_ => Enumerable.Range(0, 12_000).Select(_ => random.Next(64)).ToArray())]), new(5), told).Measure(5);

        Assert.InRange(told.Count, 1, 500);
        Assert.InRange(measures.Ncp, 0, 0.95);
    }

    /// <summary>2^levels leaves; each level halves them.</summary>
    private static LeafHierarchy Halved(int levels) => new(
        "q", [.. Enumerable.Range(0, 1 << levels).Select(leaf => (string[])[.. Enumerable.Range(0, levels).Select(level => string.Create(CultureInfo.InvariantCulture, $"{level}:{leaf >> level}")), "*"])]);

    private sealed class Visits : IProgress<double>
    {
        public int Count { get; private set; }

        public void Report(double value) => Count++;
    }

    [Fact]
    public void Rows_that_are_borrowed_do_not_split_the_table_that_other_placements_are_over()
    {
        // A random table of the law that has more vectors than are visited, and classes that lend.
        var (data, model) = (AnyTable.Of(983405447).Data, new PrivacyModel(2, SuppressionLimit: 0.14));
        var tuples = new TupleTable(data);
        var count = tuples.Count;

        var classes = Placement.Of(tuples, table => new(table, model), model.K, (long)(model.SuppressionLimit * data.Rows), null, CancellationToken.None);

        Assert.Equal(count, tuples.Count);
        Assert.Equal(classes.Tuples.Count, classes.OfTuple.Count);
    }
}
