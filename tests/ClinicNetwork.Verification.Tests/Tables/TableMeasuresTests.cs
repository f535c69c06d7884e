using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.Tables;

/// <summary>Measures worked out by hand on the table of <see cref="TableCase"/>: classes of 3, 2 and 3 rows, one row suppressed.</summary>
public sealed class TableMeasuresTests
{
    private const double Exact = 1e-12;

    private static VerifiedMeasures Of(TableCase table)
    {
        var verdict = table.Verify();
        Assert.True(verdict.Clean, table.Found());
        return verdict.Measures!;
    }

    [Fact]
    public void Counts_and_risks()
    {
        var measures = Of(new());
        Assert.Equal((9, 9, 3, 2, 1, 1, 0), (measures.N, measures.Persons, measures.Classes, measures.MinClass, measures.Suppressed, measures.Batches, measures.Withheld));
        // The smallest class has 2 rows; 3 classes of 9 − 1 rows.
        Assert.Equal(1.0 / 2, measures.RiskMax, Exact);
        Assert.Equal(3.0 / 8, measures.RiskAvg, Exact);
        // 3² + 2² + 3² + 9 · 1; (8/3)/2.
        Assert.Equal(31, measures.Dm, Exact);
        Assert.Equal(8.0 / 3 / 2, measures.CAvg, Exact);
    }

    [Fact]
    public void Losses()
    {
        var measures = Of(new());
        // Ages of 4 leaves: 2x and 3x cover 2, (2 − 1)/(4 − 1), in 3 rows each; sexes of 2: * in 3 rows, 1; the suppressed row 2. Over 9 · 2 cells.
        Assert.Equal(((3.0 / 3) + (3.0 / 3) + 3 + 2) / 18, measures.Ncp!.Value, Exact);
        // 2x and 3x are level 1 of 2, * of the sexes 1 of 1.
        Assert.Equal(((3.0 / 2) + (3.0 / 2) + 3 + 2) / 18, measures.Gi!.Value, Exact);
    }

    [Fact]
    public void Diversity_and_the_equal_distance()
    {
        var measures = Of(new());
        // Classes: {1, 2, 1}, {1, 3}, {2, 3, 3}.
        Assert.Equal(2, measures.LDistinct);
        // exp(−⅔ ln ⅔ − ⅓ ln ⅓) = 3 / 2^⅔ = 1.8899, less than the second class's 2.
        Assert.Equal(3 / Math.Pow(2, 2.0 / 3), measures.LEntropy!.Value, Exact);
        // Released: 3/8, 2/8, 3/8. First class: (2/3 − 3/8) + (1/3 − 2/8) = 9/24; the second 1/8 + 1/8; the third as the first.
        Assert.Equal(9.0 / 24, measures.T!.Value, Exact);
    }

    [Fact]
    public void The_ordered_distance()
    {
        // Cumulated: 3/8, 5/8, 1. First class 2/3, 1, 1: (7/24 + 9/24)/2 = 1/3. Second 1/2, 1/2, 1: (1/8 + 1/8)/2. Third 0, 1/3, 1: (9/24 + 7/24)/2.
        Assert.Equal(1.0 / 3, Of(new() { Promise = new(2, 2, 1.0 / 3, OrderedT: true) }).T!.Value, Exact);
    }

    [Fact]
    public void Equal_numbers_are_one_value_of_the_ordered_distance()
    {
        var table = new TableCase { Promise = new(2, 2, 1, OrderedT: true) };
        (table.Original[1], table.Output[1]) = ("a;20;m;1.0", "2x;m;1.0");
        Assert.Equal(1.0 / 3, Of(table).T!.Value, Exact);
    }

    [Fact]
    public void Distances_compare_with_the_released_rows_of_the_same_batch()
    {
        var table = new TableCase { Promise = new(2, 2, 0.5) };
        // A second batch of one class is as its table is.
        table.More.Add((["who;age;sex;score", "j;20;m;7", "k;20;m;8"], ["age;sex;score", "20;m;7", "20;m;8"]));
        var measures = Of(table);
        Assert.Equal((2, 4, 11), (measures.Batches, measures.Classes, measures.N));
        Assert.Equal(9.0 / 24, measures.T!.Value, Exact);
    }

    [Fact]
    public void Persons_are_counted_and_rows_measured()
    {
        var table = new TableCase { Person = "who" };
        (table.Original[3], table.Original[8]) = ("a;21;m;1", "g;31;f;3");
        var measures = Of(table);
        // Of the first class's 3 rows two are a's, of the third's two g's.
        Assert.Equal((7, 2, 0.5, 31.0), (measures.Persons, measures.MinClass, measures.RiskMax, measures.Dm));
    }

    [Fact]
    public void Without_hierarchies_or_a_sensitive_column_there_is_no_loss_and_no_distance()
    {
        var verdict = new TableCase { WithHierarchies = false, WithOriginal = false, Sensitive = null, Promise = new(2) }.Verify();
        Assert.True(verdict.Clean);
        Assert.Equal((null, null, null, null, null), (verdict.Measures!.Ncp, verdict.Measures.Gi, verdict.Measures.LDistinct, verdict.Measures.LEntropy, verdict.Measures.T));
        Assert.Equal(4, verdict.NotChecked.Count);
    }

    [Fact]
    public void A_table_that_is_suppressed_as_a_whole_has_no_class()
    {
        var table = new TableCase { Promise = new(2, 2) };
        for (var row = 1; row < table.Output.Count; row++)
        {
            table.Output[row] = $"*;*;{table.Output[row][^1]}";
        }

        var measures = Of(table);
        Assert.Equal((0, 0, 9, 81.0, 0.0, 0.0, 0.0), (measures.Classes, measures.MinClass, measures.Suppressed, measures.Dm, measures.CAvg, measures.RiskMax, measures.RiskAvg));
        Assert.Equal((1.0, 1.0, null, null), (measures.Ncp, measures.Gi, measures.LDistinct, measures.T));
    }

    [Fact]
    public void Nine_quasi_identifiers_of_many_values_keep_classes_apart()
    {
        // 256^9 tuples exceed 64 bits: in a key of these alone the first column would be lost.
        var header = string.Join(';', Enumerable.Range(0, 9).Select(column => $"q{column}"));
        string Line(int first, int others) => string.Join(';', Enumerable.Repeat(others, 8).Prepend(first));
        string[] lines = [.. Enumerable.Range(0, 256).Select(value => Line(value, value)), .. Enumerable.Range(1, 255).Select(value => Line(value, 0))];
        var table = TableCase.Table([header, .. lines, .. lines]);
        var measures = TableVerifier.Verify(new([table], header.Split(';')), new(2)).Measures!;
        Assert.Equal((511, 2), (measures.Classes, measures.MinClass));
    }
}
