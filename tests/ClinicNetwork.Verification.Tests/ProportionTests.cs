using CsCheck;

namespace ClinicNetwork.Verification.Tests;

public sealed class ProportionTests
{
    /// <summary>
    /// Golden values: Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3 (Wilson score without continuity correction).
    /// </summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Bounds_are_those_of_the_literature(int count, int of, double lower, double upper)
    {
        var proportion = new Proportion(count, of);
        Assert.Equal(lower, proportion.Lower, 4);
        Assert.Equal(upper, proportion.Upper, 4);
    }

    [Fact]
    public void Bounds_enclose_the_estimate_within_0_and_1() =>
        Gen.Int[1, 1_000_000].SelectMany(of => Gen.Int[0, of], (of, count) => new Proportion(count, of)).Sample(proportion =>
        {
            Assert.InRange(proportion.Lower, 0, proportion.Estimate);
            Assert.InRange(proportion.Upper, proportion.Estimate, 1);
        });

    [Fact]
    public void Bounds_mirror_when_the_event_is_its_opposite() =>
        Gen.Int[1, 10_000].SelectMany(of => Gen.Int[0, of], (of, count) => (of, count)).Sample((of, count) =>
            Assert.Equal(new Proportion(count, of).Lower, 1 - new Proportion(of - count, of).Upper, 12));

    [Fact]
    public void Nothing_observed_tells_nothing()
    {
        var proportion = new Proportion(0, 0);
        Assert.Equal((0, 1), (proportion.Lower, proportion.Upper));
        Assert.True(double.IsNaN(proportion.Estimate));
    }
}
