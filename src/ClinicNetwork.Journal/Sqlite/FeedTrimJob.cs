namespace ClinicNetwork.Journal.Sqlite;

/// <summary>Takes a site's oldest feed entries out, up to the first that was recorded at or after a time, and marks the last of them.</summary>
internal sealed class FeedTrimJob(string site, long before, int limit) : WriteJob<long>
{
    private long _gone;

    public override bool IsRefusal => false;

    protected override long Result => _gone;

    public override void Write(SqliteSession writer)
    {
        var old = writer.List(
            """
            SELECT f.position, j.recorded_at FROM feed AS f JOIN journal AS j ON j.stream = f.stream AND j.version = f.version
            WHERE f.site = $site ORDER BY f.position LIMIT $limit
            """,
            row => (Position: row.GetInt64(0), RecordedAt: row.GetInt64(1)),
            ("$site", site),
            ("$limit", limit)).TakeWhile(entry => entry.RecordedAt < before).ToList();
        _gone = old.Count;
        if (_gone == 0)
        {
            return;
        }

        writer.Execute("DELETE FROM feed WHERE site = $site AND position <= $last", ("$site", site), ("$last", old[^1].Position));
        writer.Execute(
            "INSERT INTO feed_trimmed (site, position) VALUES ($site, $last) ON CONFLICT (site) DO UPDATE SET position = excluded.position",
            ("$site", site),
            ("$last", old[^1].Position));
    }
}
