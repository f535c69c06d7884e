using ClinicNetwork.Anonymisation.Tables;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>Cases of the engine that stand by name; what holds of any table is in <see cref="TableLawTests"/>.</summary>
public sealed class TableAnonymiserTests
{
    private static readonly LeafHierarchy Age = new("age", [["20", "2x", "*"], ["25", "2x", "*"], ["30", "3x", "*"], ["35", "3x", "*"]]);
    private static readonly LeafHierarchy Sex = new("sex", [["F", "*"], ["M", "*"]]);

    [Fact]
    public void Rows_of_one_person_count_as_one_of_k()
    {
        int[][] columns = [[0, 0, 1, 1, 2, 2, 2, 2]];

        Assert.Equal(["20", "20", "25", "25", "30", "30", "30", "30"], Values(TableAnonymiser.Tight(new([Age], columns), new(2))));
        Assert.Equal(["2x", "2x", "2x", "2x", "30", "30", "30", "30"], Values(TableAnonymiser.Tight(new([Age], columns, [7, 7, 8, 8, 1, 2, 3, 3]), new(2))));
    }

    [Fact]
    public void A_row_that_fits_nowhere_is_suppressed_within_the_limit_and_refused_without()
    {
        var data = new Microdata([Age], [[0, 0, 0, 3]]);

        Assert.Equal(["20", "20", "20", "*"], Values(TableAnonymiser.Tight(data, new(2, SuppressionLimit: 0.25))));
        Assert.Equal(0.25, Assert.Throws<NotReachableException>(() => TableAnonymiser.Tight(data, new(2, SuppressionLimit: 0.24))).Suppressed);
    }

    [Fact]
    public void What_one_vector_can_meet_is_not_refused()
    {
        // The cheap class of those of 20 would leave (F, 35) and (M, 30) with nothing in common with it.
        var rows = Rows(TableAnonymiser.Tight(new([Sex, Age], [[0, 0, 0, 1, 1, 1], [0, 0, 3, 0, 2, 1]]), new(3))).ToArray();

        Assert.DoesNotContain("*;*", rows);
        Assert.All(rows.GroupBy(row => row), group => Assert.InRange(group.Count(), 3, 6));
    }

    [Fact]
    public void A_table_of_the_root_alone_is_not_passed_off_as_released()
    {
        var nothing = new LeafHierarchy("nothing", [["*"]]);
        var data = new Microdata([nothing, Sex], [[0, 0, 0], [0, 0, 1]]);

        Assert.Equal(1 / 3.0, Assert.Throws<NotReachableException>(() => TableAnonymiser.Tight(data, new(2))).Suppressed);
        Assert.Throws<NotReachableException>(() => TableAnonymiser.Fixed(data, data, new(2)));
    }

    [Fact]
    public void A_grid_joins_no_labels_that_its_prior_does_not_join()
    {
        var data = new Microdata([Age, Sex], [[.. Enumerable.Repeat(0, 40)], [.. Enumerable.Repeat(0, 40)]]);
        var prior = new Microdata([Age, Sex], [[.. Enumerable.Repeat(3, 40)], [.. Enumerable.Range(0, 40).Select(row => row % 2)]]);

        var foreign = TableAnonymiser.Fixed(data, prior, new(2, SuppressionLimit: 1));
        Assert.All(Enumerable.Range(0, 40), row => Assert.Contains("*", (string[])[foreign.ValueAt(row, 0), foreign.ValueAt(row, 1)]));
        var own = TableAnonymiser.Fixed(data, data, new(2));
        Assert.Equal(("20", "F"), (own.ValueAt(0, 0), own.ValueAt(0, 1)));
    }

    /// <summary>Above 128 values classes are not composed for t but swept; what is suppressed then moves the table that they were compared with.</summary>
    [Fact]
    public void Of_many_sensitive_values_classes_are_within_t_of_what_is_released()
    {
        var (published, suppressed) = (0, 0);
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var attributes = SkewedTables.AnyAttributes(random);
            var plain = SkewedTables.Make(random, attributes, random.Next(150, 400), false, false);
            // The rarer the leaf the higher the value, so that those that are suppressed are not like the others.
            int[] values = [.. Enumerable.Range(0, plain.Rows).Select(row => (500 * plain.Leaves[0][row]) + row)];
            var model = new PrivacyModel(random.Next(2, 6), 1, random.Next(10, 40) / 100.0, random.Next(10, 60) / 100.0, true);
            try
            {
                var table = TableAnonymiser.Tight(new(attributes, plain.Leaves, null, values), model);
                var measures = table.Measure(model.K, true);
                Assert.True(!(measures.T > model.T + 1e-9) && measures.Suppressed <= model.SuppressionLimit * plain.Rows, $"{measures}, {model}");
                Interlocked.Increment(ref published);
                Interlocked.Add(ref suppressed, measures.Suppressed > 0 ? 1 : 0);
            }
            catch (NotReachableException)
            {
                // That is an answer.
            }
        }, iter: 200, threads: 2);
        Assert.True(published > 20 && suppressed > 10, $"{published} published, {suppressed} with suppressed rows");
    }

    [Fact]
    public void A_model_that_asks_for_a_sensitive_attribute_is_refused_where_there_is_none()
    {
        var data = new Microdata([Sex], [[0, 0]]);

        Assert.Throws<ArgumentException>(() => TableAnonymiser.Tight(data, new(2, DistinctL: 2)));
        Assert.Throws<ArgumentException>(() => TableAnonymiser.Fixed(data, data, new(2, T: 0.5)));
    }

    [Fact]
    public void Columns_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Microdata([Sex, Age], [[0]]));
        Assert.Throws<ArgumentException>(() => new Microdata([Sex, Age], [[0], [0, 1]]));
        Assert.Throws<ArgumentException>(() => new Microdata([Sex], [[2]]));
        Assert.Throws<ArgumentException>(() => new Microdata([Sex], [[-1]]));
        Assert.Throws<ArgumentException>(() => new Microdata([Sex], [[0]], persons: [1, 2]));
        Assert.Throws<ArgumentException>(() => new Microdata([Sex], [[0]], sensitive: [-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Microdata([], []));
    }

    [Theory]
    [InlineData(6, 2, 400)]
    [InlineData(14, 6, 60)]
    public void Progress_rises_from_0_to_1(int attributes, int height, int rows)
    {
        var told = new Told(_ => { });
        TableAnonymiser.Tight(Wide(attributes, height, rows), new(5), told);

        Assert.NotEmpty(told.Shares);
        Assert.All(told.Shares, share => Assert.InRange(share, 0, 1));
        Assert.Equal(told.Shares.Order(), told.Shares);
        Assert.Equal(1, told.Shares[^1]);
    }

    [Theory]
    [InlineData(6, 2, 400)]
    [InlineData(14, 6, 60)]
    public void A_run_that_is_cancelled_ends_at_once_and_gives_nothing(int attributes, int height, int rows)
    {
        using var source = new CancellationTokenSource();
        var told = new Told(_ => source.Cancel());

        Assert.Throws<OperationCanceledException>(() => TableAnonymiser.Tight(Wide(attributes, height, rows), new(5), told, source.Token));
        Assert.InRange(told.Shares.Count, 1, 2);
        Assert.Throws<OperationCanceledException>(() => TableAnonymiser.Fixed(Wide(attributes, height, rows), Wide(attributes, height, rows), new(5), source.Token));
        Assert.Throws<OperationCanceledException>(() => TableStream.Run(Wide(attributes, height, rows), new(5), 20, null, source.Token));
    }

    /// <summary>A sweep tells its progress every 256 vectors: 7^14 = 678,223,072,849 of them would be told of 2.6 billion times.</summary>
    [Fact]
    public void Work_is_bounded_whatever_the_number_of_attributes()
    {
        var told = new Told(_ => { });
        var measures = TableAnonymiser.Tight(Wide(14, 6, 200), new(5), told).Measure(5);

        Assert.InRange(told.Shares.Count, 1, 1_000);
        Assert.InRange(measures.Ncp, 0, 0.9);
    }

    /// <summary>Attributes of 2^height leaves that are halved by each level; rows are drawn around a few centres.</summary>
    private static Microdata Wide(int attributes, int height, int rows)
    {
        var random = new Random(attributes);
        var hierarchy = new LeafHierarchy("q", [.. Enumerable.Range(0, 1 << height).Select(leaf => (string[])[.. Enumerable.Range(0, height).Select(level => $"{level}:{leaf >> level}"), "*"])]);
        var centres = Enumerable.Range(0, rows).Select(_ => random.Next(8)).ToArray();
        return new(
            [.. Enumerable.Repeat(hierarchy, attributes)],
            [.. Enumerable.Range(0, attributes).Select(a => centres.Select(c => (((c * 7) + a) ^ random.Next(1 << (height / 2))) & ((1 << height) - 1)).ToArray())]);
    }

    private static IEnumerable<string> Values(Published published) => Enumerable.Range(0, published.Data.Rows).Select(row => published.ValueAt(row, 0));

    private static IEnumerable<string> Rows(Published published) => Enumerable.Range(0, published.Data.Rows).Select(row => $"{published.ValueAt(row, 0)};{published.ValueAt(row, 1)}");

    private sealed class Told(Action<double> then) : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public void Report(double value)
        {
            Shares.Add(value);
            then(value);
        }
    }
}
