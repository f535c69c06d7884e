using ClinicNetwork.Journal.Sqlite;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>What callers are told when the disk or the commit fails: not executed, or unknown; never a wrong yes.</summary>
public sealed class WriteFailureTests
{
    private static Action Once(Exception failure)
    {
        var left = 1;
        return () =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                throw failure;
            }
        };
    }

    [Fact]
    public async Task After_a_commit_whose_outcome_is_unknown_the_same_request_id_tells()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync(options => options with { Hooks = new WriterHooks { AfterCommit = Once(new IOException("lost")) } });
        var append = new StreamDriver(store.Journal, "pt-a").Next();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => store.Journal.AppendAsync(append, default));
        var again = Assert.IsType<AppendOutcome.AlreadyAppended>(await store.Journal.AppendAsync(append, default));
        Assert.True(again.Request.SamePayload);
    }

    [Fact]
    public async Task A_connection_lost_at_the_commit_is_unknown_too_and_the_store_goes_on()
    {
        SqliteSession? writer = null;
        var loss = new WriterHooks { Opened = session => writer ??= session, BeforeCommit = () => writer!.Connection.Close() };
        await using var store = await SqliteStoreUnderTest.CreateAsync(options => options with { Hooks = loss });
        var append = new StreamDriver(store.Journal, "pt-a").Next();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => store.Journal.AppendAsync(append, default));
        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-a", default));
        Assert.IsType<AppendOutcome.Appended>(await store.Journal.AppendAsync(append, default));
    }

    [Fact]
    public async Task A_group_that_was_definitely_rolled_back_is_tried_again()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync(options => options with { Hooks = new WriterHooks { BeforeCommit = Once(new IOException("lost")) } });
        var stream = new StreamDriver(store.Journal, "pt-a");
        await stream.AcceptAsync(new Noted("kept", []));
        await store.RestartAsync();
        Assert.Equal("kept", ((Noted)(await store.Journal.ReadAsync("pt-a", 0, 10, default))[0].Events[0]).Text);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_command_that_does_not_fit_and_no_other()
    {
        using var gate = new WriterGate();
        await using var store = await SqliteStoreUnderTest.CreateAsync(options => options with { Hooks = gate.Hooks with { Opened = Small } });
        gate.Close();
        var held = store.Journal.AppendAsync(new StreamDriver(store.Journal, "pt-held").Next(), default);
        await gate.ArrivedAsync();
        var before = store.Journal.AppendAsync(new StreamDriver(store.Journal, "pt-a").Next(), default);
        var big = store.Journal.AppendAsync(new StreamDriver(store.Journal, "pt-b").Next(new Noted(new string('x', 4_000_000), [])), default);
        var after = store.Journal.AppendAsync(new StreamDriver(store.Journal, "pt-c").Next(), default);
        gate.Open();

        Assert.All(await Task.WhenAll(held, before, after), outcome => Assert.IsType<AppendOutcome.Appended>(outcome));
        await Assert.ThrowsAsync<JournalBusyException>(() => big);
        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-b", default));
        await new StreamDriver(store.Journal, "pt-b").AcceptAsync();

        static void Small(SqliteSession session) => session.RunScript("PRAGMA max_page_count = 400");
    }

    [Fact]
    public async Task The_key_of_a_first_command_that_was_undone_does_not_stay()
    {
        using var gate = new WriterGate();
        await using var store = await SqliteStoreUnderTest.CreateAsync(options => options with { Hooks = gate.Hooks });
        var patient = new Projection.PatientIndexed("cl-n", "1", "Anna", "Muster", new DateOnly(1980, 5, 17));
        gate.Close();
        var taker = store.Journal.AppendAsync(new StreamDriver(store.Journal, "pt-taker").Next(patient), default);
        await gate.ArrivedAsync();
        var undone = store.Journal.AppendAsync(new StreamDriver(store.Journal, "pt-a").Next(patient), default);
        var winner = new StreamDriver(store.Journal, "pt-a").Next(new Noted("winner", [])) with { Origin = StreamDriver.Origin("winner", "p") };
        var won = store.Journal.AppendAsync(winner, default);
        var lost = store.Journal.AppendAsync(winner with { Origin = StreamDriver.Origin("loser", "p") }, default);
        gate.Open();

        Assert.IsType<AppendOutcome.Appended>(await taker);
        Assert.Equal(new AppendOutcome.KeyTaken("record_number"), await undone);
        Assert.IsType<AppendOutcome.Appended>(await won);
        Assert.Equal(new AppendOutcome.VersionConflict(1), await lost);
        Assert.Single(await store.Journal.ReadAsync("pt-a", 0, 10, default));
        await store.RestartAsync();
        Assert.Equal("winner", ((Noted)Assert.Single(await store.Journal.ReadAsync("pt-a", 0, 10, default)).Events[0]).Text);
    }
}
