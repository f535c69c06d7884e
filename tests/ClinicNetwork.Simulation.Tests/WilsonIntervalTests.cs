namespace ClinicNetwork.Simulation.Tests;

public class WilsonIntervalTests
{
    /// <summary>Newcombe 1998 (Stat Med 17:857), table I, method 3: 81 of 263 and 0 of 20.</summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void It_gives_the_values_of_Newcombe(int count, int of, double low, double high)
    {
        var interval = WilsonInterval.Of95(count, of);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void Impossible_counts_are_refused(int count, int of) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of95(count, of));
}
