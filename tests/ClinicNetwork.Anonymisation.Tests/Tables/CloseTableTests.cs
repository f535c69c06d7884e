using ClinicNetwork.Anonymisation.Tables;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>What the end of a run would hide: each move and each trim by itself leaves classes that are ones. CsCheck prints the seed of a failure.</summary>
public sealed class CloseTableTests
{
    [Fact]
    public void A_row_leaves_a_class_only_where_it_stays_one()
    {
        // Half of the table has value 0, half 1; the class is two of each, of four persons.
        var sex = new LeafHierarchy("sex", [["F", "*"], ["M", "*"]]);
        Microdata data = new([sex], [[0, 0, 0, 0, 1, 1, 1, 1]], null, [0, 0, 1, 1, 0, 0, 1, 1]);

        Assert.True(MayLeave(new(3, 2, 0.2)));
        Assert.False(MayLeave(new(3, 2, 0.1)));
        Assert.False(MayLeave(new(4, 1, 0.2)));
        Assert.False(MayLeave(new(3, 2, 0.2), [0, 1, 1, 2, 3, 4, 5, 6]));
        Assert.False(MayLeave(new(2, 2, 0.9), rows: [0, 2, 3]));
        Assert.True(MayLeave(new(2, 1, 0.9), rows: [0, 2, 3]));

        bool MayLeave(PrivacyModel model, int[]? persons = null, List<int>? rows = null)
        {
            var of = new Microdata(data.Attributes, data.Leaves, persons, data.Sensitive);
            var table = new CloseTable(new(new(of)), model);
            table.Add([0], rows ?? [0, 1, 2, 3]);
            return new CloseRoom(table, model.T).MayLeave(table.Classes[0], 0);
        }
    }

    [Fact]
    public void What_is_trimmed_is_within_t_and_still_of_k_persons_and_l_values_or_gone()
    {
        var (trimmed, gone) = (0, 0);
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var data = SkewedTables.Make(random, SkewedTables.AnyAttributes(random), random.Next(20, 120), random.Next(2) == 0, true);
            var model = new PrivacyModel(random.Next(2, 5), random.Next(1, 4), random.Next(1, 5) / 10.0, 1, random.Next(2) == 0);
            var (table, root) = (new CloseTable(new(new(data)), model), data.Attributes.Select(a => a.Height).ToArray());
            foreach (var rows in Enumerable.Range(0, data.Rows).GroupBy(row => data.Leaves[0][row]).Select(g => g.ToList()))
            {
                if (table.HasPersons(rows) && table.IsDiverse(table.CountsOf(rows)))
                {
                    table.Add(root, rows);
                }
            }

            var sizes = table.Classes.Select(c => c.Rows.Count).ToArray();
            CloseLeftovers.Trim(table, CancellationToken.None);

            for (var i = 0; i < sizes.Length; i++)
            {
                var one = table.Classes[i];
                Assert.True(one.Rows.Count == 0 || (table.HasPersons(one.Rows) && table.IsDiverse(one.Counts)));
                Assert.Equal(table.CountsOf(one.Rows), one.Counts);
                Interlocked.Add(ref trimmed, one.Rows.Count > 0 && one.Rows.Count < sizes[i] ? 1 : 0);
                Interlocked.Add(ref gone, one.Rows.Count == 0 ? 1 : 0);
            }

            Assert.True(!(table.Publish().Measure(model.K, model.Ordered).T > model.T));
        }, iter: 400, threads: 2);
        Assert.True(trimmed > 40 && gone > 40, $"{trimmed} trimmed, {gone} gone");
    }

    [Fact]
    public void A_class_that_publishes_nothing_is_not_published()
    {
        var sex = new LeafHierarchy("sex", [["F", "*"], ["M", "*"]]);
        Microdata data = new([sex], [[0, 0, 0, 1, 1]], null, [0, 1, 0, 1, 0]);
        var table = new CloseTable(new(new(data)), new(2, 1, 0.9));
        table.Add([0], [0, 1]);
        table.Add([1], [2, 3, 4]);

        Assert.Equal([0, 0, -1, -1, -1], table.Publish().RegionOf);
    }
}
