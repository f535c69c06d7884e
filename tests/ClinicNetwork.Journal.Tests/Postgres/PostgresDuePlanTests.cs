namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>What a command that does something due costs is the same however much is open, also in a database that was filled at once and never analysed.</summary>
public sealed class PostgresDuePlanTests
{
    private const string RowsRead = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'due'";

    /// <summary>So many that each connection has its plan of before, when next to nothing was open, and keeps it.</summary>
    private const int Before = 40;

    private const int After = 5;

    [Fact]
    public async Task What_is_done_is_found_by_its_stream_however_much_is_open()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var stream = new StreamDriver(store.Journal, "pt-a");
        await DoneAsync(stream, Before);
        await store.SqlAsync("INSERT INTO due (stream, kind, at) SELECT 'pt-o-' || n, 'visit', n FROM generate_series(1, 20000) AS n");
        var before = (long)(await store.QueryAsync(RowsRead))[0][0]!;
        await DoneAsync(stream, After);
        Assert.Equal(Before + After, (await store.QueryAsync("SELECT at FROM due WHERE stream = 'pt-a' AND done_version IS NOT NULL")).Count);

        // A connection tells its counts at the latest when it ends.
        await store.Store.DisposeAsync();
        await Until.TrueAsync("the store's connections are gone", async () => 0 == await PostgresInstance.ScalarAsync<long>(
            store.Options.ConnectionString, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"));
        Assert.InRange((long)(await store.QueryAsync(RowsRead))[0][0]! - before, After, 10_000);
    }

    private static async Task DoneAsync(StreamDriver stream, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await stream.AcceptAsync(new Projection.DueSet("visit", DateTimeOffset.UnixEpoch.AddDays(stream.Version)));
            await stream.AcceptAsync(new Projection.DueDone("visit"));
        }
    }
}
