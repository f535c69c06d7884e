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
        SELECT f.tx, f.position, f.stream, f.version, f.kind, f.command, f.plan_changed, f.recorded_at, a.yes OR f.kind >= $5, h.held
        FROM (SELECT EXISTS (
                SELECT FROM feed AS b
                WHERE b.site = $1 AND b.tx >= pg_snapshot_xmin(pg_current_snapshot()) AND b.tx >= $2 AND NOT (b.tx = $2 AND b.position <= $3)) AS held) AS h
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
            row => (Row: row.IsDBNull(0) ? null : ReadRow(row), MayRead: !row.IsDBNull(8) && row.GetBoolean(8), Held: row.GetBoolean(9)),
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
        return new FeedPage(visible, position, Exhausted: visible.Count < limit && scanned.Count < scan, Held: held);
    }

    private static FeedRow ReadRow(NpgsqlDataReader row) => new(
        new((long)row.GetFieldValue<ulong>(0), row.GetInt64(1)),
        row.GetString(2),
        row.GetInt64(3),
        (FeedKind)row.GetInt32(4),
        row.GetString(5),
        row.GetBoolean(6),
        StoredTime.FromStored(row.GetInt64(7)));
}
