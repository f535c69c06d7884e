using System.Runtime.InteropServices;
using ClinicNetwork.Anonymisation.Tables;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>Groups that are too small take rows of classes that can give them. CsCheck prints the seed of a failure.</summary>
public sealed class BorrowedRowsTests
{
    private static readonly LeafHierarchy Age = new("age", [["20", "2x", "*"], ["25", "2x", "*"], ["30", "3x", "*"], ["35", "3x", "*"]]);
    private static readonly LeafHierarchy Sex = new("sex", [["F", "*"], ["M", "*"]]);

    [Theory]
    [InlineData(5, 0, 3, 3, 3)]
    [InlineData(4, 2, 3, 3)]
    [InlineData(3, 2, 0, 5)]
    public void Groups_borrow_one_after_the_other_while_the_class_has_k_and_a_small_class_joins_them(int large, int left, params int[] rows)
    {
        int[] age = [.. Enumerable.Repeat(0, large), 1, 1, 2, 2];
        var tuples = new TupleTable(new([Age, Sex], [age, new int[large + 4]]));
        var classes = new Classes(tuples);
        classes.Add([0, 0], [0]);

        Sweep.Run(classes, new(tuples, new(3)), 3, [([1, 0], 1 / 6.0), ([2, 0], 0.5)], [0, 1, 1], true, null, CancellationToken.None);

        Assert.Equal(rows, classes.All.Select(c => c.Rows));
        Assert.Equal(left, classes.OpenRows);
        AssertWhole(classes, 3, new(tuples, new(3)));
    }

    [Fact]
    public void Classes_stay_classes_and_rows_stay_in_one_whoever_borrows_and_another_try_does_not_know_of_it()
    {
        var borrowed = 0;
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var data = SkewedTables.Make(random, SkewedTables.AnyAttributes(random), random.Next(10, 200), random.Next(3) == 0, true);
            var model = new PrivacyModel(random.Next(2, 7), random.Next(1, 4));
            var tuples = new TupleTable(data);
            var (first, rule, vectors) = (new Classes(tuples), new ClassRule(tuples, model), VectorOrder.All(tuples));
            Sweep.Run(first, rule, model.K, vectors, null, false, null, CancellationToken.None);
            var before = Text(first);
            var second = first.UpTo(first.Ncp());
            Sweep.Run(second, new(second.Tuples, model), model.K, vectors, first.Losses(), true, null, CancellationToken.None);

            Assert.Equal(before, Text(first));
            AssertWhole(first, model.K, rule);
            AssertWhole(second, model.K, new(second.Tuples, model));
            Interlocked.Add(ref borrowed, second.Tuples.Count > tuples.Count ? 1 : 0);
        }, iter: 500, threads: 2);
        Assert.True(borrowed > 100, $"{borrowed} of 500 tables borrowed");
    }

    [Fact]
    public void The_best_of_the_sweeps_counts() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        var tuples = new TupleTable(SkewedTables.Make(random, SkewedTables.AnyAttributes(random), random.Next(10, 200), false, true));
        var model = new PrivacyModel(random.Next(2, 7), random.Next(1, 4));
        var vectors = VectorOrder.All(tuples);
        var first = Swept(new(tuples.Copy()), null);
        var second = Swept(new(tuples.Copy()), first.Losses());

        var placed = Placement.Of(tuples, table => new(table, model), model.K, 0, null, CancellationToken.None);
        Assert.All([first, second], one => Assert.True((placed.OpenRows > 0, placed.Ncp()).CompareTo((one.OpenRows > 0, one.Ncp() + 1e-12)) <= 0, $"{placed.Ncp()} of {one.Ncp()}"));

        Classes Swept(Classes classes, double[]? expected)
        {
            Sweep.Run(classes, new(classes.Tuples, model), model.K, vectors, expected, false, null, CancellationToken.None);
            Leftovers.Place(classes, new(classes.Tuples, model), 0, CancellationToken.None);
            return classes;
        }
    }, iter: 300, threads: 2);

    private static void AssertWhole(Classes classes, int k, ClassRule rule)
    {
        var tuples = classes.Tuples;
        Assert.Equal(tuples.Count, classes.OfTuple.Count);
        Assert.Equal(Enumerable.Range(0, tuples.Data.Rows), Enumerable.Range(0, tuples.Count).SelectMany(t => tuples.RowsOf(t).ToArray()).Order());
        Assert.Equal(classes.OfTuple.Count(c => c >= 0), classes.All.Sum(c => c.Tuples.Count));
        for (var number = 0; number < classes.All.Count; number++)
        {
            var one = classes.All[number];
            Assert.All(one.Tuples, t => Assert.Equal(number, classes.OfTuple[t]));
            Assert.Equal(one.Tuples.Sum(t => tuples.Sizes[t]), one.Rows);
            Assert.True(one.Rows == 0 || (one.Rows >= k && rule.Holds(CollectionsMarshal.AsSpan(one.Tuples), one.Rows)), $"class {number} of {one.Rows} rows is none");
            Assert.All(one.Levels, (level, a) => Assert.InRange(one.Tuples.Select(t => tuples.Data.Attributes[a].LabelsAt(level)[tuples.Leaves[a][t]]).Distinct().Count(), 0, 1));
        }
    }

    private static string Text(Classes classes) =>
        string.Join('\n', classes.All.Select(c => $"{c.Rows}: {string.Join(' ', c.Levels)}: {string.Join(' ', c.Tuples.Select(t => string.Join(',', classes.Tuples.RowsOf(t).ToArray())))}"));
}
