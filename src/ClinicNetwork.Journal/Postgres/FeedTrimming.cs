namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Old entries of feeds, taken out of each site's from its first on, and the mark that says so in the same statement: a page sees both or
/// neither (docs/decisions/0052-the-feed-by-pages.md).
/// </summary>
internal static class FeedTrimming
{
    /// <summary>From site to site by the index.</summary>
    private const string NextSite = "SELECT site FROM feed WHERE site > $1 ORDER BY site LIMIT 1";

    /// <summary>Up to the first that is younger. Below the horizon alone: what an older transaction may still put before an entry is not passed over.</summary>
    private const string Trim =
        """
        WITH oldest AS (
            SELECT tx, position, recorded_at FROM feed
            WHERE site = $1 AND tx < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY tx, position LIMIT $3),
        old AS (SELECT f.tx, f.position FROM (SELECT tx, position, bool_and(recorded_at < $2) OVER (ORDER BY tx, position) AS yes FROM oldest) AS f WHERE f.yes),
        gone AS (DELETE FROM feed AS f USING old WHERE f.site = $1 AND f.tx = old.tx AND f.position = old.position RETURNING f.tx, f.position),
        mark AS (
            INSERT INTO feed_trimmed (site, tx, position) SELECT $1, tx, position FROM gone ORDER BY tx DESC, position DESC LIMIT 1
            ON CONFLICT (site) DO UPDATE SET tx = excluded.tx, position = excluded.position
            WHERE (feed_trimmed.tx, feed_trimmed.position) < (excluded.tx, excluded.position))
        SELECT count(*) FROM gone
        """;

    public static async Task<long> RunAsync(ReadConnections connections, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var trimmed = 0L;
        for (var site = ""; ;)
        {
            var next = await connections.ListAsync(NextSite, row => row.GetString(0), cancellationToken, Query.Text(site)).ConfigureAwait(false);
            if (next.Count == 0)
            {
                return trimmed;
            }

            site = next[0];
            long gone;
            do
            {
                gone = (await connections.ListAsync(
                    Trim, row => row.GetInt64(0), cancellationToken, Query.Text(site), Query.Long(StoredTime.ToStored(before)), Query.Int(limit)).ConfigureAwait(false))[0];
                trimmed += gone;
            }
            while (gone == limit);
        }
    }
}
