using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Gateway.Sync;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Grains;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.Gateway.Tests.Sync;

/// <summary>How often a watcher looks into the feed while nothing comes of it.</summary>
public sealed class FeedLooksTests
{
    [Fact]
    public async Task While_entries_are_held_the_looks_get_rarer_up_to_a_second_and_frequent_again_after_progress()
    {
        var feed = new Feed(look => new([], new(look < 10 ? 1 : 2, 0), Exhausted: true, Held: true));
        var waits = await feed.WatchAsync(looks: 18, wakeUp: null);
        int[] rarer = [25, 50, 100, 200, 400, 800, 1000];
        Assert.Equal([.. rarer, 1000, 1000, 1000, .. rarer, 1000], waits);
    }

    [Fact]
    public async Task A_watcher_without_held_entries_looks_once_a_second() =>
        Assert.Equal([1000, 1000, 1000], await new Feed(_ => new([], new(1, 0), Exhausted: true)).WatchAsync(looks: 3, wakeUp: null));

    /// <summary>Somebody commits during every look.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task However_often_it_is_woken_two_looks_are_twenty_milliseconds_apart(bool held)
    {
        var waits = await new Feed(_ => new([], new(1, 0), Exhausted: true, held)).WatchAsync(looks: 100, new FeedWakeUp());
        Assert.Equal(Enumerable.Repeat(20, 100), waits);
    }

    [Fact]
    public async Task Pages_of_a_long_feed_are_read_without_a_wait() =>
        Assert.Empty(await new Feed(look => new([], new(look, 0), Exhausted: false)).WatchAsync(looks: 50, new FeedWakeUp()));

    /// <param name="page">By the number of the look, from 0 on.</param>
    private sealed class Feed(Func<int, FeedPage> page) : IProjections, IStoreClock, IKeyring
    {
        private int _looks;
        private int _looksMax;
        private FeedWakeUp? _wakeUp;

        public bool IsManual => true;

        public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

        /// <summary>The waits after this many looks, milliseconds.</summary>
        public async Task<IReadOnlyList<int>> WatchAsync(int looks, FeedWakeUp? wakeUp)
        {
            (_looksMax, _wakeUp) = (looks, wakeUp);
            var time = new JumpingTime();
            using var life = new HostLife();
            var service = new PlanFeedGatewayService(this, this, this, wakeUp ?? new(), new SignedTokens(new byte[32], "i"), life, time);
            await Assert.ThrowsAsync<EnoughException>(
                () => service.WatchPlans(new() { Site = "clinics/harbour" }, new Answers<WatchPlansResponse>(), new OneCall()).WaitAsync(TimeSpan.FromSeconds(30)));
            return [.. time.Waits.Select(wait => (int)wait.TotalMilliseconds)];
        }

        public Task<FeedPage> ReadFeedAsync(string site, FeedPosition after, int limit, CancellationToken cancellationToken)
        {
            if (_looks == _looksMax)
            {
                throw new EnoughException();
            }

            _wakeUp?.Signal();
            return Task.FromResult(page(_looks++));
        }

        public KeyLoss? LossOf(string name) => null;

        public Task<bool> ListDestroyedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Erasure?> FindErasureAsync(string stream, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ReadClinicsAsync(string afterClinic, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<RosterRow>> ReadRosterAsync(string site, string afterStream, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<FollowUpRow>> ReadWorklistAsync(string clinic, DateTimeOffset now, FollowUpRow? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<DueRow>> ReadDueAsync(DateTimeOffset until, int limit, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<DateTimeOffset?> ReadNextDueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<StoreCounts> ReadCountsAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class EnoughException : Exception;
}
