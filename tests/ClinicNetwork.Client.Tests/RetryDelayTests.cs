using CsCheck;

namespace ClinicNetwork.Client.Tests;

public sealed class RetryDelayTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(0, 0.0, 50)]
    [InlineData(0, 1.0, 100)]
    [InlineData(1, 0.0, 100)]
    [InlineData(3, 0.5, 600)]
    [InlineData(10, 0.0, 2500)]
    [InlineData(10_000, 1.0, 5000)]
    public void The_wait_doubles_up_to_the_longest_and_half_of_it_is_certain(int retry, double jitter, double milliseconds) =>
        Assert.Equal(milliseconds, RetryDelay.Of(retry, First, Max, null, jitter).TotalMilliseconds);

    [Fact]
    public void Any_wait_lies_between_half_the_bound_and_the_bound() =>
        Gen.Select(Gen.Int[0, 2000], Gen.Int[1, 10_000], Gen.Int[1, 300_000], Gen.Double[0, 1]).Sample((retry, firstMs, maxMs, jitter) =>
        {
            var wait = RetryDelay.Of(
                retry, TimeSpan.FromMilliseconds(firstMs), TimeSpan.FromMilliseconds(maxMs), null, jitter).TotalMilliseconds;
            var bound = Math.Min(maxMs, firstMs * Math.Pow(2, Math.Min(retry, 30)));
            return wait >= bound / 2 - 0.001 && wait <= bound + 0.001;
        });

    [Fact]
    public void A_constant_wish_of_the_server_leaves_the_doubling_on() => Assert.Equal(
        [225, 250, 300, 600, 1200, 2400, 3750, 3750],
        Enumerable.Range(0, 8).Select(retry => RetryDelay.Of(retry, First, Max, TimeSpan.FromMilliseconds(200), 0.5).TotalMilliseconds));

    [Fact]
    public void A_wish_of_the_server_lengthens_a_wait_by_no_more_than_itself() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 600_000], Gen.Double[0, 1]).Sample((retry, askedMs, jitter) =>
            RetryDelay.Of(retry, First, Max, TimeSpan.FromMilliseconds(askedMs), jitter)
                <= RetryDelay.Of(retry, First, Max, null, jitter) + TimeSpan.FromMilliseconds(askedMs));

    [Fact]
    public void What_the_server_asks_for_is_never_cut_short() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[1, 600_000], Gen.Double[0, 1]).Sample((retry, askedMs, jitter) =>
            RetryDelay.Of(retry, First, Max, TimeSpan.FromMilliseconds(askedMs), jitter) >= TimeSpan.FromMilliseconds(askedMs));
}
