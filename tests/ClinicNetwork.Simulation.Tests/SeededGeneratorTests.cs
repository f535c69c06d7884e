namespace ClinicNetwork.Simulation.Tests;

public class SeededGeneratorTests
{
    /// <summary>The reference values of rand_xoshiro's test of xoshiro256** from state 1, 2, 3, 4 (checked there against the C code).</summary>
    [Fact]
    public void Xoshiro256_gives_the_reference_numbers()
    {
        var random = new SeededGenerator(1, 2, 3, 4);
        ulong[] expected = [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625];
        Assert.Equal(expected, expected.Select(_ => random.Next()));
    }

    /// <summary>SplitMix64 of seed 1234567: the first two numbers of the reference C code (Vigna, prng.di.unimi.it).</summary>
    [Fact]
    public void SplitMix64_gives_the_reference_numbers()
    {
        const ulong gamma = 0x9E3779B97F4A7C15;
        Assert.Equal(6457827717110365317UL, SeededGenerator.Mix(unchecked(1234567 + gamma)));
        Assert.Equal(3203168211198807973UL, SeededGenerator.Mix(unchecked(1234567 + 2 * gamma)));
    }

    [Fact]
    public void Bounds_are_kept_and_reached()
    {
        var random = new SeededGenerator(7);
        var seen = Enumerable.Range(0, 2_000).Select(_ => random.Between(-2, 3)).ToHashSet();
        Assert.Equal([-2, -1, 0, 1, 2, 3], seen.Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Below(0));
    }

    [Fact]
    public void Weights_are_followed()
    {
        var random = new SeededGenerator(8);
        var counts = new int[3];
        for (var i = 0; i < 10_000; i++)
            counts[random.Weighted([1, 0, 3])]++;
        Assert.Equal(0, counts[1]);
        Assert.InRange(counts[0], 2_300, 2_700);
    }

    [Fact]
    public void Normal_has_mean_0_and_deviation_1()
    {
        var random = new SeededGenerator(9);
        var draws = Enumerable.Range(0, 20_000).Select(_ => random.Normal()).ToList();
        Assert.InRange(draws.Average(), -0.03, 0.03);
        Assert.InRange(draws.Average(draw => draw * draw), 0.95, 1.05);
    }
}
