using System.Collections.Concurrent;
using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Journal.Postgres;
using Npgsql;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>Feed positions where commits do not come in the order of their ids, and where ids come twice.</summary>
public sealed class PostgresFeedHorizonTests
{
    private static readonly Projection.FeedReference Reference = new("cl-n", FeedKind.AccessRevoked, false);

    [Fact]
    public async Task A_feed_waits_for_an_older_transaction_says_so_and_misses_nothing()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var feed = store.Store.Projections;
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync(Reference);
        var start = await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 10, default);
        Assert.Single(start.Rows);

        // An older transaction that will commit an entry of its own after the others.
        await using var older = await OpenTransaction.BeginAsync(
            store.Options.ConnectionString,
            "INSERT INTO feed (site, stream, version, kind, plan_changed, command, recorded_at) VALUES ('cl-n', 'pt-late', 1, 3, false, 'Late', 0)");
        await new StreamDriver(store.Journal, "pt-b").AcceptAsync(Reference);
        var waiting = await feed.ReadFeedAsync("cl-n", start.Scanned, 10, default);
        Assert.Empty(waiting.Rows);
        Assert.Equal((start.Scanned, true, true), (waiting.Scanned, waiting.Held, waiting.Exhausted));
        Assert.False((await feed.ReadFeedAsync("cl-other", FeedPosition.Start, 10, default)).Held);

        await older.CommitAsync();
        var resumed = await store.Projections.ReadFeedAsync("cl-n", waiting.Scanned, 10, default);
        Assert.Equal(["pt-late", "pt-b"], resumed.Rows.Select(row => row.Stream));
        Assert.True(resumed.Rows[0].Position < resumed.Rows[1].Position);
    }

    [Fact]
    public async Task Transaction_ids_that_are_given_again_after_a_crash_hide_no_entry()
    {
        // Nothing may flush the traces of the ids that were handed out: no snapshots in the log, a slow log writer.
        var folder = PostgresInstance.NewFolder();
        await using var postgres = await PrivatePostgres.CreateAsync(
            folder, default, "wal_level=minimal", "max_wal_senders=0", "wal_writer_delay=10000", "autovacuum=off");
        var options = PostgresInstance.Options(postgres, "postgres", folder + "-keys");
        await PostgresStore.MigrateAsync(options, default);
        await using var store = await PostgresStore.OpenAsync(options, default);
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync(Reference);
        for (var i = 0; i < 5; i++)
        {
            await PostgresInstance.SqlAsync(options.ConnectionString, "BEGIN; SELECT pg_current_xact_id(); ROLLBACK");
        }

        var bookmark = (await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 10, default)).Scanned;
        var horizon = await PostgresInstance.ScalarAsync<long>(options.ConnectionString, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
        Assert.True(bookmark.Transaction < horizon - 1);
        await postgres.KillAsync();
        await postgres.StartAsync(default);

        var driver = new StreamDriver(store.Journal, "pt-b");
        var next = driver.Next(Reference);
        await Until.TrueAsync("the store writes again", () => Retrying.AcceptedAsync(store.Journal, next));
        var row = Assert.Single((await new PatientProjections(store.Projections).ReadFeedAsync("cl-n", bookmark, 10, default)).Rows);
        Assert.Equal("pt-b", row.Stream);

        // What the test is about: at the horizon of before, the bookmark would have been beyond this entry.
        Assert.True(row.Position.Transaction < horizon, $"{row.Position} against {horizon}: the crash gave no id twice, the test shows nothing");
    }

    /// <summary>A site that catches up must not pay for the whole feed at each page. Counted in blocks of 8 KiB, so that no clock decides.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_costs_the_same_however_long_the_feed_and_with_or_without_statistics(bool analysed)
    {
        // An instance of its own: transactions of other tests would hold entries back.
        var folder = PostgresInstance.NewFolder();
        await using var postgres = await PrivatePostgres.CreateAsync(folder, default, "autovacuum=off");
        var options = PostgresInstance.Options(postgres, "postgres", folder + "-keys");
        await PostgresStore.MigrateAsync(options, default);
        await using var store = await PostgresStore.OpenAsync(options, default);
        var database = options.ConnectionString;
        await FillAsync(database, 10, patients: 1_000, analysed);
        var cursor = (await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 200, default)).Scanned;
        var (fromStart, fromCursor) = (await PageBlocksAsync(database, FeedPosition.Start), await PageBlocksAsync(database, cursor));

        await FillAsync(database, 1_500, patients: 4_000, analysed);
        Assert.InRange(await PageBlocksAsync(database, FeedPosition.Start), 1, fromStart * 5 / 4);
        Assert.InRange(await PageBlocksAsync(database, cursor), 1, fromCursor * 5 / 4);
    }

    /// <summary>In many transactions, as feeds are written.</summary>
    private static async Task FillAsync(string connectionString, int transactions, int patients, bool analysed)
    {
        await PostgresInstance.SqlAsync(
            connectionString,
            $"INSERT INTO patient_access (site, stream) SELECT 'cl-n', 'pt-' || i FROM generate_series(0, {patients - 1}) AS i ON CONFLICT DO NOTHING");
        await PostgresInstance.SqlAsync(
            connectionString,
            $"""
            DO $fill$ BEGIN
                FOR n IN 1..{transactions} LOOP
                    INSERT INTO feed (site, stream, version, kind, plan_changed, command, recorded_at)
                    SELECT 'cl-n', 'pt-' || (i * 7 + n) % {patients}, n, 1, false, 'RecordAssessment', 0 FROM generate_series(1, 400) AS i;
                    COMMIT;
                END LOOP;
            END $fill$
            """);
        if (analysed)
        {
            await PostgresInstance.SqlAsync(connectionString, "VACUUM ANALYZE feed, patient_access");
        }
    }

    private static async Task<int> PageBlocksAsync(string connectionString, FeedPosition after)
    {
        // As a prepared statement's plan for any values: the planner knows least then.
        var plan = await PostgresInstance.ScalarAsync<string>(
            connectionString,
            $"""
            SET plan_cache_mode = force_generic_plan;
            PREPARE page (text, xid8, bigint, integer, integer) AS {FeedReads.Page};
            EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE page ('cl-n', '{after.Transaction}', {after.Entry}, 400, {(int)FeedKind.AccessRevoked})
            """);
        var root = System.Text.Json.JsonDocument.Parse(plan).RootElement[0].GetProperty("Plan");
        return root.GetProperty("Shared Hit Blocks").GetInt32() + root.GetProperty("Shared Read Blocks").GetInt32();
    }

    /// <summary>A connection that only listens would else not find out that its peer is gone without a word.</summary>
    [Fact]
    public async Task What_an_open_transaction_may_come_before_is_not_trimmed()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var feed = store.Store.Projections;
        await using (await OpenTransaction.BeginAsync(store.Options.ConnectionString, "SELECT pg_current_xact_id()"))
        {
            await new StreamDriver(store.Journal, "pt-a").AcceptAsync(Reference);
            Assert.Equal(0, await feed.TrimFeedAsync(DateTimeOffset.MaxValue, 10, default));
        }

        await Until.TrueAsync("the entry is trimmed", async () => await feed.TrimFeedAsync(DateTimeOffset.MaxValue, 10, default) == 1);
        Assert.True((await feed.ReadFeedAsync("cl-n", FeedPosition.Start, 10, default)).IsTooOld);
    }

    /// <summary>As when a dump of a server with far more transactions is read into a new one.</summary>
    [Fact]
    public async Task After_a_restore_the_beginning_is_too_old_and_what_is_written_then_is_read()
    {
        var options = await PostgresInstance.NewStoreAsync();
        await using (var store = await PostgresStore.OpenAsync(options, default))
        {
            await new StreamDriver(store.Journal, "pt-a").AcceptAsync(Reference);
            await Until.TrueAsync("the entry is trimmed", async () => await store.Projections.TrimFeedAsync(DateTimeOffset.MaxValue, 10, default) == 1);
        }

        await PostgresInstance.SqlAsync(options.ConnectionString, "UPDATE feed_trimmed SET tx = '4000000000000'");
        await PostgresStore.RestoredAsync(options, default);
        await using (var restored = await PostgresStore.OpenAsync(options, default))
        {
            Assert.True((await restored.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 10, default)).IsTooOld);
            var head = await restored.Projections.ReadFeedHeadAsync("cl-n", default);
            await new StreamDriver(restored.Journal, "pt-b").AcceptAsync(Reference);
            var page = await new PatientProjections(restored.Projections).ReadFeedAsync("cl-n", head, 10, default);
            Assert.Equal((false, "pt-b"), (page.IsTooOld, Assert.Single(page.Rows).Stream));
        }

        await PostgresInstance.DropAsync(options);
    }

    [Fact]
    public async Task The_connection_that_listens_asks_for_signs_of_life_and_the_others_need_none()
    {
        var options = await PostgresInstance.NewStoreAsync();
        await using var listening = Sessions.Listening(options);
        await using var reading = Sessions.Readers(options);
        Assert.Equal((10, 0), (new NpgsqlConnectionStringBuilder(listening.ConnectionString).KeepAlive, new NpgsqlConnectionStringBuilder(reading.ConnectionString).KeepAlive));
        await PostgresInstance.DropAsync(options);
    }

    [Fact]
    public async Task Hints_reach_another_process_with_the_site_and_come_again_after_the_listener_was_cut_off()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        using var signals = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        var told = new ConcurrentQueue<string?>();
        var listening = other.Hints.ListenAsync(
            site =>
            {
                told.Enqueue(site);
                signals.Release();
            },
            stop.Token);
        Assert.True(await signals.WaitAsync(Until.Patience));

        var stream = new StreamDriver(store.Journal, "pt-a");
        await stream.AcceptAsync(Reference);
        Assert.True(await signals.WaitAsync(Until.Patience));
        await store.SqlAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'");
        Assert.True(await signals.WaitAsync(Until.Patience));
        Assert.Equal([null, "cl-n", null], told);
        await stop.CancelAsync();
        await listening.WaitAsync(Until.Patience);
    }
}
