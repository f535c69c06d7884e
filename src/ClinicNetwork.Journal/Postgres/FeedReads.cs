using Npgsql;
using NpgsqlTypes;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// A site's feed in the order (transaction, entry). An entry of a transaction that began earlier may be committed later, so only entries
/// below the horizon are read: the oldest transaction id that was still running at this statement's snapshot. Below it nothing can appear
/// any more (docs/decisions/0009-feed-positions.md).
/// </summary>
internal static class FeedReads
{
    /// <summary>References looked at in one call: bounds the work of a site that may read little of what was addressed to it.</summary>
    private const int ScanMax = 4_096;

    /// <summary>References looked at in one call at least, so that a short page steps over hidden ones.</summary>
    private const int ScanMin = 256;

    /// <summary>
    /// One statement, hence one snapshot. One row at least: whether entries of this site are held back stands in each. The work is that of the
    /// page, however long the feed and whatever the planner thinks of the tables: what is held back is looked for by plain bounds on tx, of
    /// which the index takes the higher (a row comparison beside one would start at the cursor and walk to the feed's end), and LIMIT 1 keeps
    /// access a look-up by key.
    /// </summary>
    internal const string Page =
        """
        SELECT f.tx, f.position, f.stream, f.version, f.kind, f.command, f.plan_changed, f.recorded_at, a.yes OR f.kind >= $5, h.held, h.trimmed
        FROM (SELECT EXISTS (
                SELECT FROM feed AS b
                WHERE b.site = $1 AND b.tx >= pg_snapshot_xmin(pg_current_snapshot()) AND b.tx >= $2 AND NOT (b.tx = $2 AND b.position <= $3)) AS held,
            EXISTS (SELECT FROM feed_trimmed AS t WHERE t.site = $1 AND (t.tx, t.position) > ($2, $3)) AS trimmed) AS h
        LEFT JOIN LATERAL (
            SELECT * FROM feed AS b
            WHERE b.site = $1 AND (b.tx, b.position) > ($2, $3) AND b.tx < pg_snapshot_xmin(pg_current_snapshot())
            ORDER BY b.tx, b.position LIMIT $4) AS f ON true
        LEFT JOIN LATERAL (SELECT true AS yes FROM patient_access AS a WHERE a.site = f.site AND a.stream = f.stream LIMIT 1) AS a ON true
        ORDER BY f.tx, f.position
        """;

    public static async Task<FeedPage> ReadAsync(ReadConnections readers, string site, FeedPosition after, int limit, CancellationToken cancellationToken)
    {
        var scan = (int)Math.Clamp(limit * 2L, ScanMin, ScanMax);
        var found = await readers.ListAsync(
#if FAULTS
            Faults.Has("ReadsFeedOverGaps") ? Page.Replace("b.tx < pg_snapshot_xmin(pg_current_snapshot())", "true", StringComparison.Ordinal) : Page,
#else
            Page,
#endif
            row => (Row: row.IsDBNull(0) ? null : ReadRow(row), MayRead: !row.IsDBNull(8) && row.GetBoolean(8), Held: row.GetBoolean(9), Trimmed: row.GetBoolean(10)),
            cancellationToken,
            Query.Text(site),
            new NpgsqlParameter<ulong> { TypedValue = (ulong)after.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 },
            Query.Long(after.Entry),
            Query.Int(scan),
            Query.Int((int)FeedKind.AccessRevoked)).ConfigureAwait(false);
        var held = found[0].Held;
        var scanned = found.FindAll(entry => entry.Row is not null);
        var visible = scanned.Where(entry => entry.MayRead).Select(entry => entry.Row!).Take(limit).ToList();

        // The last entry really looked at, never the horizon: transaction ids that were handed out and left no trace on the disk are used
        // again after PostgreSQL has crashed, so a bookmark at the horizon would step over entries written then.
        var position = visible.Count == limit ? visible.LastOrDefault()?.Position ?? after : scanned.Count > 0 ? scanned[^1].Row!.Position : after;
#if FAULTS
        if (Faults.Has("SkipsLastOfPage") && visible.Count == limit && limit > 1)
        {
            visible.RemoveAt(limit - 1);
            return new FeedPage(visible, position, Exhausted: false, Held: held);
        }

        if (Faults.Has("BookmarksTooFar") && visible.Count < limit && scanned.Count < scan)
        {
            var next = await readers.ListAsync("SELECT pg_snapshot_xmax(pg_current_snapshot())", row => row.GetFieldValue<ulong>(0), cancellationToken).ConfigureAwait(false);
            position = new((long)next[0], 0);
        }
#endif
        return new FeedPage(visible, position, Exhausted: visible.Count < limit && scanned.Count < scan, Held: held, IsTooOld: found[0].Trimmed);
    }

    /// <summary>The last entry below the horizon, trimmed or not: one that is held back comes after it, and is told again.</summary>
    public static async Task<FeedPosition> ReadHeadAsync(ReadConnections readers, string site, CancellationToken cancellationToken)
    {
        var head = await readers.ListAsync(
            """
            SELECT e.tx, e.position FROM (
                (SELECT tx, position FROM feed WHERE site = $1 AND tx < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY tx DESC, position DESC LIMIT 1)
                UNION ALL (SELECT tx, position FROM feed_trimmed WHERE site = $1)) AS e
            ORDER BY e.tx DESC, e.position DESC LIMIT 1
            """,
            PositionOf,
            cancellationToken,
            Query.Text(site)).ConfigureAwait(false);
        return head.Count == 0 ? FeedPosition.Start : head[0];
    }

    public static async Task<IReadOnlyDictionary<string, FeedPosition>> ReadEndsAsync(ReadConnections readers, IReadOnlyList<string> sites, CancellationToken cancellationToken)
    {
        var ends = await readers.ListAsync(
            """
            SELECT f.tx, f.position, s.site FROM unnest($1::text[]) AS s (site)
            CROSS JOIN LATERAL (SELECT tx, position FROM feed WHERE feed.site = s.site ORDER BY tx DESC, position DESC LIMIT 1) AS f
            """,
            row => (Site: row.GetString(2), End: PositionOf(row)),
            cancellationToken,
            Query.Texts(sites, site => site)).ConfigureAwait(false);
        var found = ends.ToDictionary(end => end.Site, end => end.End, StringComparer.Ordinal);
        return sites.ToDictionary(site => site, site => found.GetValueOrDefault(site), StringComparer.Ordinal);
    }

    private static FeedPosition PositionOf(NpgsqlDataReader row) => new((long)row.GetFieldValue<ulong>(0), row.GetInt64(1));

    private static FeedRow ReadRow(NpgsqlDataReader row) => new(
        PositionOf(row),
        row.GetString(2),
        row.GetInt64(3),
        (FeedKind)row.GetInt32(4),
        row.GetString(5),
        row.GetBoolean(6),
        StoredTime.FromStored(row.GetInt64(7)));
}
