using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;
using Xunit.Abstractions;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>Classes that are composed for t, recomputed here from what is published.</summary>
public sealed class CloseClassesTests(ITestOutputHelper output)
{
    private const int Cases = 1_200;

    [Fact]
    public void Classes_are_composed_where_no_whole_group_is_close()
    {
        // Nine in ten women have value 0, nine in ten men value 1: by sex no group is within 0.2, and one of both sexes and all ages publishes nothing.
        var data = Skewed(400, ages: 10);

        var published = TableAnonymiser.Tight(data, new(5, 1, 0.2));

        AssertHolds(data, new(5, 1, 0.2), published);
        Assert.DoesNotContain(-1, published.RegionOf);
        Assert.True(published.Measure(5).Ncp < 0.55, "Sex is published of few, age of all.");
    }

    [Fact]
    public void Rows_of_one_tuple_may_be_in_several_classes()
    {
        // Thirty women of value 0 and ten of value 1; ten men of value 0 and thirty of value 1: twenty women may be alone, within 0.25 at most.
        int[] sex = [.. Enumerable.Repeat(0, 40), .. Enumerable.Repeat(1, 40)];
        int[] value = [.. Enumerable.Repeat(0, 30), .. Enumerable.Repeat(1, 10), .. Enumerable.Repeat(0, 10), .. Enumerable.Repeat(1, 30)];
        var hierarchy = new LeafHierarchy("sex", [["f", "*"], ["m", "*"]]);
        var other = new LeafHierarchy("other", [["a", "*"], ["b", "*"]]);
        var data = new Microdata([hierarchy, other], [sex, new int[80]], null, value);

        var published = TableAnonymiser.Tight(data, new(4, 1, 0.1));

        AssertHolds(data, new(4, 1, 0.1), published);
        Assert.Equal(3, published.Measure(4).Classes);
        Assert.Contains(sex.Zip(published.RegionOf), p => p == (0, published.RegionOf[0]));
        Assert.True(sex.Zip(published.RegionOf).Where(p => p.First == 0).Select(p => p.Second).Distinct().Count() > 1);
    }

    [Fact]
    public void Equal_tables_come_out_equal()
    {
        var data = Skewed(300, ages: 20);

        var (one, other) = (TableAnonymiser.Tight(data, new(5, 2, 0.3)), TableAnonymiser.Tight(data, new(5, 2, 0.3)));

        Assert.Equal(one.RegionOf, other.RegionOf);
        Assert.Equal(one.Regions, other.Regions);
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => TableAnonymiser.Tight(Skewed(300, 20), new(5, 1, 0.3), null, source.Token));
    }

    [Fact]
    public void Any_table_is_within_t_of_what_is_released_or_refused()
    {
        var times = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? Math.Clamp(rounds, 1, 1_000) : 1;
        var seed = Random.Shared.Next(int.MaxValue / 2);
        output.WriteLine($"seed {seed}");
        var (published, binding, suppressed, persons) = (0, 0, 0, 0);
        for (var i = 0; i < Cases * times; i++)
        {
            var (data, model) = AnyCase(new Random(seed + i));
            try
            {
                var table = TableAnonymiser.Tight(data, model);
                AssertHolds(data, model, table);
                published++;
                binding += table.Measure(model.K, model.Ordered) is { T: > 0, Classes: > 1 } ? 1 : 0;
                suppressed += table.RegionOf.Contains(-1) ? 1 : 0;
                persons += data.Persons is not null ? 1 : 0;
            }
            catch (NotReachableException)
            {
                // That is an answer.
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Case {seed + i}: {e.Message}", e);
            }
        }

        output.WriteLine($"published {published}, of several classes {binding}, with suppressed rows {suppressed}, with persons {persons}");
        Assert.True(published > Cases * times / 2 && binding > Cases * times / 4 && suppressed > Cases * times / 300 && persons > Cases * times / 8);
    }

    private static Microdata Skewed(int rows, int ages)
    {
        var age = new LeafHierarchy("age", [.. Enumerable.Range(0, ages).Select(a => (string[])[$"{a}", $"band {a / 5}", "*"])]);
        var sex = new LeafHierarchy("sex", [["f", "*"], ["m", "*"]]);
        int[] men = [.. Enumerable.Range(0, rows).Select(i => i % 2)];
        return new([sex, age], [men, [.. Enumerable.Range(0, rows).Select(i => i / 2 % ages)]], null, [.. men.Select((m, i) => i / 2 % 10 == 3 ? 1 - m : m)]);
    }

    private static (Microdata, PrivacyModel) AnyCase(Random random)
    {
        var rows = 1 + random.Next(random.Next(4) == 0 ? 400 : 80);
        LeafHierarchy[] attributes = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(a => AnyAttribute(random, $"q{a}"))];
        int[][] columns = [.. attributes.Select(a => Enumerable.Range(0, rows).Select(_ => Math.Min(random.Next(a.LeafCount), random.Next(a.LeafCount))).ToArray())];
        var values = 1 + random.Next(8);
        int[] sensitive = [.. Enumerable.Range(0, rows).Select(row => random.Next(3) == 0 ? random.Next(values) : columns[0][row] % values)];
        var persons = random.Next(3) == 0 ? Enumerable.Range(0, rows).Select(_ => random.Next(1 + (rows * 2 / 3))).ToArray() : null;
        var model = new PrivacyModel(2 + random.Next(6), 1 + random.Next(3), random.Next(1, 10) / 10.0, random.Next(3) switch { 0 => 0, 1 => 0.1, _ => random.NextDouble() }, random.Next(3) == 0);
        return (new(attributes, columns, persons, sensitive), model);
    }

    private static LeafHierarchy AnyAttribute(Random random, string name)
    {
        var (leaves, fan) = (2 + random.Next(12), 2 + random.Next(3));
        return new(name, [.. Enumerable.Range(0, leaves).Select(leaf => (string[])[$"{leaf}", $"b{leaf / fan}", $"c{leaf / fan / fan}", LeafHierarchy.Root])]);
    }

    private static void AssertHolds(Microdata data, PrivacyModel model, Published published)
    {
        int[] released = [.. Enumerable.Range(0, data.Rows).Where(row => published.RegionOf[row] >= 0)];
        Assert.True(data.Rows - released.Length <= Math.Floor(model.SuppressionLimit * data.Rows), "suppressed");
        int[] values = [.. released.Select(row => data.Sensitive![row]).Distinct().Order()];
        foreach (var rows in released.GroupBy(row => string.Join(';', data.Attributes.Select((_, a) => published.ValueAt(row, a)))).Select(g => g.ToArray()))
        {
            Assert.True(rows.Select(row => data.Persons?[row] ?? row).Distinct().Count() >= model.K, "k");
            Assert.True(rows.Select(row => data.Sensitive![row]).Distinct().Count() >= model.DistinctL, "l");
            Assert.True(Distance(rows) <= model.T + 1e-9, "t");
            Assert.Contains(data.Attributes.Select((_, a) => published.ValueAt(rows[0], a)), value => value != LeafHierarchy.Root);
            foreach (var row in rows)
            {
                for (var a = 0; a < data.Attributes.Count; a++)
                {
                    var (attribute, label) = (data.Attributes[a], published.Regions[published.RegionOf[row]][a]);
                    Assert.True(Enumerable.Range(0, attribute.Height + 1).Any(level => attribute.LabelsAt(level)[data.Leaves[a][row]] == label), "covered");
                }
            }
        }

        double Distance(int[] rows)
        {
            double[] differences = [.. values.Select(v => ((double)rows.Count(row => data.Sensitive![row] == v) / rows.Length) - ((double)released.Count(row => data.Sensitive![row] == v) / released.Length))];
            return model.Ordered
                ? Enumerable.Range(1, values.Length).Sum(upTo => Math.Abs(differences[..upTo].Sum())) / Math.Max(1, values.Length - 1)
                : differences.Sum(Math.Abs) / 2;
        }
    }
}
