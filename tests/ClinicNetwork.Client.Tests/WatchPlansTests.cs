using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Sync.V1;
using CsCheck;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

public sealed class WatchPlansTests
{
    private static async Task<List<long>> ReadAsync(FakeFeed feed, string cursor = "")
    {
        var versions = new List<long>();
        await foreach (var item in Clients.Of(feed.Server).WatchPlansAsync("clinics/hillside", cursor, untilCaughtUp: true))
        {
            if (item.ItemCase == WatchPlansResponse.ItemOneofCase.Change)
                versions.Add(item.Change.Version);
        }
        return versions;
    }

    [Fact(Timeout = Patience.Ms)]
    public Task Any_cuts_give_every_change_once_and_in_order() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 7].Array[0, 8], Gen.Bool).SampleAsync(async (changes, cuts, inOrder) =>
            Assert.Equal(Enumerable.Range(1, changes).Select(i => (long)i), await ReadAsync(new(changes, cuts) { CutsInOrder = inOrder })),
                iter: 200);

    [Fact(Timeout = Patience.Ms)]
    public async Task It_begins_after_the_cursor() => Assert.Equal([8, 9, 10], await ReadAsync(new(10, [1, 1]), "c7"));

    [Fact(Timeout = Patience.Ms)]
    public async Task It_gives_up_after_so_many_cuts_without_anything_new()
    {
        var feed = new FakeFeed(100, Enumerable.Repeat(3, 5).Concat(Enumerable.Repeat(0, 1000)));
        var server = feed.Server;
        var received = 0;

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(async () =>
        {
            await foreach (var _ in Clients.Of(server, Clients.Options() with { StreamReopensMax = 4 }).WatchPlansAsync("clinics/hillside"))
                received++;
        });

        Assert.Equal(StatusCode.Unavailable, error.Code);
        Assert.Equal(15, received);
        // Five with something new; the fifth's cut is the first of those without, four reopens more.
        Assert.Equal(5 + 4, server.Attempts.Count);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Waits_between_cuts_grow_and_start_anew_after_something_new_came()
    {
        var time = Clients.NewTime();
        var server = new FakeFeed(2, [1, 0, 0]).Server;

        await foreach (var _ in Clients.Of(server, Clients.Options(time)).WatchPlansAsync("clinics/hillside", untilCaughtUp: true))
        {
        }

        Assert.Equal([75, 150, 300], time.Waits.Select(wait => wait.TotalMilliseconds));
    }

    [Theory(Timeout = Patience.Ms)]
    [InlineData(StatusCode.OutOfRange, "CURSOR_EXPIRED")]
    [InlineData(StatusCode.NotFound, "CLINIC_NOT_FOUND")]
    [InlineData(StatusCode.Internal, null)]
    public async Task A_refusal_is_told_at_once(StatusCode code, string? reason)
    {
        var server = new FakeServer { Stream = (_, _) => Refusing(Errors.Make(code, reason)) };

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(async () =>
        {
            await foreach (var _ in Clients.Of(server).WatchPlansAsync("clinics/hillside", "old"))
            {
            }
        });

        Assert.Equal(code, error.Code);
        Assert.Single(server.Attempts);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_watcher_who_cancels_gets_no_error_of_the_network()
    {
        using var cancel = new CancellationTokenSource();
        var server = new FakeFeed(3, []).Server;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in Clients.Of(server).WatchPlansAsync("clinics/hillside", cancellationToken: cancel.Token))
            {
                if (item.ItemCase == WatchPlansResponse.ItemOneofCase.Bookmark)
                    cancel.Cancel();
            }
        });
    }

    private static async IAsyncEnumerable<IMessage> Refusing(Exception error)
    {
        await Task.Yield();
        if (error is not null)
            throw error;
        yield break;
    }
}
