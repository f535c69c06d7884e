using Npgsql;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>Groups, their isolation and the bound of the queue. A lock on a table holds one command in its transaction; the rest waits and forms the next group.</summary>
public sealed class PostgresGroupTests
{
    private static Append First(PostgresStoreUnderTest store, string stream, params IReadOnlyList<Projection> projections) =>
        new StreamDriver(store.Journal, stream).Next(projections);

    private static async Task<(PostgresStoreUnderTest Store, OpenTransaction Lock, Task<AppendOutcome> Held)> HoldAsync(int queueMax = 100)
    {
        var store = await PostgresStoreUnderTest.CreateAsync(options => options with { LanesMax = 1, QueueMax = queueMax });
        await new StreamDriver(store.Journal, "pt-warm").AcceptAsync();
        var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE data_key IN EXCLUSIVE MODE");
        var held = store.Journal.AppendAsync(First(store, "pt-held"), default);
        await Until.BlockedAsync(store.Options.ConnectionString);
        return (store, gate, held);
    }

    [Fact]
    public async Task A_conflict_fails_alone_in_its_group()
    {
        var (store, gate, held) = await HoldAsync();
        await using var _ = store;
        var reference = new Projection.FeedReference("cl-n", FeedKind.AccessRevoked, false);
        Task<AppendOutcome>[] group =
        [
            store.Journal.AppendAsync(First(store, "pt-a", reference), default),
            store.Journal.AppendAsync(First(store, "pt-warm", reference), default),
            store.Journal.AppendAsync(First(store, "pt-c", reference) with { BaseHash = new byte[32] }, default),
            store.Journal.AppendAsync(First(store, "pt-d", reference) with { Version = 2 }, default),
            store.Journal.AppendAsync(First(store, "pt-e", reference), default),
        ];
        await Until.TrueAsync("four wait", () => Task.FromResult(store.Store.Statistics.Waiting == 4));
        var commits = store.Store.Statistics.Commits;
        await gate.CommitAsync();
        await gate.DisposeAsync();

        var outcomes = await Task.WhenAll(group.Prepend(held)).WaitAsync(Until.Patience);
        Assert.IsType<AppendOutcome.Appended>(outcomes[0]);
        Assert.IsType<AppendOutcome.Appended>(outcomes[1]);
        Assert.Equal(1, Assert.IsType<AppendOutcome.AlreadyAppended>(outcomes[2]).Request.Row.Version);
        Assert.Equal(new AppendOutcome.VersionConflict(0), outcomes[3]);
        Assert.Equal(new AppendOutcome.VersionConflict(0), outcomes[4]);
        Assert.IsType<AppendOutcome.Appended>(outcomes[5]);
        Assert.InRange(store.Store.Statistics.Commits - commits, 1, 2);
        Assert.Equal(["pt-a", "pt-e"], (await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 10, default)).Rows.Select(row => row.Stream));
    }

    [Fact]
    public async Task A_group_that_is_rolled_back_is_tried_again_one_by_one()
    {
        var (store, gate, held) = await HoldAsync();
        await using var _ = store;

        // A command that the database refuses for a reason that the store knows nothing of, as good as any bug.
        await store.SqlAsync("ALTER TABLE follow_up ADD CONSTRAINT planted CHECK (milestone <> 'WEEK_99')");
        var good = store.Journal.AppendAsync(First(store, "pt-a"), default);
        var bad = store.Journal.AppendAsync(First(store, "pt-b", new Projection.FollowUpSet("cl-n", "WEEK_99", default, default)), default);
        var after = store.Journal.AppendAsync(First(store, "pt-c"), default);
        await Until.TrueAsync("three wait", () => Task.FromResult(store.Store.Statistics.Waiting == 3));
        await gate.CommitAsync();
        await gate.DisposeAsync();

        Assert.All(await Task.WhenAll(held, good, after).WaitAsync(Until.Patience), outcome => Assert.IsType<AppendOutcome.Appended>(outcome));
        Assert.Equal("23514", (await Assert.ThrowsAsync<PostgresException>(() => bad)).SqlState);
        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-b", default));
    }

    [Fact]
    public async Task A_full_queue_refuses_and_a_cancelled_command_in_it_is_not_executed()
    {
        var (store, gate, held) = await HoldAsync(queueMax: 3);
        await using var _ = store;
        using var cancel = new CancellationTokenSource();
        var first = store.Journal.AppendAsync(First(store, "pt-1"), default);
        var cancelled = store.Journal.AppendAsync(First(store, "pt-2"), cancel.Token);
        var third = store.Journal.AppendAsync(First(store, "pt-3"), default);
        await Until.TrueAsync("three wait", () => Task.FromResult(store.Store.Statistics.Waiting == 3));
        await Assert.ThrowsAsync<JournalBusyException>(() => store.Journal.AppendAsync(First(store, "pt-4"), default));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Until.Patience));
        await gate.CommitAsync();
        await gate.DisposeAsync();
        await Task.WhenAll(held, first, third).WaitAsync(Until.Patience);
        var heads = await Task.WhenAll(Enumerable.Range(1, 4).Select(i => store.Journal.ReadHeadAsync($"pt-{i}", default)));
        Assert.Equal([1, 0, 1, 0], heads);
    }

    [Fact]
    public async Task A_lock_held_too_long_is_definitely_not_executed()
    {
        var (store, gate, held) = await HoldAsync();
        await using var _ = store;
        await Assert.ThrowsAsync<JournalBusyException>(() => held.WaitAsync(Until.Patience));
        await gate.CommitAsync();
        await gate.DisposeAsync();
        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-held", default));
    }

    [Fact]
    public async Task Commands_of_many_callers_share_commits()
    {
        await using var store = await PostgresStoreUnderTest.CreateBySystemClockAsync();
        var before = store.Store.Statistics.Commits;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(async () =>
        {
            var stream = new StreamDriver(store.Journal, $"pt-{i}");
            for (var n = 0; n < 20; n++)
            {
                await stream.AcceptAsync();
            }
        })));

        Assert.Equal(64 * 20, (await store.Projections.ReadCountsAsync(default, default)).Commands);
        Assert.InRange(store.Store.Statistics.Commits - before, 20, 64 * 20 / 4);
    }

    [Fact]
    public async Task Two_stores_that_race_for_every_version_keep_one_history_of_each_stream()
    {
        await using var one = await PostgresStoreUnderTest.CreateBySystemClockAsync();
        await using var other = await ClinicNetwork.Journal.Postgres.PostgresStore.OpenAsync(one.Options, default);
        const int Rounds = 40;
        IJournal[] journals = [one.Journal, other.Journal];
        var reference = new Projection.FeedReference("cl-n", FeedKind.AccessRevoked, false);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            var stream = $"pt-{i % 3}";
            var journal = journals[i % 2];
            for (var n = 0; n < Rounds; n++)
            {
                // As a grain after a conflict: read the tail, decide anew.
                var rows = await journal.ReadAsync(stream, 0, int.MaxValue, default);
                var next = new StreamDriver(journal, stream).Next(reference) with
                {
                    Version = rows.Count + 1,
                    BaseHash = rows.Count == 0 ? [] : rows[^1].RowHash,
                    Origin = StreamDriver.Origin($"{i}-{n}", "payload"),
                };
                Assert.True(await journal.AppendAsync(next, default) is AppendOutcome.Appended or AppendOutcome.VersionConflict);
            }
        })));

        var commands = 0;
        foreach (var stream in (string[])["pt-0", "pt-1", "pt-2"])
        {
            var rows = await one.Journal.ReadAsync(stream, 0, int.MaxValue, default);
            Assert.Equal(Enumerable.Range(1, rows.Count).Select(version => (long)version), rows.Select(row => row.Version));
            Assert.Equal(rows.Select(row => row.RecordedAt).Order(), rows.Select(row => row.RecordedAt));
            commands += rows.Count;
        }

        Assert.True(commands >= Rounds);
        Assert.Equal(commands, (await one.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 999, default)).Rows.Count);
    }

    [Fact]
    public async Task A_predecessor_stamped_by_a_clock_that_is_ahead_gives_its_time_to_the_next()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var stream = new StreamDriver(store.Journal, "pt-a");
        await store.Clock.AdvanceAsync(store.Clock.Now.AddDays(2), default);
        var ahead = (await stream.AcceptAsync()).RecordedAt;
        await store.SqlAsync("UPDATE store SET manual_now = manual_now - 86400000");
        await store.RestartAsync();
        Assert.Equal(ahead.AddDays(-1), store.Clock.Now);
        var behind = new StreamDriver(store.Journal, "pt-a").Next() with { Version = 2, BaseHash = stream.Head, Origin = StreamDriver.Origin("second", "p") };
        Assert.Equal(ahead, Assert.IsType<AppendOutcome.Appended>(await store.Journal.AppendAsync(behind, default)).RecordedAt);
        Assert.Equal(2, (await store.Journal.ReadAsync("pt-a", 0, 9, default)).Count);
    }
}
