using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Benchmarks.Tables;

namespace ClinicNetwork.Benchmarks.Tests.Tables;

/// <summary>A yardstick that cheats, or that is weaker than its authors made it, is none.</summary>
public class BaselineTests
{
    private static readonly LeafHierarchy Eight = new("eight", [.. Enumerable.Range(0, 8).Select(i => (string[])[$"{i}", $"pair {i / 2}", $"half {i / 4}", "*"])]);
    private static readonly LeafHierarchy Two = new("two", [["a", "*"], ["b", "*"]]);

    public static TheoryData<string> Contenders => ["Mondrian", "Mondrian, strict", "plain sweep", "CASTLE", "micro-batches"];

    [Theory]
    [MemberData(nameof(Contenders))]
    public void What_a_baseline_publishes_is_anonymous_and_covers_its_rows(string contender)
    {
        foreach (var (shape, attributes, k, seed) in from s in Enum.GetValues<Shape>() from a in (int[])[2, 4] from k in (int[])[2, 7, 30] from seed in (int[])[1, 2] select (s, a, k, seed))
        {
            var published = Run(contender, GeneratedTables.Draw(shape, 600, attributes, seed), new(k));

            // A batch is a table of its own, and so are its classes.
            Assert.True(PlainCheck.FirstFault(published, new(k, 1, 1, 1)) is null, $"{contender}, {shape}, {attributes} attributes, k {k}, seed {seed}");
        }
    }

    [Theory]
    [InlineData("Mondrian")]
    [InlineData("Mondrian, strict")]
    [InlineData("plain sweep")]
    public void Persons_and_diversity_are_kept_where_the_baseline_claims_them(string contender)
    {
        var visits = CohortTable.Draw(1_500, seed: 1, visits: true);

        Assert.Null(PlainCheck.FirstFault(Run(contender, visits, new(5, 2)), new(5, 2)));
        Assert.Null(PlainCheck.FirstFault(Mondrian.Run(visits, new(5, 1, 0.3)), new(5, 1, 0.3)));
    }

    /// <summary>Rows 0,0,1,1 | 2,2 | 4,4,4,4 by k = 2: halves, then pairs; pair 2 is one leaf, so its value is the leaf.</summary>
    [Fact]
    public void Mondrian_splits_from_the_root_down_and_publishes_lowest_common_labels()
    {
        var published = Mondrian.Run(new([Eight], [[0, 0, 1, 1, 2, 2, 4, 4, 4, 4]]), new(2), isStrict: true);

        Assert.Equal(["0", "0", "1", "1", "2", "2", "4", "4", "4", "4"], Values(published, 0));
    }

    /// <summary>By k = 3 two labels of four have too few rows: strict Mondrian leaves the table whole, the other puts the two together.</summary>
    [Fact]
    public void Strict_Mondrian_does_not_split_where_a_label_has_too_few_rows_and_the_other_puts_the_rarest_together()
    {
        var flat = new LeafHierarchy("flat", [["a", "*"], ["b", "*"], ["c", "*"], ["d", "*"]]);
        var data = new Microdata([flat], [[0, 0, 0, 0, 1, 1, 1, 1, 2, 3, 3]]);

        Assert.All(Values(Mondrian.Run(data, new(3), isStrict: true), 0), value => Assert.Equal("*", value));
        Assert.Equal(["a", "a", "a", "a", "b", "b", "b", "b", "*", "*", "*"], Values(Mondrian.Run(data, new(3)), 0));
    }

    /// <summary>The attribute of two leaves spans 1 of 1, that of eight 2 of 7 (leaves 0 to 3 minus one, normalised 3/7).</summary>
    [Fact]
    public void Mondrian_splits_the_widest_normalised_span_first()
    {
        var published = Mondrian.Run(new([Eight, Two], [[0, 2, 0, 2], [0, 0, 1, 1]]), new(2));

        Assert.Equal(["half 0", "half 0", "half 0", "half 0"], Values(published, 0));
        Assert.Equal(["a", "a", "b", "b"], Values(published, 1));
    }

    [Fact]
    public void Castle_loses_less_when_rows_may_wait_longer()
    {
        var data = GeneratedTables.Draw(Shape.Correlated, 3_000, 4, seed: 1);
        double Ncp(int delay) => Castle.Run(data, 5, delay, seed: 1).Measure(5).Ncp;

        Assert.True(Ncp(2_000) < 0.8 * Ncp(100), $"{Ncp(2_000)} against {Ncp(100)}");
    }

    /// <summary>Three of one leaf come, wait for two, and are published as they are; nobody waits who cannot be helped.</summary>
    [Fact]
    public void Castle_publishes_a_cluster_of_k_with_its_own_values()
    {
        var published = Castle.Run(new([Eight], [[3, 3, 3, 3, 3, 3, 3, 3]]), 2, 3, seed: 1);

        Assert.All(Values(published, 0), value => Assert.Equal("3", value));
    }

    [Fact]
    public void The_check_itself_finds_each_fault()
    {
        var data = new Microdata([Eight], [[0, 0, 1, 1, 4, 4]], [1, 2, 3, 3, 5, 6], [0, 1, 0, 1, 0, 0]);
        int[] Label(string label) => [Eight.Labels.IndexOf(label)];
        string? Fault(PrivacyModel model, int[] regionOf, params string[] labels) => PlainCheck.FirstFault(new(data, [.. labels.Select(Label)], regionOf), model);

        Assert.Null(Fault(new(2, 1), [0, 0, 0, 0, 1, 1], "half 0", "4"));
        Assert.Contains("cover", Fault(new(2), [0, 0, 0, 0, 0, 0], "half 0"), StringComparison.Ordinal);
        Assert.Contains("class", Fault(new(2), [0, 0, 1, 1, 2, 2], "0", "1", "4"), StringComparison.Ordinal);
        Assert.Contains("class", Fault(new(2, 2), [0, 0, 0, 0, 1, 1], "half 0", "4"), StringComparison.Ordinal);
        Assert.Contains("class", Fault(new(2, 1, 0.1), [0, 0, 0, 0, 1, 1], "half 0", "4"), StringComparison.Ordinal);
        Assert.Contains("suppressed", Fault(new(2, 1, 1, 0.1), [0, 0, 0, 0, -1, -1], "half 0"), StringComparison.Ordinal);
    }

    private static Published Run(string contender, Microdata data, PrivacyModel model) => contender switch
    {
        "Mondrian" => Mondrian.Run(data, model),
        "Mondrian, strict" => Mondrian.Run(data, model, isStrict: true),
        "plain sweep" => PlainSweep.Run(data, model),
        "CASTLE" => Castle.Run(data, model.K, 100, seed: 1),
        _ => MicroBatches.Run(data, model, 100),
    };

    private static IEnumerable<string> Values(Published published, int attribute) => Enumerable.Range(0, published.Data.Rows).Select(row => published.ValueAt(row, attribute));
}
