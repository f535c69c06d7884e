using ClinicNetwork.Benchmarks.Figures;

namespace ClinicNetwork.Benchmarks.Tests;

public class StatisticsTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.991, 100)]
    [InlineData(0.001, 1)]
    [InlineData(1, 100)]
    public void A_percentile_is_the_nearest_rank(double share, float expected) =>
        Assert.Equal(expected, Statistics.Percentile([.. Enumerable.Range(1, 100).Select(i => (float)i)], share));

    [Fact]
    public void A_percentile_of_nothing_is_no_number() => Assert.True(double.IsNaN(Statistics.Percentile([], 0.5)));

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    public void A_share_outside_0_to_1_is_a_bug(double share) => Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Percentile([1f], share));

    [Theory]
    [InlineData(new[] { 3.0, 1, 2 }, 2)]
    [InlineData(new[] { 4.0, 1, 2, 3 }, 2.5)]
    [InlineData(new[] { double.NaN, 7 }, 7)]
    [InlineData(new double[0], double.NaN)]
    public void A_median_is_the_middle(double[] values, double expected) => Assert.Equal(expected, Statistics.Median(values));

    [Fact]
    public void A_sample_sorts_counts_and_divides()
    {
        var sample = Sample.Of([3, 1, 2, 10], TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(8), 5);

        Assert.Equal(new Sample(2, 2, 10, 2000, 5), sample);
    }

    [Fact]
    public void The_median_of_rounds_is_taken_of_each_figure_and_failures_are_added()
    {
        var median = Sample.Median([new(100, 1, 9, 30, 1), new(300, 2, 7, 10, 0), new(200, 3, 8, double.NaN, 2)]);

        Assert.Equal(new Sample(200, 2, 8, 20, 3), median);
    }
}
