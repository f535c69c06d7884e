using System.Diagnostics;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>Groups, their isolation and the bound of the queue. A lock on a table holds one command in its transaction; the rest waits and forms the next group.</summary>
public sealed class PostgresGroupTests
{
    private static Append First(PostgresStoreUnderTest store, string stream, params IReadOnlyList<Projection> projections) =>
        new StreamDriver(store.Journal, stream).Next(projections);

    /// <param name="lockSecondsMax">By default longer than in production, because a busy machine may need some seconds for what a test does meanwhile.</param>
    private static async Task<(PostgresStoreUnderTest Store, OpenTransaction Lock, Task<AppendOutcome> Held)> HoldAsync(int queueMax = 100, int lockSecondsMax = 5)
    {
        var store = await PostgresStoreUnderTest.CreateAsync(options => options with { LanesMax = 1, QueueMax = queueMax, LockSecondsMax = lockSecondsMax });
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
        Assert.Contains("23514, constraint planted", (await Assert.ThrowsAsync<AppendFailedException>(() => bad)).Message, StringComparison.Ordinal);
        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-b", default));
    }

    [Fact]
    public async Task One_locked_row_costs_its_own_command_and_not_its_neighbours()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync(options => options with { LanesMax = 1 });
        await new StreamDriver(store.Journal, "pt-a-blocked").AcceptAsync(new Projection.ConsentSet(1));
        var blocked = new StreamDriver(store.Journal, "pt-a-blocked").Next(new Projection.ConsentSet(0)) with
        {
            Version = 2,
            BaseHash = (await store.Journal.ReadAsync("pt-a-blocked", 0, 1, default))[0].RowHash,
            Origin = StreamDriver.Origin("withdraw", "p"),
        };

        // The lane is held, so that all four are in one group.
        var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE data_key IN EXCLUSIVE MODE");
        var held = store.Journal.AppendAsync(First(store, "pt-held"), default);
        await Until.BlockedAsync(store.Options.ConnectionString);
        await using var row = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "SELECT FROM consent WHERE person = 'pt-a-blocked' FOR SHARE");
        var refused = store.Journal.AppendAsync(blocked, default);
        Task<AppendOutcome>[] neighbours = [.. ((string[])["pt-b", "pt-c", "pt-d"]).Select(stream => store.Journal.AppendAsync(First(store, stream), default))];
        await Until.TrueAsync("four wait", () => Task.FromResult(store.Store.Statistics.Waiting == 4));
        await gate.CommitAsync();
        await gate.DisposeAsync();
        var clock = Stopwatch.StartNew();

        Assert.All(await Task.WhenAll(neighbours.Prepend(held)).WaitAsync(Until.Patience), outcome => Assert.IsType<AppendOutcome.Appended>(outcome));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<JournalBusyException>(() => refused.WaitAsync(Until.Patience));
        Assert.Equal(1, await store.Journal.ReadHeadAsync("pt-a-blocked", default));
    }

    [Fact]
    public async Task A_group_that_takes_too_long_is_given_up_definitely()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync(options => options with { LanesMax = 1 });
        await new StreamDriver(store.Journal, "pt-warm").AcceptAsync();
        var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE data_key IN EXCLUSIVE MODE");
        var held = store.Journal.AppendAsync(First(store, "pt-held"), default);
        await Until.BlockedAsync(store.Options.ConnectionString);
        Task<AppendOutcome>[] group = [.. Enumerable.Range(0, 8).Select(i => store.Journal.AppendAsync(First(store, $"pt-{i}"), default))];
        await Until.TrueAsync("eight wait", () => Task.FromResult(store.Store.Statistics.Waiting == 8));
        var clock = Stopwatch.StartNew();
        foreach (var append in group.Prepend(held))
        {
            await Assert.ThrowsAsync<JournalBusyException>(() => append.WaitAsync(Until.Patience));

            // The server ends who is idle in a transaction for 10 s.
            await gate.RunAsync("SELECT 1");
        }

        // Of the held one and of the group: 2 s, and 8 s at most. Command by command it would be 20 s.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(14));
        await gate.CommitAsync();
        await gate.DisposeAsync();
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.Journal.ReadHeadAsync($"pt-{i}", default))), head => Assert.Equal(0, head));
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
        var (store, gate, held) = await HoldAsync(lockSecondsMax: 2);
        await using var _ = store;
        await Assert.ThrowsAsync<JournalBusyException>(() => held.WaitAsync(Until.Patience));
        await gate.CommitAsync();
        await gate.DisposeAsync();
        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-held", default));
    }

    /// <summary>Who calls while the lane commits, shares the next commit: told by a lane that is held until all callers wait, not by how fast they come.</summary>
    [Fact]
    public async Task Commands_of_many_callers_share_commits()
    {
        const int Callers = 64, Rounds = 5;
        await using var store = await PostgresStoreUnderTest.CreateBySystemClockAsync(options => options with { LanesMax = 1, LockSecondsMax = 5 });
        var streams = Enumerable.Range(0, Callers).Select(i => new StreamDriver(store.Journal, $"pt-{i}")).ToList();
        var holder = new StreamDriver(store.Journal, "pt-holder");
        var before = store.Store.Statistics.Commits;
        for (var round = 0; round < Rounds; round++)
        {
            var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE journal IN EXCLUSIVE MODE");
            var held = holder.AcceptAsync();
            await Until.BlockedAsync(store.Options.ConnectionString);
            var accepted = streams.Select(stream => stream.AcceptAsync()).ToList();
            await Until.TrueAsync("all callers wait", () => Task.FromResult(store.Store.Statistics.Waiting == Callers));
            await gate.CommitAsync();
            await gate.DisposeAsync();
            await Task.WhenAll(accepted.Prepend(held)).WaitAsync(Until.Patience);
        }

        Assert.Equal(Rounds * (Callers + 1), (await store.Projections.ReadCountsAsync(default, default)).Commands);
        Assert.Equal(Rounds * 2, store.Store.Statistics.Commits - before);
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
