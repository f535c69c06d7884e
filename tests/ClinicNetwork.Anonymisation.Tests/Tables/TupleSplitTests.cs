using ClinicNetwork.Anonymisation.Tables;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>Rows are in one tuple each, before and after splits. CsCheck prints the seed of a failure.</summary>
public sealed class TupleSplitTests
{
    [Fact]
    public void Splits_move_rows_and_lose_none_and_a_copy_does_not_know_of_them() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        var data = SkewedTables.Make(random, SkewedTables.AnyAttributes(random), random.Next(1, 120), false, false);
        var tuples = new TupleTable(data);
        AssertWhole(tuples);
        Assert.Equal(Enumerable.Range(0, data.Rows).Select(row => LeavesOf(data, row)).Distinct().Count(), tuples.Count);
        var (before, other) = (Text(tuples), tuples.Copy());
        for (var split = 0; split < 60; split++)
        {
            var tuple = random.Next(tuples.Count);
            var size = tuples.Sizes[tuple];
            if (size > 1)
            {
                var (rows, count) = (random.Next(1, size), tuples.Count);
                Assert.Equal(count, tuples.Split(tuple, rows));
                Assert.Equal((count + 1, rows, size - rows), (tuples.Count, tuples.Sizes[count], tuples.Sizes[tuple]));
                AssertWhole(tuples);
            }

            // Also of one that has room already.
            (before, other) = split == 30 ? (Text(tuples), tuples.Copy()) : (before, other);
        }

        Assert.Equal(before, Text(other));
    }, iter: 300, threads: 2);

    private static void AssertWhole(TupleTable tuples)
    {
        var seen = new bool[tuples.Data.Rows];
        for (var tuple = 0; tuple < tuples.Count; tuple++)
        {
            Assert.Equal(tuples.Sizes[tuple], tuples.RowsOf(tuple).Length);
            foreach (var row in tuples.RowsOf(tuple))
            {
                Assert.False(seen[row], "a row is in two tuples");
                seen[row] = true;
                Assert.All(tuples.Leaves, (leaves, a) => Assert.Equal(tuples.Data.Leaves[a][row], leaves[tuple]));
            }
        }

        Assert.DoesNotContain(false, seen);
    }

    private static string LeavesOf(Microdata data, int row) => string.Join(',', data.Leaves.Select(column => column[row]));

    private static string Text(TupleTable tuples) => string.Join('\n', Enumerable.Range(0, tuples.Count).Select(t => $"{t}: {string.Join(',', tuples.RowsOf(t).ToArray())}"));
}
