using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Benchmarks.Tables;

namespace ClinicNetwork.Benchmarks.Tests.Tables;

public class GeneratedTablesTests
{
    private const int Rows = 5_000;

    [Fact]
    public void Equal_seeds_give_equal_tables_of_the_size_asked_for()
    {
        foreach (var shape in Enum.GetValues<Shape>())
        {
            var drawn = GeneratedTables.Draw(shape, Rows, 15, seed: 3);

            Assert.Equal((Rows, 15), (drawn.Rows, drawn.Attributes.Count));
            Assert.Equal(drawn.Leaves, GeneratedTables.Draw(shape, Rows, 15, seed: 3).Leaves);
            Assert.NotEqual(drawn.Leaves, GeneratedTables.Draw(shape, Rows, 15, seed: 4).Leaves);
        }
    }

    [Fact]
    public void In_a_uniform_table_every_leaf_is_as_frequent_as_the_next()
    {
        var counts = Counts(GeneratedTables.Draw(Shape.Uniform, 60_000, 2, seed: 1), 1);

        Assert.All(counts, count => Assert.InRange(count, 850, 1_150));
    }

    /// <summary>Zipf of exponent 1.2: leaf 1 is 2^1.2 = 2.3 times as frequent as leaf 2.</summary>
    [Fact]
    public void In_a_skewed_table_leaves_are_Zipf()
    {
        var counts = Counts(GeneratedTables.Draw(Shape.Skewed, 60_000, 2, seed: 1), 1);

        Assert.InRange(counts[0] / counts[1], 2.1, 2.5);
        Assert.InRange(counts[0] / counts[9], 13, 19);
    }

    [Fact]
    public void In_a_sparse_table_nearly_every_row_is_alone()
    {
        Assert.InRange(Distinct(GeneratedTables.Draw(Shape.Sparse, Rows, 5, seed: 1)), 0.95 * Rows, Rows);
        Assert.InRange(Distinct(GeneratedTables.Draw(Shape.Skewed, Rows, 5, seed: 1)), 0, 0.75 * Rows);
    }

    /// <summary>Cramér's V² of two attributes, which of independent ones is near (leaves − 1)² / rows / (leaves − 1).</summary>
    [Fact]
    public void Attributes_depend_on_each_other_in_a_correlated_table_alone()
    {
        Assert.InRange(Association(GeneratedTables.Draw(Shape.Correlated, Rows, 5, seed: 1), 2, 3), 0.05, 1);
        Assert.InRange(Association(GeneratedTables.Draw(Shape.Skewed, Rows, 5, seed: 1), 2, 3), 0, 0.02);
    }

    [Fact]
    public void Visits_of_a_cohort_are_several_rows_of_one_person_with_one_sex_and_age()
    {
        var drawn = CohortTable.Draw(2_000, seed: 1, visits: true);
        var visits = Enumerable.Range(0, drawn.Rows).GroupBy(row => drawn.Persons![row]).ToList();

        Assert.InRange(visits.Average(v => v.Count()), 4, 8);
        Assert.All(visits, v => Assert.Single(v.Select(row => (drawn.Leaves[0][row], drawn.Leaves[1][row], drawn.Leaves[2][row])).Distinct()));
        Assert.Equal(drawn.Leaves, CohortTable.Draw(2_000, seed: 1, visits: true).Leaves);
        Assert.Null(CohortTable.Draw(100, seed: 1, visits: false).Persons);
    }

    private static double[] Counts(Microdata data, int attribute) =>
        [.. Enumerable.Range(0, data.Attributes[attribute].LeafCount).Select(leaf => (double)data.Leaves[attribute].Count(l => l == leaf))];

    private static int Distinct(Microdata data) => Enumerable.Range(0, data.Rows).Select(row => string.Join(',', data.Leaves.Select(column => column[row]))).Distinct().Count();

    private static double Association(Microdata data, int one, int other)
    {
        var (of, with) = (Counts(data, one), Counts(data, other));
        var pairs = data.Leaves[one].Zip(data.Leaves[other]).CountBy(pair => pair).ToDictionary();
        var chi = 0.0;
        for (var i = 0; i < of.Length; i++)
        {
            for (var j = 0; j < with.Length; j++)
            {
                var expected = of[i] * with[j] / data.Rows;
                chi += expected == 0 ? 0 : Math.Pow(pairs.GetValueOrDefault((i, j)) - expected, 2) / expected;
            }
        }

        return chi / data.Rows / (Math.Min(of.Length, with.Length) - 1);
    }
}
