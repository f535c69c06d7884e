using ClinicNetwork.Grains.Rates;

namespace ClinicNetwork.Grains.Tests.Rates;

public sealed class RateBucketTests
{
    private static readonly RateLimit Limit = new(PerSecond: 1_000, Burst: 5_000);

    /// <summary>However the questions fall, however much is asked, and when a clock stands or goes back.</summary>
    [Fact]
    public void Over_any_time_no_more_than_the_burst_and_the_rate_is_given_and_not_much_less()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var limit = new RateLimit(random.Next(1, 3_000), random.Next(1, 6_000));
            var (now, given, bucket) = (TimeSpan.Zero, 0L, RateBucket.Full(limit, TimeSpan.Zero));
            for (var i = 0; i < 5_000; i++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(-1, 4));
                (var lease, bucket) = bucket.Lease(random.Next(0, 3 * limit.Lot), limit, now);
                Assert.True(lease.Permits == 0 ? lease.Wait > TimeSpan.Zero : lease.Wait == TimeSpan.Zero);
                given += lease.Permits;
            }

            var most = limit.Burst + (now.TotalSeconds + 0.002) * limit.PerSecond;
            Assert.True(given <= most, $"seed {seed}: {given} of {most}");
            // What is asked for is about twice the rate at least, but for leases of less than a lot.
            Assert.True(given >= Math.Min(limit.Burst, 2_000) / 2, $"seed {seed}: {given} of {most}");
        }
    }

    [Fact]
    public void An_empty_bucket_says_when_there_is_a_lot_again_and_keeps_its_word()
    {
        var (lease, left) = RateBucket.Full(Limit, TimeSpan.Zero).Lease(Limit.Burst, Limit, TimeSpan.Zero);
        Assert.Equal(Limit.Burst, lease.Permits);
        (lease, left) = left.Lease(Limit.Lot, Limit, TimeSpan.FromMilliseconds(10));
        Assert.Equal((0, 40), (lease.Permits, (int)lease.Wait.TotalMilliseconds));
        (lease, _) = left.Lease(Limit.Lot, Limit, TimeSpan.FromMilliseconds(50));
        Assert.Equal(Limit.Lot, lease.Permits);
    }

    [Fact]
    public void A_rest_saves_up_no_more_than_the_burst()
    {
        var (_, empty) = RateBucket.Full(Limit, TimeSpan.Zero).Lease(Limit.Burst, Limit, TimeSpan.Zero);
        Assert.Equal(Limit.Burst, empty.Lease(int.MaxValue, Limit, TimeSpan.FromDays(1)).Lease.Permits);
    }

    [Fact]
    public void The_smallest_limit_gives_one_a_second()
    {
        var one = new RateLimit(1, 1);
        var (lease, left) = RateBucket.Full(one, TimeSpan.Zero).Lease(one.Lot, one, TimeSpan.Zero);
        Assert.Equal((1, 1), (lease.Permits, one.Lot));
        Assert.Equal(0, left.Lease(1, one, TimeSpan.FromMilliseconds(999)).Lease.Permits);
        Assert.Equal(1, left.Lease(1, one, TimeSpan.FromSeconds(1)).Lease.Permits);
        Assert.Equal(one, one.Alone);
    }
}
