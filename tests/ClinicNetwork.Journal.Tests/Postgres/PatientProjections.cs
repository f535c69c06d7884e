namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>
/// A reader of feeds that waits, as a real one does, for entries that are held back by other transactions: tests that run at the same time
/// share one server and one horizon.
/// </summary>
internal sealed class PatientProjections(IProjections store) : IProjections
{
    public async Task<FeedPage> ReadFeedAsync(string site, FeedPosition after, int limit, CancellationToken cancellationToken)
    {
        var page = await store.ReadFeedAsync(site, after, limit, cancellationToken);
        await Until.TrueAsync("held entries are let go", async () =>
        {
            var again = page.Held && page.Rows.Count < limit;
            page = again ? await store.ReadFeedAsync(site, after, limit, cancellationToken) : page;
            return !again;
        });
        return page;
    }

    public Task<FeedPosition> ReadFeedHeadAsync(string site, CancellationToken cancellationToken) => store.ReadFeedHeadAsync(site, cancellationToken);

    public Task<IReadOnlyDictionary<string, FeedPosition>> ReadFeedEndsAsync(IReadOnlyList<string> sites, CancellationToken cancellationToken) => store.ReadFeedEndsAsync(sites, cancellationToken);

    public Task<long> TrimFeedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => store.TrimFeedAsync(before, limit, cancellationToken);

    public Task<IReadOnlyList<string>> ReadClinicsAsync(string afterClinic, int limit, CancellationToken cancellationToken) =>
        store.ReadClinicsAsync(afterClinic, limit, cancellationToken);

    public Task<IReadOnlyList<RosterRow>> ReadRosterAsync(string site, string afterStream, int limit, CancellationToken cancellationToken) =>
        store.ReadRosterAsync(site, afterStream, limit, cancellationToken);

    public Task<IReadOnlyList<FollowUpRow>> ReadWorklistAsync(
        string clinic, DateTimeOffset now, FollowUpRow? after, int limit, CancellationToken cancellationToken) =>
        store.ReadWorklistAsync(clinic, now, after, limit, cancellationToken);

    public Task<IReadOnlyList<DueRow>> ReadDueAsync(DateTimeOffset until, int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        store.ReadDueAsync(until, limit, lease, cancellationToken);

    public Task<DateTimeOffset?> ReadNextDueAsync(CancellationToken cancellationToken) => store.ReadNextDueAsync(cancellationToken);

    public Task<StoreCounts> ReadCountsAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.ReadCountsAsync(now, cancellationToken);
}
