using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Feed;

/// <summary>Cursors over the end of a server and of a store.</summary>
public sealed class FeedLifetimeTests
{
    [Fact]
    public async Task SIGTERM_ends_an_open_stream_with_UNAVAILABLE_and_its_cursor_holds_after_the_restart()
    {
        await using var server = await ServerProcess.StartAsync();
        string cursor;
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            await network.RegisterAsync(Network.Harbour);
            await network.TreatAsync("patients/w-1");
            using var call = network.Feed.WatchPlans(new() { Site = Network.Harbour });
            for (var i = 0; i < 3; i++)
            {
                Assert.True(await call.ResponseStream.MoveNext(default).Within());
            }

            cursor = call.ResponseStream.Current.Change.Cursor;
            Assert.True(await call.ResponseStream.MoveNext(default).Within());
            server.Terminate();
            var end = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default).Within());
            Assert.Equal(StatusCode.Unavailable, end.StatusCode);
            Assert.Equal("SERVER_STOPPING", RefusalSeen.Of(end).Reason);
            Assert.Equal(0, await server.EndedAsync());
        }

        await server.StartAgainAsync();
        using var again = server.Open();
        var after = new Network(again);
        Assert.Empty(await after.FeedAsync(Network.Harbour, cursor));
        await after.Patients.RecordAssessmentAsync(Valid.Assessment("patients/w-1", "a-1"));
        Assert.Equal(4, Assert.Single(await after.FeedAsync(Network.Harbour, cursor)).Version);
    }

    [Fact]
    public async Task A_cursor_and_an_etag_from_after_the_backup_do_not_hold_in_the_restored_store()
    {
        await using var server = await ServerProcess.StartAsync();
        string cursor, etag;
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            await network.RegisterAsync(Network.Harbour);
            await network.TreatAsync("patients/w-1");
            cursor = (await network.ItemsAsync(Network.Harbour))[^1].Bookmark.Cursor;
            etag = await network.EtagAsync("patients/w-1");
        }

        await server.StopAsync();
        string[] options = ["--folder", server.Folder, "--clock", "manual"];
        var (code, told, error) = await ServerProgram.RunAsync(["migrate", "--restored", .. options]);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("schema 10, incarnation ", told, StringComparison.Ordinal);
        await server.StartAgainAsync();
        using var again = server.Open();
        var restored = new Network(again);
        await RefusalSeen.AssertAsync(StatusCode.OutOfRange, "CURSOR_EXPIRED", () => restored.FeedAsync(Network.Harbour, cursor));
        await RefusalSeen.AssertAsync(StatusCode.Aborted, "ETAG_MISMATCH", async () => await restored.Patients.RevisePlanAsync(Valid.Revision("patients/w-1", etag)));
        Assert.Equal(3, (await restored.FeedAsync(Network.Harbour)).Count);
    }

    [Fact]
    public async Task A_cursor_of_a_replaced_store_is_OUT_OF_RANGE_and_its_etag_is_stale()
    {
        string cursor, etag, token;
        await using (var first = await ServerProcess.StartAsync())
        {
            using var channel = first.Open();
            var network = new Network(channel);
            await network.RegisterAsync(Network.Harbour);
            await network.TreatAsync("patients/w-1");
            cursor = (await network.ItemsAsync(Network.Harbour))[^1].Bookmark.Cursor;
            etag = await network.EtagAsync("patients/w-1");
            token = (await network.Clinics.ListProtocolsAsync(new() { PageSize = 1 })).NextPageToken;
        }

        await using var second = await ServerProcess.StartAsync();
        using var other = second.Open();
        var replaced = new Network(other);
        await replaced.RegisterAsync(Network.Harbour);
        await replaced.TreatAsync("patients/w-1");
        await RefusalSeen.AssertAsync(StatusCode.OutOfRange, "CURSOR_EXPIRED", () => replaced.FeedAsync(Network.Harbour, cursor));
        await RefusalSeen.AssertAsync(StatusCode.Aborted, "ETAG_MISMATCH", async () => await replaced.Patients.RevisePlanAsync(Valid.Revision("patients/w-1", etag)));
        await RefusalSeen.AssertAsync(StatusCode.InvalidArgument, "PAGE_TOKEN_INVALID", async () => await replaced.Clinics.ListProtocolsAsync(new() { PageToken = token }));
        Assert.Equal(3, (await replaced.FeedAsync(Network.Harbour)).Count);
    }
}
