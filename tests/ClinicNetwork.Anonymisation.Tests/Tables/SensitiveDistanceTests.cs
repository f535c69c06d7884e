using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>The example of Li, Li, Venkatasubramanian (ICDE 2007), section 4: salaries of 3,000 to 11,000, each once, and two classes of three of them.</summary>
public sealed class SensitiveDistanceTests
{
    private static readonly int[] Whole = [1, 1, 1, 1, 1, 1, 1, 1, 1];

    [Theory]
    [InlineData(new[] { 1, 1, 1, 0, 0, 0, 0, 0, 0 }, 0.375)] // 3, 4, 5 thousand
    [InlineData(new[] { 0, 0, 0, 1, 0, 1, 0, 0, 1 }, 1.0 / 6)] // 6, 8, 11 thousand: 0.167
    public void Ordered_distances_are_those_of_the_paper(int[] counts, double distance) =>
        Assert.Equal(distance, SensitiveDistance.Of(counts, 3, Whole, 9, ordered: true), 12);

    [Fact]
    public void Equal_distance_is_half_of_the_differences_and_does_not_see_the_order()
    {
        // Three values of 1/3 − 1/9 too much.
        Assert.Equal(2.0 / 3, SensitiveDistance.Of([1, 1, 1, 0, 0, 0, 0, 0, 0], 3, Whole, 9, ordered: false), 12);
        Assert.Equal(2.0 / 3, SensitiveDistance.Of([0, 0, 0, 1, 0, 1, 0, 0, 1], 3, Whole, 9, ordered: false), 12);
    }

    [Fact]
    public void A_value_that_the_table_has_not_is_no_rank()
    {
        // Three ranks: up to the first 1 − 1/3 too much, up to the second 1 − 2/3, over two steps.
        Assert.Equal(0.5, SensitiveDistance.Of([3, 0, 0, 0, 0], 3, [1, 1, 0, 0, 1], 3, ordered: true), 12);
        Assert.Equal(0, SensitiveDistance.Of([3], 3, [5], 5, ordered: true));
    }

    [Fact]
    public void A_published_table_is_measured_against_what_it_releases()
    {
        var sex = new LeafHierarchy("sex", [["f", "*"], ["m", "*"]]);
        var data = new Microdata([sex], [[0, 0, 1, 1, 1]], null, [10, 20, 20, 40, 80]);
        int[] f = [sex.LabelsAt(0)[0]], m = [sex.LabelsAt(0)[1]];

        // The last row is suppressed: 10, 20, 20, 40 remain; f has 10 and 20, m 20 and 40.
        var published = new Published(data, [f, m], [0, 0, 1, 1, -1]);

        Assert.Equal(0.25, published.Measure(2).T!.Value, 12); // 1/2 − 1/4 of one value
        Assert.Equal(0.25, published.Measure(2, ordered: true).T!.Value, 12); // (1/4 + 1/4)/2
    }
}
