using System.Diagnostics;
using ClinicNetwork.Journal.Sqlite;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>Groups, their isolation and the bound of the queue. The gate holds one command before its commit; the rest waits and forms the next group.</summary>
public sealed class GroupCommitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static Append First(SqliteStoreUnderTest store, string stream, params IReadOnlyList<Projection> projections) =>
        new StreamDriver(store.Journal, stream).Next(projections);

    /// <summary>Fails within the transaction by a CHECK of the table: as good as any bug in a projection.</summary>
    private static Projection Failing() =>
        new Projection.PublicationPrepared(new(1, [], [new MilestoneSettled("c-1", "WEEK_4", "NO_SUCH_STATUS")], [], [], []));

    private static async Task<(SqliteStoreUnderTest Store, Task<AppendOutcome> Held)> HoldAsync(WriterGate gate, int queueMax = 100)
    {
        var store = await SqliteStoreUnderTest.CreateAsync(options => options with { Hooks = gate.Hooks, QueueMax = queueMax });
        await new StreamDriver(store.Journal, "pt-x").AcceptAsync(new Projection.ConsentSet(17), new Projection.PoolEntered("2025-Q1", ["x"]));
        await new StreamDriver(store.Journal, "rl-public").AcceptAsync(
            new Projection.PublicationPrepared(new(1, [new("c-1", "2025-Q1", 17, ["*"], ["pt-x"])], [], [], [], [])));
        gate.Close();
        var held = store.Journal.AppendAsync(First(store, "pt-held"), default);
        await gate.ArrivedAsync();
        return (store, held);
    }

    [Fact]
    public async Task A_command_that_fails_or_conflicts_fails_alone_in_its_group()
    {
        using var gate = new WriterGate();
        var (store, held) = await HoldAsync(gate);
        await using var _ = store;
        var reference = new Projection.FeedReference("cl-n", FeedKind.AccessRevoked, false);
        var patient = new Projection.PatientIndexed("cl-n", "1", "Anna", "Muster", new DateOnly(1980, 5, 17));
        Task<AppendOutcome>[] group =
        [
            store.Journal.AppendAsync(First(store, "pt-a", patient, reference), default),
            store.Journal.AppendAsync(First(store, "pt-b", reference) with { Version = 2 }, default),
            store.Journal.AppendAsync(First(store, "pt-c", reference, Failing()), default),
            store.Journal.AppendAsync(First(store, "pt-d", reference, patient), default),
            store.Journal.AppendAsync(First(store, "pt-e", reference), default),
        ];
        var commits = store.Store.Statistics.Commits;
        gate.Open();

        Assert.IsType<AppendOutcome.Appended>(await held.WaitAsync(Patience));
        Assert.IsType<AppendOutcome.Appended>(await group[0].WaitAsync(Patience));
        Assert.Equal(new AppendOutcome.VersionConflict(0), await group[1].WaitAsync(Patience));
        await Assert.ThrowsAsync<AppendFailedException>(() => group[2].WaitAsync(Patience));
        Assert.Equal(new AppendOutcome.KeyTaken("record_number"), await group[3].WaitAsync(Patience));
        Assert.IsType<AppendOutcome.Appended>(await group[4].WaitAsync(Patience));
        Assert.Equal(commits + 2, store.Store.Statistics.Commits);
        Assert.Equal(["pt-a", "pt-e"], (await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 10, default)).Rows.Select(row => row.Stream));
        foreach (var stream in (string[])["pt-b", "pt-c", "pt-d"])
        {
            Assert.Equal(0, await store.Journal.ReadHeadAsync(stream, default));
        }
    }

    [Fact]
    public async Task A_patient_whose_last_key_goes_in_a_group_takes_no_command_behind_it()
    {
        using var gate = new WriterGate();
        var (store, held) = await HoldAsync(gate);
        await using var _ = store;
        gate.Open();
        await held.WaitAsync(Patience);
        var patient = new StreamDriver(store.Journal, "pt-a");
        await patient.AcceptAsync(new Projection.SitesSet(["clinics/a"]));
        gate.Close();
        held = store.Journal.AppendAsync(First(store, "pt-b"), default);
        await gate.ArrivedAsync();
        var destroyed = store.Journal.AppendAsync(First(store, "cl-a", new Projection.HolderDestroyed("clinics/a")), default);
        var behind = store.Journal.AppendAsync(patient.Next(new Projection.SitesSet(["clinics/a", "clinics/b"])), default);
        gate.Open();

        Assert.All(await Task.WhenAll(held, destroyed).WaitAsync(Patience), outcome => Assert.IsType<AppendOutcome.Appended>(outcome));
        Assert.Equal(KeyLoss.Orphaned, (await Assert.ThrowsAsync<KeyLostException>(() => behind.WaitAsync(Patience))).Loss);
        Assert.Equal(1, await store.Journal.ReadHeadAsync("pt-a", default));
        Assert.Empty(await store.QueryAsync("SELECT holder FROM key_wrap WHERE stream = 'pt-a'"));
    }

    [Fact]
    public async Task A_file_that_another_process_holds_is_waited_for_once_by_a_group_and_not_by_each_of_its_commands()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync(options => options with { Hooks = new WriterHooks { Opened = WaitOneSecond } });
        using var other = SqliteSession.Open(Path.Combine(store.Folder, "journal.db"), Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite);
        other.RunScript("BEGIN IMMEDIATE");
        var clock = Stopwatch.StartNew();
        foreach (var append in Enumerable.Range(0, 16).Select(i => store.Journal.AppendAsync(First(store, $"pt-{i}"), default)).ToArray())
        {
            await Assert.ThrowsAsync<JournalBusyException>(() => append.WaitAsync(Patience));
        }

        // Two groups, a second each; command by command it would be 18.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(9));
        other.RunScript("ROLLBACK");
        Assert.IsType<AppendOutcome.Appended>(await store.Journal.AppendAsync(First(store, "pt-0"), default));

        static void WaitOneSecond(SqliteSession session)
        {
            session.RunScript("PRAGMA busy_timeout = 0");
            session.Connection.DefaultTimeout = 1;
        }
    }

    [Fact]
    public async Task A_full_queue_refuses_and_a_cancelled_command_in_it_is_not_executed()
    {
        using var gate = new WriterGate();
        var (store, held) = await HoldAsync(gate, queueMax: 3);
        await using var _ = store;
        using var cancel = new CancellationTokenSource();
        var first = store.Journal.AppendAsync(First(store, "pt-1"), default);
        var cancelled = store.Journal.AppendAsync(First(store, "pt-2"), cancel.Token);
        var third = store.Journal.AppendAsync(First(store, "pt-3"), default);
        await Assert.ThrowsAsync<JournalBusyException>(() => store.Journal.AppendAsync(First(store, "pt-4"), default));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Patience));
        gate.Open();
        await Task.WhenAll(held, first, third).WaitAsync(Patience);
        var heads = await Task.WhenAll(Enumerable.Range(1, 4).Select(i => store.Journal.ReadHeadAsync($"pt-{i}", default)));
        Assert.Equal([1, 0, 1, 0], heads);
        Assert.IsType<AppendOutcome.Appended>(await store.Journal.AppendAsync(First(store, "pt-4"), default));
    }

    [Fact]
    public async Task A_command_that_the_writer_has_taken_stands_though_its_caller_gives_up()
    {
        using var gate = new WriterGate();
        await using var store = await SqliteStoreUnderTest.CreateAsync(options => options with { Hooks = gate.Hooks });
        using var cancel = new CancellationTokenSource();
        gate.Close();
        var taken = store.Journal.AppendAsync(First(store, "pt-a"), cancel.Token);
        await gate.ArrivedAsync();
        await cancel.CancelAsync();
        gate.Open();
        Assert.IsType<AppendOutcome.Appended>(await taken.WaitAsync(Patience));
    }

    [Fact]
    public async Task Commands_of_many_callers_share_commits()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
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
        Assert.InRange(store.Store.Statistics.Commits - before, 20, 64 * 20 / 2);
    }

    [Fact]
    public async Task What_waits_when_the_store_is_closed_is_written_and_later_commands_are_refused()
    {
        using var gate = new WriterGate();
        var (store, held) = await HoldAsync(gate);
        await using var _ = store;
        var waiting = store.Journal.AppendAsync(First(store, "pt-a"), default);
        var journal = store.Journal;
        var restart = store.RestartAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.AppendAsync(First(store, "pt-b"), default));
        gate.Open();

        await Task.WhenAll(held, waiting, restart).WaitAsync(Patience);
        Assert.Equal(1, await store.Journal.ReadHeadAsync("pt-a", default));
    }
}
