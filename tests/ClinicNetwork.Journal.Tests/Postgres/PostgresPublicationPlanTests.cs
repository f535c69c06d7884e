using static ClinicNetwork.Journal.Tests.Contract.Releasing;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>What a publication does by the step and by the page costs the same however much was published before. Pages of what is undelivered or untold look at all of it, and are left out.</summary>
public sealed class PostgresPublicationPlanTests
{
    /// <summary>40,000 persons in 800 cells, released and delivered by publication 1, and 20,000 whose outcome waits; nobody of them permits anything.</summary>
    private const string PublishedBefore =
        """
        INSERT INTO cell (cell, stream, quarter, recipients, region, publication) SELECT 'o-' || n, 'rl-public-outcomes', '2024-Q1', 17, '', 1 FROM generate_series(0, 799) AS n;
        INSERT INTO settled (cell, milestone, status, publication) SELECT 'o-' || n, 'WEEK_4', 'RELEASED', 1 FROM generate_series(0, 799) AS n;
        INSERT INTO consent (person, recipients) SELECT 'op-' || n, 0 FROM generate_series(0, 59999) AS n;
        INSERT INTO pool (person, version, facts, cell) SELECT 'op-' || n, 1, '', CASE WHEN n < 40000 THEN 'o-' || n / 50 END FROM generate_series(0, 59999) AS n;
        INSERT INTO cell_member (person, cell) SELECT 'op-' || n, 'o-' || n / 50 FROM generate_series(0, 39999) AS n;
        INSERT INTO outcome (person, milestone, version, values_) SELECT 'op-' || n, 'WEEK_4', 1, '' FROM generate_series(40000, 59999) AS n;
        INSERT INTO released (person, milestone, publication, cell, values_) SELECT 'op-' || n, 'WEEK_4', 1, 'o-' || n / 50, '' FROM generate_series(0, 39999) AS n;
        INSERT INTO delivery_row (recipient, batch, row, person, milestone, publication, epoch, leaf)
        SELECT 'ag-1', 1, n, 'op-' || n, 'WEEK_4', 1, 1, decode(repeat('00', 32), 'hex') FROM generate_series(0, 39999) AS n;
        INSERT INTO delivery_cell (recipient, cell, batch, epoch) SELECT 'ag-1', 'o-' || n, 1, 1 FROM generate_series(0, 799) AS n;
        INSERT INTO delivery_batch (recipient, number, publication, published_at, rows, root, manifest, signature) VALUES ('ag-1', 1, 1, 0, 40000, '', '', '');
        UPDATE release_profile SET published = 1;
        ANALYZE;
        """;

    /// <summary>Rows read of each table, by whatever scan: who reads an index from end to end reads them all too.</summary>
    private const string RowsRead =
        """
        SELECT relname::text, seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables
        WHERE relname IN ('released', 'delivery_row', 'delivery_cell', 'outcome', 'cell_member', 'pool', 'consent')
        """;

    /// <summary>A full read of the smallest table that grows has 800 (cells of a delivery), of the others 20,000 and more.</summary>
    private const long RowsMax = 700;

    [Fact]
    public async Task Steps_and_pages_of_a_publication_read_no_table_that_grows_from_end_to_end()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c", "pt-d");
        var release = new StreamDriver(store.Journal, Profile);
        await store.SqlAsync(PublishedBefore);
        var before = (await store.QueryAsync(RowsRead)).ToDictionary(row => (string)row[0]!, row => (long)row[1]!);

        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, Form(2, Cell("c-1", Both, "pt-a", "pt-b"))));
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, Form(2, Cell("c-2", Both, "pt-c", "pt-d"))));
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, new(2, [], [], [], ["c-2"], [])));
        Assert.Equal(2, (await store.Exchange.ReadOutcomesAsync(["pt-c", "pt-d"], "WEEK_4", default)).Count);
        Assert.Equal(4, (await store.Exchange.ReadPersonsAsync(["pt-a", "pt-b", "pt-c", "pt-d"], Day, default)).Count);
        await release.AcceptAsync(new Projection.RowsSealed(new(Recipient, 2, 0, [new("pt-a", "WEEK_4", 2, 1, Leaf("pt-a")), new("pt-b", "WEEK_4", 2, 1, Leaf("pt-b"))])));
        Assert.IsType<AppendOutcome.Appended>(await CommitAsync(
            release, 2, await store.Exchange.CountPreparedAsync(2, default), new NewDeliveryBatch(Recipient, 2, 2, [1], [2], [3], [(1, 7), (1, 39_000)])));
        Assert.Equal(["pt-a-published", "pt-b-published"], await DeliveredAsync(store, 2, Registries));
        Assert.Equal(100, (await store.Exchange.ReadBatchRowsAsync(Recipient, 1, 20_000, 100, Registries, 1, Day, default)).Count);
        await persons["pt-a"].AcceptAsync(new Projection.ConsentSet(0));

        // A connection tells its counts at the latest when it ends.
        await store.Store.DisposeAsync();
        await Until.TrueAsync("the store's connections are gone", async () => 0 == await PostgresInstance.ScalarAsync<long>(
            store.Options.ConnectionString, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"));
        Assert.All(await store.QueryAsync(RowsRead), row => Assert.True((long)row[1]! - before[(string)row[0]!] <= RowsMax, $"{row[0]}: {(long)row[1]! - before[(string)row[0]!]} rows read"));
    }
}
