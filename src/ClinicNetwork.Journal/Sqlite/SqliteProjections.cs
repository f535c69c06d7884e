using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <inheritdoc cref="IProjections"/>
internal sealed class SqliteProjections(WriteQueue queue, ReaderPool readers) : IProjections
{
    /// <summary>Feed references looked at in one call: bounds the work of a site that may read little of what was addressed to it.</summary>
    private const int FeedScanMax = 4_096;

    /// <summary>Nobody can do what is due of a stream whose key was destroyed.</summary>
    private const string OfTheLiving = "NOT EXISTS (SELECT 1 FROM key_gone AS g WHERE g.name = due.stream)";

    public Task<IReadOnlyList<string>> ReadClinicsAsync(string afterClinic, int limit, CancellationToken cancellationToken) =>
        ListAsync(
            reader => reader.List(
                "SELECT stream FROM clinic WHERE stream > $after ORDER BY stream LIMIT $limit",
                row => row.GetString(0),
                ("$after", afterClinic),
                ("$limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<RosterRow>> ReadRosterAsync(string site, string afterStream, int limit, CancellationToken cancellationToken) =>
        ListAsync(
            reader => reader.List(
                """
                SELECT p.stream, p.home_clinic, (SELECT max(version) FROM journal AS j WHERE j.stream = p.stream)
                FROM patient_access AS a JOIN patient AS p ON p.stream = a.stream
                WHERE a.site = $site AND a.stream > $after ORDER BY a.stream LIMIT $limit
                """,
                row => new RosterRow(row.GetString(0), row.GetString(1), row.GetInt64(2)),
                ("$site", site),
                ("$after", afterStream),
                ("$limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<FollowUpRow>> ReadWorklistAsync(
        string clinic, DateTimeOffset now, FollowUpRow? after, int limit, CancellationToken cancellationToken) =>
        ListAsync(
            reader => reader.List(
                """
                SELECT stream, milestone, opens_at, closes_at FROM follow_up
                WHERE clinic = $clinic AND done = 0 AND opens_at <= $now AND ends_at > $now AND (closes_at, stream, milestone) > ($closes_at, $stream, $milestone)
                ORDER BY closes_at, stream, milestone LIMIT $limit
                """,
                row => new FollowUpRow(row.GetString(0), row.GetString(1), TimeAt(row, 2), TimeAt(row, 3)),
                ("$clinic", clinic),
                ("$now", StoredTime.ToStored(now)),
                ("$closes_at", after is null ? long.MinValue : StoredTime.ToStored(after.ClosesAt)),
                ("$stream", after?.Stream ?? ""),
                ("$milestone", after?.Milestone ?? ""),
                ("$limit", limit)),
            cancellationToken);

    public Task<FeedPage> ReadFeedAsync(string site, FeedPosition after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => ReadFeed(reader, site, after.Entry, limit), cancellationToken);

    public Task<FeedPosition> ReadFeedHeadAsync(string site, CancellationToken cancellationToken) => readers.ReadAsync(reader => EndOf(reader, site), cancellationToken);

    public async Task<IReadOnlyDictionary<string, FeedPosition>> ReadFeedEndsAsync(IReadOnlyList<string> sites, CancellationToken cancellationToken) =>
        await readers.ReadAsync(reader => sites.ToDictionary(site => site, site => EndOf(reader, site), StringComparer.Ordinal), cancellationToken).ConfigureAwait(false);

    public async Task<long> TrimFeedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var trimmed = 0L;
        for (var site = ""; await NextSiteAsync(site, cancellationToken).ConfigureAwait(false) is { } next; site = next)
        {
            long gone;
            do
            {
                gone = await queue.RunAsync(new FeedTrimJob(next, StoredTime.ToStored(before), limit), cancellationToken).ConfigureAwait(false);
                trimmed += gone;
            }
            while (gone == limit);
        }

        return trimmed;
    }

    private Task<string?> NextSiteAsync(string after, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            reader => reader.First("SELECT site FROM feed WHERE site > $after ORDER BY site LIMIT 1", row => row.GetString(0), ("$after", after)), cancellationToken);

    public Task<IReadOnlyList<DueRow>> ReadDueAsync(DateTimeOffset until, int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        ListAsync(
            reader => reader.List(
                $"SELECT stream, kind, at FROM due WHERE done_version IS NULL AND at <= $until AND {OfTheLiving} ORDER BY at, stream, kind LIMIT $limit",
                row => new DueRow(row.GetString(0), row.GetString(1), TimeAt(row, 2)),
                ("$until", StoredTime.ToStored(until)),
                ("$limit", limit)),
            cancellationToken);

    public Task<DateTimeOffset?> ReadNextDueAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(
            reader => reader.First($"SELECT at FROM due WHERE done_version IS NULL AND {OfTheLiving} ORDER BY at LIMIT 1", row => (DateTimeOffset?)TimeAt(row, 0)),
            cancellationToken);

    public Task<StoreCounts> ReadCountsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            reader => new StoreCounts(
                reader.Number("SELECT count(*) FROM journal"),
                reader.Number("SELECT count(*) FROM patient"),
                reader.Number("SELECT count(*) FROM clinic"),
                reader.Number("SELECT count(*) FROM follow_up WHERE done = 0 AND closes_at < $now AND ends_at > $now", ("$now", StoredTime.ToStored(now)))),
            cancellationToken);

    private static FeedPage ReadFeed(SqliteSession reader, string site, long after, int limit)
    {
        var head = reader.Number("SELECT max(coalesce((SELECT max(position) FROM feed), 0), coalesce((SELECT max(position) FROM feed_trimmed), 0))");
        var scanned = reader.List(
            """
            SELECT f.position, f.stream, f.version, f.kind, j.command, f.plan_changed, j.recorded_at, a.stream IS NOT NULL OR f.kind >= $revoked
            FROM feed AS f
            JOIN journal AS j ON j.stream = f.stream AND j.version = f.version
            LEFT JOIN patient_access AS a ON a.site = f.site AND a.stream = f.stream
            WHERE f.site = $site AND f.position > $after ORDER BY f.position LIMIT $scan
            """,
            row => (Row: ReadFeedRow(row), MayRead: row.GetBoolean(7)),
            ("$revoked", (int)FeedKind.AccessRevoked),
            ("$site", site),
            ("$after", after),
            ("$scan", FeedScanMax));
        var visible = scanned.Where(entry => entry.MayRead).Select(entry => entry.Row).Take(limit).ToList();

        // Everything was looked at, unless the page or the scan was full; then up to the last one looked at.
        var position = visible.Count == limit ? visible.LastOrDefault()?.Position.Entry ?? after
            : scanned.Count == FeedScanMax ? scanned[^1].Row.Position.Entry
            : Math.Max(head, after);
        return new FeedPage(visible, new(0, position), Exhausted: visible.Count < limit && scanned.Count < FeedScanMax)
        {
            IsTooOld = reader.Number("SELECT count(*) FROM feed_trimmed WHERE site = $site AND position > $after", ("$site", site), ("$after", after)) > 0,
        };
    }

    /// <summary>Also when it was trimmed.</summary>
    private static FeedPosition EndOf(SqliteSession reader, string site) =>
        new(0, reader.Number(
            "SELECT max(coalesce((SELECT max(position) FROM feed WHERE site = $site), 0), coalesce((SELECT position FROM feed_trimmed WHERE site = $site), 0))",
            ("$site", site)));

    private static FeedRow ReadFeedRow(SqliteDataReader row) => new(
        new(0, row.GetInt64(0)), row.GetString(1), row.GetInt64(2), (FeedKind)row.GetInt32(3), row.GetString(4), row.GetBoolean(5), TimeAt(row, 6));

    private static DateTimeOffset TimeAt(SqliteDataReader row, int column) => StoredTime.FromStored(row.GetInt64(column));

    private async Task<IReadOnlyList<T>> ListAsync<T>(Func<SqliteSession, List<T>> read, CancellationToken cancellationToken) =>
        await readers.ReadAsync(read, cancellationToken).ConfigureAwait(false);
}
