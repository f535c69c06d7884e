using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>Keys that are fetched: how often, and what happens when they cannot be had.</summary>
public sealed class RefreshedTests
{
    private readonly HandTime _time = new();
    private readonly List<string?> _there = ["a", "b"];
    private int _fetched;

    [Fact]
    public async Task What_is_missed_is_fetched_anew_but_no_more_often_than_the_pause_allows()
    {
        var keys = Keys();
        Assert.Equal("a", await FindAsync(keys, "a"));
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(await FindAsync(keys, "b"));
        }

        Assert.Equal(1, _fetched);
        _time.Pass(Refreshed<string>.Pause);
        Assert.Equal("b", await FindAsync(keys, "b"));
        Assert.Equal(2, _fetched);
    }

    [Fact]
    public async Task A_fetch_that_fails_leaves_what_there_was_and_is_not_repeated_at_once()
    {
        var keys = Keys();
        Assert.Equal("a", await FindAsync(keys, "a"));
        (_there[0], _there[1]) = (null, null);
        _time.Pass(Refreshed<string>.AgeMax);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("a", await FindAsync(keys, "a"));
        }

        Assert.Equal(2, _fetched);
    }

    [Fact]
    public async Task What_was_never_had_is_null_until_the_pause_is_over()
    {
        (_there[0], _there[1]) = (null, "b");
        var keys = Keys();
        Assert.Null(await keys.GetAsync(CancellationToken.None));
        Assert.Null(await keys.GetAsync(CancellationToken.None));
        Assert.Equal(1, _fetched);
        _time.Pass(Refreshed<string>.Pause);
        Assert.Equal("b", await keys.GetAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Many_who_miss_something_at_once_fetch_once()
    {
        var (keys, gate) = (Keys(), new TaskCompletionSource());
        var slow = new Refreshed<string>(async () =>
        {
            await gate.Task;
            return (await keys.GetAsync(CancellationToken.None))!;
        }, _time);
        var all = Enumerable.Range(0, 50).Select(_ => slow.GetAsync(CancellationToken.None)).ToArray();
        gate.SetResult();
        Assert.All(await Task.WhenAll(all), one => Assert.Equal("a", one));
        Assert.Equal(1, _fetched);
    }

    private Refreshed<string> Keys() => new(() => Task.FromResult(_there[Math.Min(_fetched++, _there.Count - 1)]), _time);

    private static Task<string?> FindAsync(Refreshed<string> keys, string wanted) => keys.FindAsync(have => have == wanted ? have : null, CancellationToken.None);
}
