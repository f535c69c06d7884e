using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>Reading a site's feed until it has caught up.</summary>
internal static class FeedReading
{
    public static async Task<IReadOnlyList<PlanChange>> FeedAsync(this Network network, string site, string cursor = "") =>
        (await network.ItemsAsync(site, cursor)).Where(i => i.Change is not null).Select(i => i.Change).ToList();

    /// <summary>Changes and the bookmark that ends them.</summary>
    public static async Task<IReadOnlyList<WatchPlansResponse>> ItemsAsync(this Network network, string site, string cursor = "")
    {
        var items = new List<WatchPlansResponse>();
        using var call = network.Feed.WatchPlans(new() { Site = site, Cursor = cursor, UntilCaughtUp = true });
        while (await call.ResponseStream.MoveNext().Within())
        {
            items.Add(call.ResponseStream.Current);
        }

        return items;
    }
}
