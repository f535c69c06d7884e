namespace ClinicNetwork.Journal;

/// <summary>Reads of the projections that clinics, the feed and the due loop need.</summary>
public interface IProjections
{
    /// <summary>Clinic streams after a key, in order.</summary>
    Task<IReadOnlyList<string>> ReadClinicsAsync(string afterClinic, int limit, CancellationToken cancellationToken);

    /// <summary>Patients a site may read, after a stream key, in order.</summary>
    Task<IReadOnlyList<RosterRow>> ReadRosterAsync(string site, string afterStream, int limit, CancellationToken cancellationToken);

    /// <summary>Follow-up visits of a home clinic whose window has opened by <paramref name="now"/> and that are not done; ordered by (closes at, stream, milestone), after the given position.</summary>
    Task<IReadOnlyList<FollowUpRow>> ReadWorklistAsync(string clinic, DateTimeOffset now, FollowUpRow? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Feed references of a site after a position, in commit order, as far as the site may read them <em>now</em> (a revocation notice is
    /// always read). <c>Scanned</c> is the position up to which all was looked at, so that a reader makes progress over hidden entries.
    /// </summary>
    Task<FeedPage> ReadFeedAsync(string site, FeedPosition after, int limit, CancellationToken cancellationToken);

    /// <summary>From where a site's feed goes on for who reads the roster after this: whatever is at or before it is in every roster read later.</summary>
    Task<FeedPosition> ReadFeedHeadAsync(string site, CancellationToken cancellationToken);

    /// <summary>
    /// The last entry of each of the sites, held back or not, or <see cref="FeedPosition.Start"/>. It is another whenever something was committed
    /// since that no look without <see cref="FeedPage.Held"/> can have seen.
    /// </summary>
    Task<IReadOnlyDictionary<string, FeedPosition>> ReadFeedEndsAsync(IReadOnlyList<string> sites, CancellationToken cancellationToken);

    /// <summary>
    /// Takes entries recorded before a time out of all feeds, of each site from its first on, at most <paramref name="limit"/> in a transaction; what an open
    /// transaction could still come before stays. A reader who had not read them is told so (<see cref="FeedPage.IsTooOld"/>). Safe beside others.
    /// </summary>
    /// <returns>How many went.</returns>
    Task<long> TrimFeedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Things due at or before a time and not done, the earliest first, at most <paramref name="limit"/>; none of a stream whose key was destroyed.</summary>
    /// <param name="lease">
    /// Longer than zero: rows that another process has leased are left out, and those read are leased for so long by the database's clock,
    /// so that several silos do not run the same things. A lease saves work; the request id is what makes a double harmless. A store of one
    /// process takes no leases.
    /// </param>
    Task<IReadOnlyList<DueRow>> ReadDueAsync(DateTimeOffset until, int limit, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>The time of the earliest thing that is due and not done, or null.</summary>
    Task<DateTimeOffset?> ReadNextDueAsync(CancellationToken cancellationToken);

    /// <summary>Counts for an operator.</summary>
    Task<StoreCounts> ReadCountsAsync(DateTimeOffset now, CancellationToken cancellationToken);
}

public sealed record RosterRow(string Stream, string HomeClinic, long Version);

public sealed record FollowUpRow(string Stream, string Milestone, DateTimeOffset OpensAt, DateTimeOffset ClosesAt);

public sealed record FeedRow(FeedPosition Position, string Stream, long Version, FeedKind Kind, string Command, bool PlanChanged, DateTimeOffset RecordedAt);

/// <param name="Scanned">Read on from here.</param>
/// <param name="Exhausted">All that may be read now was read.</param>
/// <param name="Held">Entries of this site are committed that must wait for an older transaction to end; a reader who waits for them looks again.</param>
/// <param name="IsTooOld">Entries after the position asked for were trimmed: the rest is no whole feed, and must not be told.</param>
public sealed record FeedPage(IReadOnlyList<FeedRow> Rows, FeedPosition Scanned, bool Exhausted, bool Held = false, bool IsTooOld = false);

public sealed record DueRow(string Stream, string Kind, DateTimeOffset At);

/// <param name="Commands">Exact up to 100,000; above that PostgreSQL's estimate, which follows the size of the table.</param>
/// <param name="Patients">As <paramref name="Commands"/>.</param>
/// <param name="Overdue">Follow-up visits whose window has closed and that are not done.</param>
public sealed record StoreCounts(long Commands, long Patients, long Clinics, long Overdue);
