using ClinicNetwork.Domain;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>What <see cref="IJournal"/> promises, whatever lies beneath.</summary>
public abstract class AppendContract(IStoreFactory stores)
{
    [Fact]
    public async Task An_appended_command_is_read_back_as_it_was()
    {
        await using var store = await stores.CreateAsync();
        var stream = new StreamDriver(store.Journal, "pt-anna");
        var appended = await stream.AcceptAsync(new Noted("first", [3, 2, 1]));

        var row = Assert.Single(await store.Journal.ReadAsync("pt-anna", 0, 10, default));
        Assert.Equal(("pt-anna", 1L, "pt-anna-request-1", "Note", "tester", "north"), (row.Stream, row.Version, row.RequestId, row.Command, row.Actor, row.Site));
        var noted = Assert.IsType<Noted>(Assert.Single(row.Events));
        Assert.Equal("first", noted.Text);
        Assert.Equal([3, 2, 1], noted.Items.AsEnumerable());
        Assert.Equal(new Receipt("receipt 1"), row.Answer);
        Assert.Equal(appended.RecordedAt, row.RecordedAt);
        Assert.Equal(appended.RowHash, row.RowHash);
        Assert.Equal(1, await store.Journal.ReadHeadAsync("pt-anna", default));
    }

    [Fact]
    public async Task A_stream_without_commands_has_head_0_and_no_rows()
    {
        await using var store = await stores.CreateAsync();
        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-nobody", default));
        Assert.Empty(await store.Journal.ReadAsync("pt-nobody", 0, 10, default));
        Assert.Null(await store.Journal.FindRequestAsync("pt-nobody", "request-1", [1], default));
    }

    [Fact]
    public async Task A_repeated_request_is_answered_with_the_stored_row()
    {
        await using var store = await stores.CreateAsync();
        var stream = new StreamDriver(store.Journal, "pt-anna");
        var first = stream.Next();
        await stream.AppendAsync(first);
        await stream.AcceptAsync();

        var again = Assert.IsType<AppendOutcome.AlreadyAppended>(await stream.AppendAsync(first));
        Assert.True(again.Request.SamePayload);
        Assert.Equal(1, again.Request.Row.Version);
        Assert.Equal(first.Answer, again.Request.Row.Answer);
        Assert.Equal(2, await store.Journal.ReadHeadAsync("pt-anna", default));
    }

    [Fact]
    public async Task A_request_id_reused_for_another_payload_is_told_apart()
    {
        await using var store = await stores.CreateAsync();
        var stream = new StreamDriver(store.Journal, "pt-anna");
        var first = stream.Next();
        await stream.AppendAsync(first);

        var other = first with { Origin = StreamDriver.Origin(first.Origin.RequestId, "another payload"), Version = 2, BaseHash = stream.Head };
        Assert.False(Assert.IsType<AppendOutcome.AlreadyAppended>(await stream.AppendAsync(other)).Request.SamePayload);
        Assert.False((await store.Journal.FindRequestAsync("pt-anna", first.Origin.RequestId, other.Origin.PayloadHash, default))!.SamePayload);
        Assert.True((await store.Journal.FindRequestAsync("pt-anna", first.Origin.RequestId, first.Origin.PayloadHash, default))!.SamePayload);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_version_that_is_not_the_next_is_a_conflict(long version)
    {
        await using var store = await stores.CreateAsync();
        var stream = new StreamDriver(store.Journal, "pt-anna");
        await stream.AcceptAsync();
        await stream.AcceptAsync();

        Assert.Equal(new AppendOutcome.VersionConflict(2), await stream.AppendAsync(stream.Next() with { Version = version }));
        Assert.Equal(2, (await store.Journal.ReadAsync("pt-anna", 0, 10, default)).Count);
    }

    [Fact]
    public async Task A_decision_made_on_another_history_is_a_conflict()
    {
        await using var store = await stores.CreateAsync();
        var stream = new StreamDriver(store.Journal, "pt-anna");
        await stream.AcceptAsync();
        var wrong = stream.Head.ToArray();
        wrong[7] ^= 1;

        Assert.Equal(new AppendOutcome.VersionConflict(1), await stream.AppendAsync(stream.Next() with { BaseHash = wrong }));
        Assert.Equal(new AppendOutcome.VersionConflict(1), await stream.AppendAsync(stream.Next() with { BaseHash = [] }));
        Assert.Equal(new AppendOutcome.VersionConflict(0), await new StreamDriver(store.Journal, "pt-new").AppendAsync(
            new StreamDriver(store.Journal, "pt-new").Next() with { BaseHash = wrong }));
    }

    [Fact]
    public async Task Of_two_decisions_on_one_version_exactly_one_wins()
    {
        await using var store = await stores.CreateAsync();
        for (var round = 0; round < 20; round++)
        {
            var name = $"pt-race-{round}";
            var rivals = Enumerable.Range(0, 4).Select(i => new StreamDriver(store.Journal, name).Next() with { Origin = StreamDriver.Origin($"rival-{i}", "p") });
            var outcomes = await Task.WhenAll(rivals.Select(rival => store.Journal.AppendAsync(rival, default)));
            Assert.Single(outcomes.OfType<AppendOutcome.Appended>());
            Assert.Equal(3, outcomes.OfType<AppendOutcome.VersionConflict>().Count(conflict => conflict.Head == 1));
            Assert.Single(await store.Journal.ReadAsync(name, 0, 10, default));
        }
    }

    [Fact]
    public async Task Rows_are_read_in_pages_in_order()
    {
        await using var store = await stores.CreateAsync();
        var stream = new StreamDriver(store.Journal, "pt-anna");
        for (var i = 0; i < 7; i++)
        {
            await stream.AcceptAsync();
        }

        Assert.Equal([3L, 4, 5], (await store.Journal.ReadAsync("pt-anna", 2, 3, default)).Select(row => row.Version));
        Assert.Equal([6L, 7], (await store.Journal.ReadAsync("pt-anna", 5, 3, default)).Select(row => row.Version));
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        await using var store = await stores.CreateAsync();
        var first = new StreamDriver(store.Journal, "pt-anna").Next();
        await store.Journal.AppendAsync(first, default);
        await store.RestartAsync();

        Assert.Single(await store.Journal.ReadAsync("pt-anna", 0, 10, default));
        Assert.IsType<AppendOutcome.AlreadyAppended>(await store.Journal.AppendAsync(first, default));
    }

    [Fact]
    public async Task An_answer_is_kept_30_days_and_the_request_id_for_ever()
    {
        await using var store = await stores.CreateAsync();
        var stream = new StreamDriver(store.Journal, "pt-anna");
        var first = stream.Next();
        await stream.AppendAsync(first);

        await store.Clock.AdvanceAsync(store.Clock.Now.AddDays(30), default);
        Assert.NotNull(Assert.IsType<AppendOutcome.AlreadyAppended>(await stream.AppendAsync(first)).Request.Row.Answer);
        await store.Clock.AdvanceAsync(store.Clock.Now.AddDays(1), default);
        var late = Assert.IsType<AppendOutcome.AlreadyAppended>(await stream.AppendAsync(first)).Request;
        Assert.Null(late.Row.Answer);
        Assert.True(late.SamePayload);
    }

    [Fact]
    public async Task An_append_that_no_store_may_take_is_a_bug_of_the_caller()
    {
        await using var store = await stores.CreateAsync();
        var append = new StreamDriver(store.Journal, "pt-anna").Next();
        IReadOnlyList<Append> wrong =
        [
            append with { Stream = "" },
            append with { Version = 0 },
            append with { Events = [] },
            append with { Events = [new Nameless("no alias")] },
            append with { Answer = new Nameless("no alias") },
            append with { Projections = [new Projection.ConsentSet(-1)] },
            append with { Origin = new CommandOrigin("", [1], "tester", null) },
        ];
        foreach (var one in wrong)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => store.Journal.AppendAsync(one, default));
        }

        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-anna", default));
    }

    [Fact]
    public async Task A_cancelled_caller_whose_command_waits_has_not_executed_it()
    {
        await using var store = await stores.CreateAsync();
        var append = new StreamDriver(store.Journal, "pt-anna").Next();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Journal.AppendAsync(append, new CancellationToken(canceled: true)));
        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-anna", default));
    }
}
