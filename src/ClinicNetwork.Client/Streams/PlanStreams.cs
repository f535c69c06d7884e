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
    /// <param name="includePlans">True: the plans come with the changes, where the caller may read them.</param>
    /// <param name="includeReplicas">True: plans and, of patients whom the caller may read all of, replicas.</param>
    /// <exception cref="ClinicNetworkException">Refused (CURSOR_EXPIRED: list the site's patients again), or cut too often.</exception>
    public static IAsyncEnumerable<WatchPlansResponse> WatchPlansAsync(
        this ClinicNetworkClient client,
        string site,
        string cursor = "",
        bool untilCaughtUp = false,
        bool includePlans = false,
        bool includeReplicas = false,
        CancellationToken cancellationToken = default) =>
        new ResumingStream<string, WatchPlansResponse>(
            (from, token) => OpenAsync(client, new() { Site = site, Cursor = from, UntilCaughtUp = untilCaughtUp, IncludePlans = includePlans, IncludeReplicas = includeReplicas }, token),
            (_, item) => Accepted(client, item),
            item => untilCaughtUp && item.ItemCase == WatchPlansResponse.ItemOneofCase.Bookmark,
            client.Options).ReadAsync(cursor, cancellationToken);

    /// <summary>
    /// All patients that a site may see now, page by page. When the last page is dealt with, go on with <see cref="WatchPlansAsync"/> from its
    /// cursor, the same in each page: nothing is missed in between.
    /// </summary>
    /// <param name="site"><c>clinics/{clinic}</c>.</param>
    /// <param name="includePlans">True: the plans come with the patients, where the caller may read them.</param>
    /// <param name="pageSize">Patients a page, 1 to 1,000, with plans or replicas at most 200; 0 lets the server choose.</param>
    /// <param name="includeReplicas">True: plans and, of patients whom the caller may read all of, replicas.</param>
    /// <exception cref="ClinicNetworkException">Refused, or failed too often.</exception>
    public static async IAsyncEnumerable<ListSitePatientsResponse> ListSitePatientsAsync(
        this ClinicNetworkClient client,
        string site,
        bool includePlans = false,
        int pageSize = 0,
        bool includeReplicas = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ListSitePatientsRequest { Site = site, IncludePlans = includePlans, IncludeReplicas = includeReplicas, PageSize = pageSize };
        do
        {
            var page = await client.PlanFeed.ListSitePatientsAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var patient in page.Patients)
                client.Versions.Saw(patient.Patient, patient.Version);
            yield return page;
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

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
