using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>A store of which only what is due is read.</summary>
internal abstract class DueRowsOnly : IProjections
{
    public abstract Task<IReadOnlyList<DueRow>> ReadDueAsync(DateTimeOffset until, int limit, TimeSpan lease, CancellationToken cancellationToken);

    public Task<IReadOnlyList<string>> ReadClinicsAsync(string afterClinic, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<RosterRow>> ReadRosterAsync(string site, string afterStream, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<FollowUpRow>> ReadWorklistAsync(string clinic, DateTimeOffset now, FollowUpRow? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FeedPage> ReadFeedAsync(string site, FeedPosition after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FeedPosition> ReadFeedHeadAsync(string site, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, FeedPosition>> ReadFeedEndsAsync(IReadOnlyList<string> sites, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> TrimFeedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DateTimeOffset?> ReadNextDueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StoreCounts> ReadCountsAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();
}
