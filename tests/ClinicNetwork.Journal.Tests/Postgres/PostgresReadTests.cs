using System.Diagnostics;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>Reads of a database that is slow or crowded: they fail by themselves and leave the writers alone.</summary>
public sealed class PostgresReadTests
{
    private const string WriterPids =
        "SELECT coalesce(string_agg(pid::text, ',' ORDER BY pid), '') FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%-write'";

    private static Task<OpenTransaction> HoldReadsAsync(PostgresStoreUnderTest store) =>
        OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE patient_access, journal IN ACCESS EXCLUSIVE MODE");

    private static Task BlockedAsync(PostgresStoreUnderTest store, int reads) => Until.TrueAsync(
        $"{reads} reads wait for a lock",
        async () => reads == await PostgresInstance.ScalarAsync<long>(
            store.Options.ConnectionString,
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name LIKE '%-read'"));

    [Fact]
    public async Task A_slow_read_and_one_that_finds_no_place_fail_once_and_leave_the_writers_alone()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync(options => options with { LanesMax = 1, ReadersMax = 1 });
        var stream = new StreamDriver(store.Journal, "pt-a");
        await stream.AcceptAsync();
        var writers = await PostgresInstance.ScalarAsync<string>(store.Options.ConnectionString, WriterPids);
        var gate = await HoldReadsAsync(store);
        var clock = Stopwatch.StartNew();
        var slow = store.Store.Projections.ReadRosterAsync("cl-n", "", 10, default);
        await BlockedAsync(store, 1);
        var crowded = store.Store.Projections.ReadRosterAsync("cl-n", "", 10, default);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => crowded.WaitAsync(Until.Patience));
        Assert.Contains("57014", (await Assert.ThrowsAsync<StoreUnavailableException>(() => slow.WaitAsync(Until.Patience))).Message, StringComparison.Ordinal);

        // The statement's 7 s once; twice when it were tried again.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(13));
        await gate.CommitAsync();
        await gate.DisposeAsync();
        await stream.AcceptAsync();
        Assert.NotEqual("", writers);
        Assert.Equal(writers, await PostgresInstance.ScalarAsync<string>(store.Options.ConnectionString, WriterPids));
        Assert.Empty(await store.Projections.ReadRosterAsync("cl-n", "", 10, default));
    }

    [Fact]
    public async Task Confirmed_reads_that_wait_are_bounded_and_who_gave_up_takes_no_place()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
        var gate = await HoldReadsAsync(store);
        var running = new List<Task<long>>();
        for (var i = 1; i <= 2; i++)
        {
            running.Add(store.Journal.ReadHeadAsync("pt-a", default));
            await BlockedAsync(store, i);
        }

        using var cancel = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 4_096).Select(i => store.Journal.ReadHeadAsync(i % 3 == 0 ? "pt-a" : "pt-none", i < 1_000 ? cancel.Token : default)).ToArray();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Journal.ReadHeadAsync("pt-a", default).WaitAsync(TimeSpan.FromSeconds(2)));
        await cancel.CancelAsync();
        var late = store.Journal.ReadHeadAsync("pt-a", default);
        await gate.CommitAsync();
        await gate.DisposeAsync();

        Assert.All(await Task.WhenAll(running.Append(late)).WaitAsync(Until.Patience), head => Assert.Equal(1, head));

        // A read that gave up ends on a thread of its own: a moment after the cancellation, or after a later read.
        await Task.WhenAny(Task.WhenAll(waiting[..1_000])).WaitAsync(Until.Patience);
        Assert.All(waiting[..1_000], read => Assert.True(read.IsCanceled));
        var heads = await Task.WhenAll(waiting[1_000..]).WaitAsync(Until.Patience);
        Assert.Equal(Enumerable.Range(1_000, 3_096).Select(i => i % 3 == 0 ? 1L : 0L), heads);
    }

    [Fact]
    public async Task Commands_are_counted_up_to_100_000_and_then_estimated_as_the_planner_does()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await store.SqlAsync("ALTER TABLE journal SET (autovacuum_enabled = false)");
        await InsertAsync(1, 100_000);
        Assert.Equal(100_000, (await store.Projections.ReadCountsAsync(default, default)).Commands);

        // Never analysed, it is at least more than was counted; then what the planner takes it for.
        await InsertAsync(100_001, 100_010);
        Assert.InRange((await store.Projections.ReadCountsAsync(default, default)).Commands, 100_001, 10_000_000);
        await store.SqlAsync("ANALYZE journal");
        await store.SqlAsync("UPDATE pg_class SET reltuples = reltuples * 10 WHERE oid = 'journal'::regclass");
        Assert.InRange((await store.Projections.ReadCountsAsync(default, default)).Commands, 900_000, 1_100_000);

        Task InsertAsync(int from, int to) => store.SqlAsync(
            $"""
            INSERT INTO journal (stream, version, request_id, payload_hash, base_hash, row_hash, command, events, answer, actor, site, recorded_at)
            SELECT 'pt-' || i, 1, 'r', '', '', decode(repeat('00', 32), 'hex'), 'Note', '', '', '', '', 0 FROM generate_series({from}, {to}) AS i
            """);
    }
}
