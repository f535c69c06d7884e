using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Errors;
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
        var waits = await feed.WatchAsync(looks: 18);
        int[] rarer = [25, 50, 100, 200, 400, 800, 1000];
        Assert.Equal([.. rarer, 1000, 1000, 1000, .. rarer, 1000], waits);
    }

    /// <summary>Five seconds pass before each signal.</summary>
    [Fact]
    public async Task A_watcher_of_a_feed_that_rests_looks_when_its_site_is_signalled_and_at_no_other_time() =>
        Assert.Equal(Enumerable.Repeat(1000, 15), await new Feed(_ => new([], new(1, 0), Exhausted: true)) { SignalledAfter = 5 }.WatchAsync(looks: 3));

    [Fact]
    public async Task A_watcher_of_a_feed_that_rests_is_told_within_a_second_that_its_sites_key_was_destroyed()
    {
        var feed = new Feed(_ => new([], new(1, 0), Exhausted: true)) { DestroyedAfter = 3 };
        Assert.Equal("CLINIC_KEY_DESTROYED", (await Assert.ThrowsAsync<RefusedException>(() => feed.WatchAsync(looks: 2))).Refusal.Reason);
    }

    [Fact]
    public async Task A_cursor_before_what_was_trimmed_is_refused_and_nothing_is_sent()
    {
        var feed = new Feed(_ => new([new(new(1, 1), "pt-a", 1, FeedKind.Erased, "Note", false, default)], new(1, 1), Exhausted: true, IsTooOld: true));
        var refused = await Assert.ThrowsAsync<RefusedException>(() => feed.WatchAsync(looks: 1));
        Assert.Equal(("CURSOR_TOO_OLD", RefusalKind.OutOfRange, 0), (refused.Refusal.Reason, refused.Refusal.Kind, feed.Answers.Taken.Count));
    }

    /// <summary>Somebody commits during every look.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task However_often_it_is_woken_two_looks_are_twenty_milliseconds_apart(bool held)
    {
        var waits = await new Feed(_ => new([], new(1, 0), Exhausted: true, held)) { SignalledAfter = 0 }.WatchAsync(looks: 100);
        Assert.Equal(Enumerable.Repeat(20, 100), waits);
    }

    [Fact]
    public async Task Pages_of_a_long_feed_are_read_without_a_wait() =>
        Assert.Empty(await new Feed(look => new([], new(look, 0), Exhausted: false)).WatchAsync(looks: 50));

    /// <param name="page">By the number of the look, from 0 on.</param>
    private sealed class Feed(Func<int, FeedPage> page) : IProjections, IStoreClock, IKeyring
    {
        private const string Site = "clinics/harbour";

        private readonly FeedWakeUp _wakeUp = new();
        private int _looks;
        private int _looksMax;
        private int _rests;

        /// <summary>Seconds of rest before the site is signalled; 0: during every look. Null: never.</summary>
        public int? SignalledAfter { get; init; }

        /// <summary>Seconds of rest before the site's key is destroyed.</summary>
        public int? DestroyedAfter { get; init; }

        public Answers<WatchPlansResponse> Answers { get; } = new();

        public bool IsManual => true;

        public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

        /// <summary>The waits after this many looks, milliseconds.</summary>
        public async Task<IReadOnlyList<int>> WatchAsync(int looks)
        {
            _looksMax = looks;
            var time = new JumpingTime();
            using var life = new HostLife();
            var service = new PlanFeedGatewayService(this, this, this, null!, _wakeUp, new SignedTokens(new byte[32], "i"), life, time);
            var end = await Record.ExceptionAsync(() => service.WatchPlans(new() { Site = Site }, Answers, new OneCall()).WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.IsType<EnoughException>(end is RefusedException ? throw end : end);
            return [.. time.Waits.Select(wait => (int)wait.TotalMilliseconds)];
        }

        public Task<FeedPage> ReadFeedAsync(string site, FeedPosition after, int limit, CancellationToken cancellationToken)
        {
            if (_looks == _looksMax)
            {
                throw new EnoughException();
            }

            _rests = 0;
            if (SignalledAfter == 0)
            {
                _wakeUp.Signal(Site);
            }

            return Task.FromResult(page(_looks++));
        }

        public Task<FeedPosition> ReadFeedHeadAsync(string site, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<string, FeedPosition>> ReadFeedEndsAsync(IReadOnlyList<string> sites, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long> TrimFeedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        /// <summary>Asked before each look, and each second of rest.</summary>
        public KeyLoss? LossOf(string name)
        {
            if (++_rests == SignalledAfter)
            {
                _wakeUp.Signal(Site);
            }

            return _rests > DestroyedAfter ? KeyLoss.Holder : null;
        }

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
