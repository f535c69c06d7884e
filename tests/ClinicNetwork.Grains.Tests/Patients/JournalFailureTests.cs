using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>What callers learn, and what the grain remembers, when an append goes wrong. Memory follows the journal, never the other way round.</summary>
public sealed class JournalFailureTests(SharedNetwork shared) : IClassFixture<SharedNetwork>
{
    private ClusterUnderTest Cluster => shared.Network.Cluster;

    private JournalUnderTest Journal => shared.Network.Journal;

    [Fact]
    public async Task A_commit_of_unknown_outcome_that_took_effect_is_told_by_the_retry()
    {
        var patient = await Cluster.PlannedAsync("unknown-done");
        Journal.FailAfterNext("pt-unknown-done", new OutcomeUnknownException("the flush failed"));
        Journal.ForgetReads();
        var origin = Origins.Next();
        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).RefusedAs("OUTCOME_UNKNOWN", RefusalKind.Unavailable);

        Assert.Equal(40, (await patient.StartSession(Commands.StartSession("s0", 0), origin)).AcceptedAs(4).PlannedDoseMg);
        Assert.Contains(0L, Journal.ReadsOf("pt-unknown-done")); // the activation was dropped; a new one read the stream
        Assert.Equal(4, (await patient.CommandsAsync()).Count);
        Assert.Single((await patient.StandsAtAsync()).State.Sessions);
    }

    [Fact]
    public async Task A_command_that_the_database_refuses_fails_and_the_activation_stays()
    {
        var patient = await Cluster.PlannedAsync("failed");
        Journal.FailBeforeNext("pt-failed", new AppendFailedException("a defect"));
        Journal.ForgetReads();
        var origin = Origins.Next();
        Assert.Equal("a defect", (await Assert.ThrowsAsync<AppendFailedException>(() => patient.StartSession(Commands.StartSession("s0", 0), origin))).Message);

        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).AcceptedAs(4);
        Assert.Empty(Journal.ReadsOf("pt-failed"));
    }

    [Fact]
    public async Task A_server_that_lacks_a_key_file_has_definitely_not_executed_and_goes_on_once_the_file_is_there()
    {
        var patient = await Cluster.PlannedAsync("no-key");
        var missing = new StoreRefusedException("The key file kek-2.key is missing.");
        var origin = Origins.Next();
        foreach (var failure in (Exception[])[missing, new AppendFailedException("the journal refused", missing)])
        {
            Journal.FailBeforeNext("pt-no-key", failure);
            Assert.Contains("key file", (await patient.StartSession(Commands.StartSession("s0", 0), origin)).RefusedAs("NOT_EXECUTED", RefusalKind.Unavailable).Message, StringComparison.Ordinal);
        }

        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).AcceptedAs(4);
    }

    [Fact]
    public async Task A_server_that_lacks_a_key_file_reads_no_record_under_it()
    {
        var patient = await Cluster.PlannedAsync("no-key-read");
        await Cluster.DeactivateAsync(patient);
        Journal.FailReads("pt-no-key-read", new StoreRefusedException("The key file kek-2.key is missing."));
        (await patient.Read(Replies.Cached)).RefusedAs("STORE_UNAVAILABLE", RefusalKind.Unavailable);
        (await patient.StartSession(Commands.StartSession("s0", 0), Origins.Next())).RefusedAs("NOT_EXECUTED", RefusalKind.Unavailable);
    }

    [Fact]
    public async Task After_an_unknown_outcome_a_cached_read_shows_what_was_committed()
    {
        var patient = await Cluster.PlannedAsync("unknown-read");
        Journal.FailAfterNext("pt-unknown-read", new OutcomeUnknownException("the flush failed"));
        await patient.StartSession(Commands.StartSession("s0", 0), Origins.Next());
        var reading = await patient.Read(Replies.Cached);
        Assert.Equal((4L, 1), (reading.Version, reading.State!.Sessions.Length));
    }

    [Fact]
    public async Task Another_command_after_an_unknown_outcome_goes_on_from_what_was_committed()
    {
        var patient = await Cluster.PlannedAsync("unknown-next");
        Journal.FailAfterNext("pt-unknown-next", new OutcomeUnknownException("the flush failed"));
        await patient.StartSession(Commands.StartSession("s0", 0), Origins.Next());
        (await patient.RecordDose(Commands.RecordDose("s0", 0), Origins.Next())).AcceptedAs(5);
        Assert.Equal(5, (await patient.CommandsAsync()).Count);
    }

    [Fact]
    public async Task A_commit_of_unknown_outcome_that_took_no_effect_is_made_by_the_retry()
    {
        var patient = await Cluster.PlannedAsync("unknown-lost");
        Journal.FailBeforeNext("pt-unknown-lost", new OutcomeUnknownException("the connection broke"));
        var origin = Origins.Next();
        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).RefusedAs("OUTCOME_UNKNOWN", RefusalKind.Unavailable);

        Assert.Equal(3, (await patient.Read(Replies.Cached)).Version);
        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).AcceptedAs(4);
        Assert.Equal(4, (await patient.CommandsAsync()).Count);
    }

    [Fact]
    public async Task A_busy_journal_has_not_executed_and_the_state_stays()
    {
        var patient = await Cluster.PlannedAsync("busy");
        var before = Structure.Describe((await patient.StandsAtAsync()).State);
        Journal.Break("pt-busy", new JournalBusyException("the queue is full"));
        var origin = Origins.Next();
        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).RefusedAs("NOT_EXECUTED", RefusalKind.Unavailable);
        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).RefusedAs("NOT_EXECUTED", RefusalKind.Unavailable);

        // The same activation: it must not have adopted what it had decided.
        var reading = await patient.Read(Replies.Cached);
        Assert.Equal((3L, before), (reading.Version, Structure.Describe(reading.State)));

        Journal.Repair("pt-busy");
        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).AcceptedAs(4);
        Assert.Equal(4, (await patient.CommandsAsync()).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_other_failure_is_an_unknown_outcome(bool committed)
    {
        var name = committed ? "failed-after" : "failed-before";
        var patient = await Cluster.PlannedAsync(name);
        if (committed)
        {
            Journal.FailAfterNext("pt-" + name, new InvalidOperationException("nobody thought of this"));
        }
        else
        {
            Journal.FailBeforeNext("pt-" + name, new InvalidOperationException("nobody thought of this"));
        }

        var origin = Origins.Next();
        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).RefusedAs("OUTCOME_UNKNOWN", RefusalKind.Unavailable);
        Assert.Equal(committed ? 4 : 3, (await patient.Read(Replies.Cached)).Version);
        (await patient.StartSession(Commands.StartSession("s0", 0), origin)).AcceptedAs(4);
        Assert.Equal(4, (await patient.CommandsAsync()).Count);
    }

    [Fact]
    public async Task What_waits_behind_a_failed_append_is_decided_on_what_was_committed()
    {
        var patient = await Cluster.PlannedAsync("behind-failure");
        var started = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        Journal.AfterNext("pt-behind-failure", async _ =>
        {
            started.SetResult();
            await held.Task.WaitAsync(TimeSpan.FromSeconds(10));
            throw new OutcomeUnknownException("the flush failed");
        });
        var first = patient.StartSession(Commands.StartSession("s0", 0), Origins.Next());
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var second = patient.StartSession(Commands.StartSession("s1", 1), Origins.Next());
        var read = patient.Read(Replies.Confirmed);
        held.SetResult();

        (await first).RefusedAs("OUTCOME_UNKNOWN", RefusalKind.Unavailable);
        (await second).RefusedAs("SESSION_OPEN", RefusalKind.Precondition);
        Assert.Equal(4, (await read).Version);
    }

    [Fact]
    public async Task One_patients_failure_is_no_others()
    {
        var (broken, sound) = (await Cluster.PlannedAsync("broken"), await Cluster.PlannedAsync("sound"));
        Journal.Break("pt-broken", new OutcomeUnknownException("the disk is gone"));
        var replies = await Task.WhenAll(
            broken.StartSession(Commands.StartSession("s0", 0), Origins.Next()),
            sound.StartSession(Commands.StartSession("s0", 0), Origins.Next()));
        Journal.Repair("pt-broken");
        replies[0].RefusedAs("OUTCOME_UNKNOWN", RefusalKind.Unavailable);
        replies[1].AcceptedAs(4);
    }
}
