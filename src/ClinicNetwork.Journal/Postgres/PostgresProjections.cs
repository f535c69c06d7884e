using Npgsql;
using NpgsqlTypes;

namespace ClinicNetwork.Journal.Postgres;

/// <inheritdoc cref="IProjections"/>
internal sealed class PostgresProjections(ReadConnections readers, IDatabaseTime time) : IProjections
{
    /// <summary>Commands and patients are counted up to this many, which takes some 20 ms; above it they are estimated.</summary>
    private const int CountedMax = 100_000;

    /// <summary>Nobody can do what is due of a stream whose key was destroyed.</summary>
    private const string OfTheLiving = "NOT EXISTS (SELECT FROM key_gone AS g WHERE g.name = d.stream)";

    /// <summary>The estimate is the planner's: rows per page when the table was last analysed, times its pages now.</summary>
    private static readonly string Counts =
        $"""
        SELECT {Rows("journal")}, {Rows("patient")}, (SELECT count(*) FROM clinic), (SELECT count(*) FROM follow_up WHERE NOT done AND closes_at < $1 AND ends_at > $1)
        """;

    public async Task<IReadOnlyList<string>> ReadClinicsAsync(string afterClinic, int limit, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            "SELECT stream FROM clinic WHERE stream > $1 ORDER BY stream LIMIT $2",
            row => row.GetString(0),
            cancellationToken,
            Query.Text(afterClinic),
            Query.Int(limit)).ConfigureAwait(false);

    public async Task<IReadOnlyList<RosterRow>> ReadRosterAsync(string site, string afterStream, int limit, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            """
            SELECT p.stream, p.home_clinic, (SELECT j.version FROM journal AS j WHERE j.stream = p.stream ORDER BY j.version DESC LIMIT 1)
            FROM patient_access AS a JOIN patient AS p ON p.stream = a.stream
            WHERE a.site = $1 AND a.stream > $2 ORDER BY a.stream LIMIT $3
            """,
            row => new RosterRow(row.GetString(0), row.GetString(1), row.GetInt64(2)),
            cancellationToken,
            Query.Text(site),
            Query.Text(afterStream),
            Query.Int(limit)).ConfigureAwait(false);

    public async Task<IReadOnlyList<FollowUpRow>> ReadWorklistAsync(
        string clinic, DateTimeOffset now, FollowUpRow? after, int limit, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            """
            SELECT stream, milestone, opens_at, closes_at FROM follow_up
            WHERE clinic = $1 AND NOT done AND opens_at <= $2 AND ends_at > $2 AND (closes_at, stream, milestone) > ($3, $4, $5)
            ORDER BY closes_at, stream, milestone LIMIT $6
            """,
            row => new FollowUpRow(row.GetString(0), row.GetString(1), TimeAt(row, 2), TimeAt(row, 3)),
            cancellationToken,
            Query.Text(clinic),
            Query.Long(StoredTime.ToStored(now)),
            Query.Long(after is null ? long.MinValue : StoredTime.ToStored(after.ClosesAt)),
            Query.Text(after?.Stream ?? ""),
            Query.Text(after?.Milestone ?? ""),
            Query.Int(limit)).ConfigureAwait(false);

    public Task<FeedPage> ReadFeedAsync(string site, FeedPosition after, int limit, CancellationToken cancellationToken) =>
        FeedReads.ReadAsync(readers, site, after, limit, cancellationToken);

    public Task<FeedPosition> ReadFeedHeadAsync(string site, CancellationToken cancellationToken) => FeedReads.ReadHeadAsync(readers, site, cancellationToken);

    public Task<IReadOnlyDictionary<string, FeedPosition>> ReadFeedEndsAsync(IReadOnlyList<string> sites, CancellationToken cancellationToken) =>
        FeedReads.ReadEndsAsync(readers, sites, cancellationToken);

    public Task<long> TrimFeedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => FeedTrimming.RunAsync(readers, before, limit, cancellationToken);

    public async Task<IReadOnlyList<DueRow>> ReadDueAsync(DateTimeOffset until, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        await time.RefreshAsync(cancellationToken).ConfigureAwait(false);
        if (lease <= TimeSpan.Zero)
        {
            return await readers.ListAsync(
                $"SELECT d.stream, d.kind, d.at FROM due AS d WHERE d.done_version IS NULL AND d.at <= $1 AND {OfTheLiving} ORDER BY d.at, d.stream, d.kind LIMIT $2",
                ReadDue,
                cancellationToken,
                Query.Long(StoredTime.ToStored(until)),
                Query.Int(limit)).ConfigureAwait(false);
        }

        // A lost answer leaves rows leased that nobody runs; they are due again when the lease is over.
        var leased = await readers.ListAsync(
            $"""
            WITH free AS (
                SELECT d.stream, d.kind, d.at FROM due AS d
                WHERE d.done_version IS NULL AND d.at <= $1 AND (d.leased_until IS NULL OR d.leased_until <= clock_timestamp())
                  AND {OfTheLiving}
                ORDER BY d.at, d.stream, d.kind LIMIT $2 FOR UPDATE SKIP LOCKED)
            UPDATE due SET leased_until = clock_timestamp() + $3 FROM free
            WHERE due.stream = free.stream AND due.kind = free.kind AND due.at = free.at
            RETURNING due.stream, due.kind, due.at
            """,
            ReadDue,
            cancellationToken,
            Query.Long(StoredTime.ToStored(until)),
            Query.Int(limit),
            new NpgsqlParameter<TimeSpan> { TypedValue = lease, NpgsqlDbType = NpgsqlDbType.Interval }).ConfigureAwait(false);
        return [.. leased.OrderBy(row => row.At).ThenBy(row => row.Stream, StringComparer.Ordinal).ThenBy(row => row.Kind, StringComparer.Ordinal)];
    }

    public async Task<DateTimeOffset?> ReadNextDueAsync(CancellationToken cancellationToken)
    {
        var next = await readers.ListAsync(
            $"SELECT d.at FROM due AS d WHERE d.done_version IS NULL AND {OfTheLiving} ORDER BY d.at LIMIT 1", row => TimeAt(row, 0), cancellationToken).ConfigureAwait(false);
        return next.Count == 0 ? null : next[0];
    }

    public async Task<StoreCounts> ReadCountsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        (await readers.ListAsync(
            Counts,
            row => new StoreCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken,
            Query.Long(StoredTime.ToStored(now))).ConfigureAwait(false))[0];

    private static string Rows(string table) =>
        $"""
        (SELECT CASE WHEN c.counted <= {CountedMax} THEN c.counted ELSE greatest(c.counted, (
             SELECT (t.reltuples / nullif(t.relpages, 0) * (pg_relation_size(t.oid) / current_setting('block_size')::integer))::bigint
             FROM pg_class AS t WHERE t.oid = '{table}'::regclass)) END
         FROM (SELECT count(*) AS counted FROM (SELECT FROM {table} LIMIT {CountedMax} + 1) AS f) AS c)
        """;

    private static DueRow ReadDue(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), TimeAt(row, 2));

    private static DateTimeOffset TimeAt(NpgsqlDataReader row, int column) => StoredTime.FromStored(row.GetInt64(column));
}
