using System.Runtime.CompilerServices;
using ClinicNetwork.Client.Streams;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.Client;

/// <summary>Following a site's plan changes.</summary>
public static class PlanStreams
{
    /// <summary>
    /// Plan changes that a site may see, in commit order, each once, over any number of cuts. Store the cursor of what was dealt with and
    /// begin there next time; stored before, a change could be lost with the caller.
    /// </summary>
    /// <param name="site"><c>clinics/{clinic}</c>.</param>
    /// <param name="cursor">From a change or bookmark received before; empty begins at the first change.</param>
    /// <param name="untilCaughtUp">True: end after the first bookmark. False: stay until cancelled.</param>
    /// <exception cref="ClinicNetworkException">Refused (CURSOR_EXPIRED: begin again with an empty cursor), or cut too often.</exception>
    public static IAsyncEnumerable<WatchPlansResponse> WatchPlansAsync(
        this ClinicNetworkClient client,
        string site,
        string cursor = "",
        bool untilCaughtUp = false,
        CancellationToken cancellationToken = default) =>
        new ResumingStream<string, WatchPlansResponse>(
            (from, token) => OpenAsync(client, new() { Site = site, Cursor = from, UntilCaughtUp = untilCaughtUp }, token),
            (_, item) => Accepted(client, item),
            item => untilCaughtUp && item.ItemCase == WatchPlansResponse.ItemOneofCase.Bookmark,
            client.Options).ReadAsync(cursor, cancellationToken);

    /// <summary>Remembers the version, so that the next read of the patient shows at least this, and gives the position after it.</summary>
    private static string Accepted(ClinicNetworkClient client, WatchPlansResponse item)
    {
        if (item.ItemCase == WatchPlansResponse.ItemOneofCase.Bookmark)
            return item.Bookmark.Cursor;
        client.Versions.Saw(item.Change.Patient, item.Change.Version);
        return item.Change.Cursor;
    }

    private static async IAsyncEnumerable<WatchPlansResponse> OpenAsync(
        ClinicNetworkClient client, WatchPlansRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = client.PlanFeed.WatchPlans(request, cancellationToken: cancellationToken);
        await foreach (var item in call.ResponseStream.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return item;
    }
}
