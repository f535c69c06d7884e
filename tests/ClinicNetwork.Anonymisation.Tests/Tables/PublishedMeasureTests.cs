using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>The measures of a table small enough to be worked by hand: 8 rows, 2 attributes.</summary>
public sealed class PublishedMeasureTests
{
    private static readonly LeafHierarchy Age = new("age", [["20", "2x", "*"], ["25", "2x", "*"], ["30", "3x", "*"], ["35", "3x", "*"], ["38", "3x", "*"]]);
    private static readonly LeafHierarchy Sex = new("sex", [["F", "*"], ["M", "*"]]);

    /// <summary>Rows 0 to 2: (2x, F). Rows 3 to 6: (3x, *). Row 7: suppressed. Rows 0 and 1 are one person's.</summary>
    private static readonly Published Table = new(
        new([Age, Sex], [[0, 1, 0, 2, 3, 4, 4, 0], [0, 0, 0, 0, 1, 1, 0, 1]], [5, 5, 6, 7, 8, 9, 10, 11], [0, 0, 1, 0, 1, 1, 2, 2]),
        [[Label(Age, "2x"), Label(Sex, "F")], [Label(Age, "3x"), Label(Sex, "*")]],
        [0, 0, 0, 1, 1, 1, 1, -1]);

    [Fact]
    public void Each_is_what_its_formula_says()
    {
        var measures = Table.Measure(2);

        Assert.Equal((8, 7, 2, 1), (measures.Rows, measures.Persons, measures.Classes, measures.Suppressed));
        Assert.Equal(2, measures.MinClass); // persons 5 and 6
        // Losses: 2x (2 − 1)/(5 − 1) = 1/4, F 0, 3x (3 − 1)/(5 − 1) = 1/2, * 1, suppressed 1.
        Assert.Equal(((3 * ((1 / 4.0) + 0)) + (4 * ((1 / 2.0) + 1)) + 2) / 16, measures.Ncp, 15);
        // Levels of maximum: 2x and 3x 1/2, F 0, * 1.
        Assert.Equal(((3 * 0.5) + (4 * 1.5) + 2) / 16, measures.GeneralisationIntensity, 15);
        Assert.Equal(9 + 16 + (8 * 1), measures.Discernibility);
        Assert.Equal(7 / 2.0 / 2, measures.AverageClass);
        Assert.Equal(1 / 3.0, measures.RiskMax);
        Assert.Equal(2 / 7.0, measures.RiskAverage);
        Assert.Equal(2, measures.DistinctL); // (0, 0, 1)
        // The released have 3, 3 and 1 of 7; the first class 2/3, 1/3, 0: 2/3 − 3/7 = 5/21. The second 1/4, 2/4, 1/4: 1/2 − 3/7 + 1/4 − 1/7 = 5/28.
        Assert.Equal(5 / 21.0, measures.T!.Value, 15);
    }

    [Fact]
    public void Cells_are_labels_and_a_suppressed_row_is_the_root() => Assert.Equal(["2x;F", "3x;*", "*;*"], new[] { 2, 6, 7 }.Select(row => $"{Table.ValueAt(row, 0)};{Table.ValueAt(row, 1)}"));

    [Fact]
    public void Nothing_has_no_measure_that_divides()
    {
        var none = new Published(new([Sex], [[]]), [], []).Measure(11);

        Assert.Equal(new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, null), none);
    }

    private static int Label(LeafHierarchy of, string label) => of.Labels.IndexOf(label);
}
