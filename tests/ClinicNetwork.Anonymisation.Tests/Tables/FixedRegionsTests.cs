using ClinicNetwork.Anonymisation.Tables;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>A published value is a function of the list of regions and of which of them are in use. CsCheck prints the seed of a failure.</summary>
public sealed class FixedRegionsTests
{
    private sealed record Case(Random Random, Microdata Data, Microdata Prior, PrivacyModel Model, RegionGrid Grid);

    [Fact]
    public void Every_row_is_published_as_the_first_region_in_use_that_covers_it() => Holds(suppressionLimit: 1, c =>
    {
        var published = c.Grid.Place(c.Data, c.Model);
        var expected = new string?[c.Data.Rows];
        foreach (var region in c.Grid.Regions)
        {
            int[] arriving = [.. Enumerable.Range(0, c.Data.Rows).Where(row => expected[row] is null && Covers(c.Grid, region, c.Data, row))];
            if (Persons(c.Data, arriving) >= c.Model.K)
            {
                foreach (var row in arriving)
                {
                    expected[row] = Text(c.Grid, region);
                }
            }
        }

        for (var row = 0; row < c.Data.Rows; row++)
        {
            Assert.Equal(expected[row] ?? Text(c.Grid, [.. c.Grid.Attributes.Select(a => a.LabelsAt(a.Height)[0])]), Values(published, row));
        }
    });

    /// <summary>What is published does not tell two tables apart that have the same number of rows in every intersection of regions: no tight covers, and no roll-up by values.</summary>
    [Fact]
    public void Rows_that_change_within_their_regions_change_nobodys_value() => Holds(suppressionLimit: 0, c =>
    {
        // Each row takes the leaves of a row of a crowd that its regions cover alike.
        var crowd = SkewedTables.Make(c.Random, c.Grid.Attributes, 300, false, false);
        var alike = Enumerable.Range(0, crowd.Rows).ToLookup(row => Signature(c.Grid, crowd, row), StringComparer.Ordinal);
        int[][] leaves = [.. c.Data.Leaves.Select(column => column.ToArray())];
        for (var row = 0; row < c.Data.Rows; row++)
        {
            int[] others = [.. alike[Signature(c.Grid, c.Data, row)]];
            for (var a = 0; a < leaves.Length && others.Length > 0; a++)
            {
                leaves[a][row] = crowd.Leaves[a][others[row % others.Length]];
            }
        }

        Assert.Equal(Outcome(c.Grid, c.Data, c.Model), Outcome(c.Grid, new(c.Grid.Attributes, leaves, c.Data.Persons, c.Data.Sensitive), c.Model));
    });

    [Fact]
    public void The_order_of_the_rows_plays_no_part() => Holds(suppressionLimit: 0, c =>
    {
        int[] order = [.. Enumerable.Range(0, c.Data.Rows)];
        c.Random.Shuffle(order);
        var (straight, shuffled) = (Outcome(c.Grid, c.Data, c.Model), Outcome(c.Grid, c.Data.Of(order), c.Model));
        Assert.Equal(straight is null ? null : order.Select(row => straight[row]), shuffled);
    });

    [Fact]
    public void Classes_hold_k_persons_l_and_t_and_values_cover_their_rows_whatever_the_prior_was() => Gen.Int.Sample(ClassesHold, iter: 1_000, threads: 2);

    /// <summary>Here no round of suppression kept t against the table that the next one left, and one that suppressed more does.</summary>
    [Fact]
    public void T_is_reached_by_taking_regions_out_where_the_rounds_do_not_end() => Gen.Int.Sample(ClassesHold, seed: "18NCwIngg_X6", iter: 1, threads: 1);

    private static void ClassesHold(int seed)
    {
        var random = new Random(seed);
        var attributes = SkewedTables.AnyAttributes(random);
        var data = SkewedTables.Make(random, attributes, random.Next(0, 400), random.Next(2) == 0, true);
        // Another length, and other values: of some leaves it has none.
        var prior = SkewedTables.Make(random, attributes, random.Next(4) * random.Next(400), false, random.Next(2) == 0, leavesMax: random.Next(1, 9));
        var model = new PrivacyModel(random.Next(2, 12), random.Next(1, 4), random.Next(2) == 0 ? 1 : 0.4, 1);
        var published = TableAnonymiser.Fixed(data, prior, model);
        var measured = published.Measure(model.K);
        Assert.True(measured.Classes == 0 || (measured.MinClass >= model.K && measured.DistinctL >= model.DistinctL && measured.T <= model.T + 1e-9), $"{measured}");
        for (var row = 0; row < data.Rows; row++)
        {
            Assert.All(attributes, (attribute, a) => Assert.True(SkewedTables.Covers(attribute, published.ValueAt(row, a), data.Leaves[a][row])));
        }
    }

    [Fact]
    public void A_region_is_published_whole_though_its_rows_have_one_value()
    {
        LeafHierarchy[] attributes = [SkewedTables.Deep("age", 12), SkewedTables.Flat("sex", 2)];
        Microdata prior = new(attributes, [[.. Enumerable.Range(0, 48).Select(i => i % 12)], [.. Enumerable.Range(0, 48).Select(i => i / 24)]]);
        Microdata data = new(attributes, [[.. Enumerable.Repeat(1, 24)], [.. Enumerable.Range(0, 24).Select(i => i / 12)]]);
        var published = TableAnonymiser.Fixed(data, prior, new(5));
        Assert.Equal("age-by12-0 sex-0", Values(published, 0).Replace("age-by3-0", "age-by12-0", StringComparison.Ordinal));
        Assert.DoesNotContain("age-1", Values(published, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_no_region_takes_are_rolled_up_rather_than_suppressed()
    {
        LeafHierarchy[] attributes = [SkewedTables.Deep("age", 24), SkewedTables.Flat("sex", 2)];
        Microdata data = new(attributes, [[.. Enumerable.Range(0, 23).Select(i => i < 20 ? 0 : 23)], [.. Enumerable.Range(0, 23).Select(i => i < 20 ? 0 : 1)]]);
        // The three in the other half have neither age nor sex in common with enough.
        Assert.Throws<NotReachableException>(() => TableAnonymiser.Fixed(data, data.Of([]), new(5)));
        Microdata near = new(attributes, [[.. data.Leaves[0].Select(leaf => leaf == 23 ? 4 : leaf)], data.Leaves[1]]);
        var published = TableAnonymiser.Fixed(near, near.Of([]), new(5));
        Assert.Equal((0, 23), (published.Measure(5).Suppressed, published.Measure(5).MinClass));
        Assert.Equal("age-by12-0 *", Values(published, 22));
    }

    [Fact]
    public void Another_prior_than_of_the_same_columns_and_fewer_than_k_are_refused()
    {
        LeafHierarchy[] attributes = [SkewedTables.Flat("a", 3)];
        Microdata data = new(attributes, [[0, 0, 1]]);
        Assert.Throws<ArgumentException>(() => TableAnonymiser.Fixed(data, new([SkewedTables.Flat("b", 3)], [[0]]), new(2)));
        Assert.Throws<NotReachableException>(() => TableAnonymiser.Fixed(data, data, new(4)));
    }

    private static void Holds(double suppressionLimit, Action<Case> law) => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        var attributes = SkewedTables.AnyAttributes(random);
        var data = SkewedTables.Make(random, attributes, random.Next(20, 300), random.Next(2) == 0, false);
        var prior = SkewedTables.Make(random, attributes, random.Next(20, 300), false, false);
        var model = new PrivacyModel(random.Next(2, 8), SuppressionLimit: suppressionLimit);
        law(new(random, data, prior, model, RegionGrid.Learn(prior, model, data.Rows)));
    }, iter: 300, threads: 2);

    private static string[]? Outcome(RegionGrid grid, Microdata data, PrivacyModel model)
    {
        try
        {
            var published = grid.Place(data, model);
            return [.. Enumerable.Range(0, data.Rows).Select(row => Values(published, row))];
        }
        catch (NotReachableException)
        {
            return null;
        }
    }

    private static string Signature(RegionGrid grid, Microdata data, int row) => string.Concat(grid.Regions.Select(region => Covers(grid, region, data, row) ? '1' : '0'));

    private static bool Covers(RegionGrid grid, int[] region, Microdata data, int row) =>
        region.Select((label, a) => SkewedTables.Covers(grid.Attributes[a], grid.Attributes[a].Labels[label], data.Leaves[a][row])).All(covers => covers);

    private static int Persons(Microdata data, int[] rows) => rows.Select(row => data.Persons?[row] ?? row).Distinct().Count();

    private static string Text(RegionGrid grid, int[] region) => string.Join(' ', region.Select((label, a) => grid.Attributes[a].Labels[label]));

    private static string Values(Published published, int row) => string.Join(' ', published.Data.Attributes.Select((_, a) => published.ValueAt(row, a)));
}
