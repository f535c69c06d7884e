using ClinicNetwork.Gateway.Sync;
using ClinicNetwork.Gateway.Tests.Admin;
using ClinicNetwork.Grains;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Sync;

/// <summary>One look for all watchers of a gateway.</summary>
public sealed class FeedPollTests
{
    private const int Sites = 200;
    private const int Watchers = 10_000;

    private readonly FeedWakeUp _wakeUp = new();
    private readonly Dictionary<string, FeedPosition> _ends = Enumerable.Range(0, Sites).ToDictionary(i => $"clinics/c-{i}", i => new FeedPosition(1, i));
    private int _reads;
    private bool _away;

    private FeedPoll Poll() => new(
        StatusCountsTests.Store.As<IProjections>(() =>
        {
            _reads++;
            return _away
                ? Task.FromException<IReadOnlyDictionary<string, FeedPosition>>(new StoreUnavailableException("away"))
                : Task.FromResult<IReadOnlyDictionary<string, FeedPosition>>(_wakeUp.Sites.ToDictionary(site => site, site => _ends[site]));
        }),
        _wakeUp,
        TimeProvider.System,
        NullLogger<FeedPoll>.Instance);

    [Fact]
    public async Task Ten_thousand_watchers_of_feeds_that_rest_cost_one_read_a_look_and_those_of_a_site_that_no_hint_told_of_are_woken()
    {
        using var poll = Poll();
        var watches = Enumerable.Range(0, Watchers).Select(i => (Site: $"clinics/c-{i % Sites}", Watch: _wakeUp.Begin($"clinics/c-{i % Sites}"))).ToList();
        await poll.LookAsync(default);
        var waiting = watches.Select(one => (one.Site, one.Watch.Next)).ToList();
        for (var i = 0; i < 10; i++)
        {
            await poll.LookAsync(default);
        }

        Assert.Equal(11, _reads);
        Assert.DoesNotContain(waiting, one => one.Next.IsCompleted);
        _ends["clinics/c-7"] = new(2, 0);
        await poll.LookAsync(default);
        Assert.All(waiting, one => Assert.Equal(one.Site == "clinics/c-7", one.Next.IsCompleted));
        watches.ForEach(one => one.Watch.Dispose());
        Assert.Empty(_wakeUp.Sites);
        await poll.LookAsync(default);
        Assert.Equal(12, _reads);
    }

    [Fact]
    public async Task What_was_committed_while_the_database_did_not_answer_is_found_afterwards()
    {
        using var poll = Poll();
        using var watch = _wakeUp.Begin("clinics/c-1");
        await poll.LookAsync(default);
        var next = watch.Next;
        _away = true;
        await poll.LookAsync(default);
        Assert.False(next.IsCompleted);
        (_away, _ends["clinics/c-1"]) = (false, new(9, 9));
        await poll.LookAsync(default);
        Assert.True(next.IsCompleted);
    }

    [Fact]
    public async Task Who_begins_to_watch_between_two_looks_is_woken_by_the_next()
    {
        using var poll = Poll();
        using var first = _wakeUp.Begin("clinics/c-1");
        await poll.LookAsync(default);
        using var second = _wakeUp.Begin("clinics/c-2");
        var (resting, new_) = (first.Next, second.Next);
        await poll.LookAsync(default);
        Assert.Equal((false, true), (resting.IsCompleted, new_.IsCompleted));
    }

    [Fact]
    public void A_hint_wakes_the_watchers_of_its_site_alone()
    {
        using var one = _wakeUp.Begin("clinics/c-1");
        using var same = _wakeUp.Begin("clinics/c-1");
        using var other = _wakeUp.Begin("clinics/c-2");
        Task[] waiting = [one.Next, same.Next, other.Next, _wakeUp.Somewhere];
        _wakeUp.Signal("clinics/c-1");
        Assert.Equal([true, true, false, false], waiting.Select(task => task.IsCompleted));
        Assert.False(one.Next.IsCompleted);
        _wakeUp.Signal();
        Assert.Equal([true, true, false, true], waiting.Select(task => task.IsCompleted));
    }
}
