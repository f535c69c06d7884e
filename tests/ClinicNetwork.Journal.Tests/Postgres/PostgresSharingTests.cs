using ClinicNetwork.Journal.Postgres;
using ClinicNetwork.Journal.Tests.Contract;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>What several processes share: consent and publications, leases, clocks.</summary>
public sealed class PostgresSharingTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private static async Task<StreamDriver> EnterAsync(PostgresStoreUnderTest store, string person)
    {
        var driver = new StreamDriver(store.Journal, person);
        await driver.AcceptAsync(new Projection.ConsentSet(Releasing.Registries), new Projection.PoolEntered("2025-Q1", ["x"]));
        return driver;
    }

    private static Task BothWaitAsync(PostgresStoreUnderTest store) => Until.TrueAsync("both wait", () => PostgresInstance.ScalarAsync<bool>(
        store.Options.ConnectionString,
        "SELECT count(*) = 2 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name LIKE '%-write'"));

    [Fact]
    public async Task A_withdrawal_that_is_under_way_is_waited_for_and_stops_the_publication()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await EnterAsync(store, "pt-a");
        await using var withdrawal = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "UPDATE consent SET recipients = 0 WHERE person = 'pt-a'");
        var release = new StreamDriver(store.Journal, Releasing.Profile);
        var publishing = release.AppendAsync(release.Next(new Projection.PublicationPrepared(Releasing.Form(1, Releasing.Cell("c-1", Releasing.Registries, "pt-a")))));
        await Until.BlockedAsync(store.Options.ConnectionString);
        await withdrawal.CommitAsync();

        Assert.Equal(new AppendOutcome.KeyTaken("consent"), await publishing.WaitAsync(Until.Patience));
        Assert.Equal(0, await store.Exchange.CountPreparedAsync(1, default));
    }

    [Fact]
    public async Task A_withdrawal_during_a_step_waits_and_then_takes_the_prepared_row_for_ever()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var anna = await EnterAsync(store, "pt-a");

        // Holds the publication after it has read consent and before its batch is written.
        await using var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE released IN EXCLUSIVE MODE");
        var release = new StreamDriver(store.Journal, Releasing.Profile);
        var publishing = release.AppendAsync(release.Next(new Projection.PublicationPrepared(Releasing.Form(1, Releasing.Cell("c-1", Releasing.Registries, "pt-a")))));
        await Until.BlockedAsync(store.Options.ConnectionString);
        var withdrawing = anna.AppendAsync(anna.Next(new Projection.ConsentSet(0)));
        await BothWaitAsync(store);
        await gate.CommitAsync();

        Assert.IsType<AppendOutcome.Appended>(await publishing.WaitAsync(Until.Patience));
        Assert.IsType<AppendOutcome.Appended>(await withdrawing.WaitAsync(Until.Patience));
        Assert.Equal(0, await store.Exchange.CountPreparedAsync(1, default));
        Assert.Equal([new("pt-a", 0)], Assert.Single(await store.Exchange.ReadCellsAsync(Releasing.Day, default)).Members);
        await anna.AcceptAsync(new Projection.ConsentSet(Releasing.Registries));
        Assert.Equal(0, await store.Exchange.CountPreparedAsync(1, default));
    }

    [Fact]
    public async Task A_commit_waits_for_a_withdrawal_that_is_under_way_and_then_finds_a_row_too_few()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var anna = await EnterAsync(store, "pt-a");
        var release = new StreamDriver(store.Journal, Releasing.Profile);
        await Releasing.PrepareAsync(release, Releasing.Form(1, Releasing.Cell("c-1", Releasing.Registries, "pt-a")));
        var batch = await Releasing.SealAsync(store, release, 1, 1, Releasing.Registries);

        // Holds the withdrawal after it has shared the profile.
        await using var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "SELECT 1 FROM consent WHERE person = 'pt-a' FOR UPDATE");
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        var withdrawing = other.Journal.AppendAsync(anna.Next(new Projection.ConsentSet(0)), default);
        await Until.BlockedAsync(store.Options.ConnectionString);
        var committing = Releasing.CommitAsync(release, 1, 1, batch);
        await BothWaitAsync(store);
        await gate.CommitAsync();

        Assert.IsType<AppendOutcome.Appended>(await withdrawing.WaitAsync(Until.Patience));
        Assert.Equal(new AppendOutcome.KeyTaken("prepared"), await committing.WaitAsync(Until.Patience));
        Assert.Equal(0, await store.Exchange.ReadPublishedAsync(Releasing.Profile, default));
    }

    [Fact]
    public async Task Rows_are_sealed_after_a_withdrawal_that_is_under_way_and_then_without_it()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var anna = await EnterAsync(store, "pt-a");
        await Releasing.AgreeAsync(store, Releasing.Recipient, Releasing.Registries);
        var release = new StreamDriver(store.Journal, Releasing.Profile);
        await Releasing.PrepareAsync(release, Releasing.Form(1, Releasing.Cell("c-1", Releasing.Registries, "pt-a")));

        // Holds the withdrawal when it has looked for sealed rows and found none.
        await using var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE outcome IN EXCLUSIVE MODE");
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        var withdrawing = other.Journal.AppendAsync(anna.Next(new Projection.ConsentSet(0), new Projection.OutcomeReady("WEEK_8", ["y"])), default);
        await Until.BlockedAsync(store.Options.ConnectionString);
        var sealing = release.AppendAsync(release.Next(new Projection.RowsSealed(new(Releasing.Recipient, 1, 0, [new("pt-a", "WEEK_4", 1, 1, Releasing.Leaf("pt-a"))]))));
        await BothWaitAsync(store);
        await gate.CommitAsync();

        Assert.IsType<AppendOutcome.Appended>(await withdrawing.WaitAsync(Until.Patience));
        Assert.Equal(new AppendOutcome.KeyTaken("consent"), await sealing.WaitAsync(Until.Patience));
    }

    [Fact]
    public async Task Values_that_are_revised_during_a_step_are_a_correction()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var anna = await EnterAsync(store, "pt-a");
        await anna.AcceptAsync(new Projection.OutcomeReady("WEEK_4", ["first"]));

        // Holds the step after it has used the values.
        await using var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE released IN EXCLUSIVE MODE");
        var release = new StreamDriver(store.Journal, Releasing.Profile);
        var publishing = release.AppendAsync(release.Next(new Projection.PublicationPrepared(Releasing.Form(1, Releasing.Cell("c-1", Releasing.Registries, "pt-a")))));
        await Until.BlockedAsync(store.Options.ConnectionString);
        var revising = anna.AppendAsync(anna.Next(new Projection.OutcomeRevised("WEEK_4", ["corrected"])));
        await BothWaitAsync(store);
        await gate.CommitAsync();

        Assert.IsType<AppendOutcome.Appended>(await publishing.WaitAsync(Until.Patience));
        Assert.IsType<AppendOutcome.Appended>(await revising.WaitAsync(Until.Patience));
        Assert.IsType<AppendOutcome.Appended>(await Releasing.CommitAsync(release, 1, 1));
        Assert.Equal([new("c-1", "WEEK_4")], await store.Exchange.ReadRevisedAsync(9, Releasing.Day, default));
        Assert.Equal(["corrected"], (await store.Exchange.ReadOutcomesAsync(["pt-a"], "WEEK_4", default))["pt-a"].Values);
    }

    [Fact]
    public async Task A_cell_is_dissolved_beside_the_withdrawal_of_a_member_without_a_deadlock()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var anna = await EnterAsync(store, "pt-a");
        var release = new StreamDriver(store.Journal, Releasing.Profile);
        await Releasing.PrepareAsync(release, Releasing.Form(1, Releasing.Cell("c-1", Releasing.Registries, "pt-a")));

        // Holds the withdrawal when it has marked the member and before it takes the prepared row.
        await using var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "SELECT 1 FROM cell_member WHERE person = 'pt-a' FOR UPDATE");
        var withdrawing = anna.AppendAsync(anna.Next(new Projection.ConsentSet(0)));
        await Until.BlockedAsync(store.Options.ConnectionString);
        var dissolving = Releasing.PrepareAsync(release, new(1, [], [], [], ["c-1"], []));
        await BothWaitAsync(store);
        await gate.CommitAsync();

        Assert.IsType<AppendOutcome.Appended>(await withdrawing.WaitAsync(Until.Patience));
        Assert.IsType<AppendOutcome.Appended>(await dissolving.WaitAsync(Until.Patience));
        Assert.Equal(0, await PostgresInstance.ScalarAsync<long>(store.Options.ConnectionString, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
    }

    [Fact]
    public async Task Who_enters_the_pool_during_a_publication_is_in_the_cell_only()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var anna = await EnterAsync(store, "pt-a");
        await using var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE released IN EXCLUSIVE MODE");
        var release = new StreamDriver(store.Journal, Releasing.Profile);
        var publishing = release.AppendAsync(release.Next(new Projection.PublicationPrepared(Releasing.Form(1, Releasing.Cell("c-1", Releasing.Registries, "pt-a")))));
        await Until.BlockedAsync(store.Options.ConnectionString);
        var entering = anna.AppendAsync(anna.Next(new Projection.PoolEntered("2025-Q2", ["again"])));
        await BothWaitAsync(store);
        await gate.CommitAsync();

        Assert.IsType<AppendOutcome.Appended>(await publishing.WaitAsync(Until.Patience));
        Assert.IsType<AppendOutcome.Appended>(await entering.WaitAsync(Until.Patience));
        Assert.Equal(0, await store.Exchange.CountWaitingAsync(Releasing.Day, default));
    }

    [Fact]
    public async Task What_one_process_has_leased_no_other_reads_until_the_lease_is_over()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        var day = new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync(new Projection.DueSet("visit", day), new Projection.DueSet("call", day.AddDays(1)), new Projection.DueSet("later", day.AddDays(2)));

        Assert.Equal(["visit", "call"], (await store.Projections.ReadDueAsync(day.AddDays(9), 2, Lease, default)).Select(row => row.Kind));
        Assert.Equal(["later"], (await other.Projections.ReadDueAsync(day.AddDays(9), 9, Lease, default)).Select(row => row.Kind));
        Assert.Empty(await store.Projections.ReadDueAsync(day.AddDays(9), 9, Lease, default));
        Assert.Equal(3, (await other.Projections.ReadDueAsync(day.AddDays(9), 9, TimeSpan.Zero, default)).Count);
        await store.SqlAsync("UPDATE due SET leased_until = clock_timestamp() WHERE kind = 'call'");
        Assert.Equal(["call"], (await other.Projections.ReadDueAsync(day.AddDays(9), 9, Lease, default)).Select(row => row.Kind));
    }

    [Fact]
    public async Task A_manual_clock_moves_for_every_process_and_never_back()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        var to = store.Clock.Now.AddDays(7);
        await store.Clock.AdvanceAsync(to, default);
        await other.Clock.AdvanceAsync(to.AddDays(-1), default);
        Assert.Equal((to, to), (store.Clock.Now, other.Clock.Now));
        await store.Clock.AdvanceAsync(to.AddDays(1), default);
        Assert.Equal(to.AddDays(1), (await new StreamDriver(other.Journal, "pt-a").AcceptAsync()).RecordedAt);
        await store.RestartAsync();
        Assert.Equal(to.AddDays(1), store.Clock.Now);
    }

    [Fact]
    public async Task The_databases_clock_counts_whatever_this_machine_thinks_and_never_goes_back()
    {
        var time = new SteppedTime();
        long[] database = [5_000_000_000];
        var clock = new DatabaseClock(time, _ => Task.FromResult(database[0]));
        await clock.SynchroniseAsync(default);
        Assert.Equal(5_000_000, clock.Now.ToUnixTimeMilliseconds());
        time.Elapsed += TimeSpan.FromMilliseconds(1_500);
        Assert.Equal(5_001_500, clock.Now.ToUnixTimeMilliseconds());
        database[0] = 4_000_000_000;
        await clock.SynchroniseAsync(default);
        Assert.Equal(5_001_500, clock.Now.ToUnixTimeMilliseconds());
        database[0] = 6_000_000_000;
        await clock.SynchroniseAsync(default);
        Assert.Equal(6_000_000, clock.Now.ToUnixTimeMilliseconds());
        await Assert.ThrowsAsync<InvalidOperationException>(() => clock.AdvanceAsync(default, default));
    }

    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Elapsed { get; set; } = TimeSpan.FromSeconds(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("The wall clock is not to be used.");

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
