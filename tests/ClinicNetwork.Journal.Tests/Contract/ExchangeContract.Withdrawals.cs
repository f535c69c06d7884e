using static ClinicNetwork.Journal.Tests.Contract.Releasing;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>Consent that is withdrawn, narrowed or over.</summary>
public abstract partial class ExchangeContract
{
    [Fact]
    public async Task A_withdrawal_hides_the_row_at_once_under_k_the_cell_and_is_told_once()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c");
        var release = new StreamDriver(store.Journal, Profile);
        await PublishAsync(store, release, 1, Partners, Form(1, Cell("c-1", Both, "pt-a", "pt-b", "pt-c")));
        Assert.Equal(["pt-a-published", "pt-b-published", "pt-c-published"], await DeliveredAsync(store, 1, Partners, 2));

        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Registries));
        Assert.Equal(["pt-a-published", null, "pt-c-published"], await DeliveredAsync(store, 1, Partners, 2));
        Assert.Equal([null, null, null], await DeliveredAsync(store, 1, Partners, 3));
        Assert.Equal(["pt-a-published", "pt-b-published", "pt-c-published"], await DeliveredAsync(store, 1, Registries, 3));
        Assert.Equal(Leaf("pt-b"), (await store.Exchange.ReadBatchRowsAsync(Recipient, 1, 0, 9, Partners, 2, Day, default))[1].Leaf);
        Assert.Equal([(1, 1L, "pt-b")], (await store.Exchange.ReadUntoldAsync(Recipient, Partners, 2, 1, 9, Day, default)).Select(row => (row.Batch, row.Row, row.Person)));
        Assert.Equal(3, (await store.Exchange.ReadUntoldAsync(Recipient, Partners, 3, 1, 9, Day, default)).Count);
        Assert.Equal([Both, Registries, Both], (await store.Exchange.ReadCellsAsync(Day, default))[0].Members.Select(member => member.Recipients));

        await PublishAsync(store, release, 2, Partners, Step(2), k: 2);
        Assert.Empty(await store.Exchange.ReadUntoldAsync(Recipient, Partners, 2, 2, 9, Day, default));
        Assert.Equal([null, 2, null], (await store.Exchange.ReadBatchRowsAsync(Recipient, 1, 0, 9, Partners, 2, Day, default)).Select(row => row.Tombstone));
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Both));
        Assert.Equal(["pt-a-published", null, "pt-c-published"], await DeliveredAsync(store, 1, Partners, 2));
    }

    [Fact]
    public async Task A_row_that_was_told_to_be_withdrawn_is_never_given_again()
    {
        await using var store = await stores.CreateAsync();
        await EnterAsync(store, Both, "pt-a", "pt-b");
        var release = new StreamDriver(store.Journal, Profile);
        await PublishAsync(store, release, 1, Registries, Form(1, Cell("c-1", Both, "pt-a", "pt-b")));
        Assert.IsType<AppendOutcome.Appended>(await CommitAsync(release, 2, 0, new NewDeliveryBatch(Recipient, 2, 0, [1], [2], [3], [(1, 0)])));
        Assert.Equal([null, "pt-b-published"], await DeliveredAsync(store, 1, Registries));
    }

    [Fact]
    public async Task A_purpose_that_is_not_permitted_and_a_class_that_the_cell_was_not_formed_for_get_nothing()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Registries, "pt-a", "pt-b");
        var release = new StreamDriver(store.Journal, Profile);
        await PublishAsync(store, release, 1, Registries, Form(1, Cell("c-1", Registries, "pt-a", "pt-b")));
        foreach (var person in persons.Values)
        {
            await person.AcceptAsync(new Projection.ConsentSet(Both | 32));
        }

        Assert.Equal([null, null], await DeliveredAsync(store, 1, Partners));
        Assert.Equal([null, null], await DeliveredAsync(store, 1, 1 | 32));
        Assert.Empty(await store.Exchange.ReadUndeliveredAsync("ag-2", 1 | 32, 1, 1, null, 9, Day, default));
        Assert.Equal(["pt-a-published", "pt-b-published"], await DeliveredAsync(store, 1, Registries));
    }

    [Fact]
    public async Task When_the_period_is_over_nothing_is_given_and_a_new_one_does_not_bring_it_back()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b");
        var until = store.Clock.Now.AddDays(30);
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Both) { Until = until });
        var release = new StreamDriver(store.Journal, Profile);
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, Form(1, Cell("c-1", Both, "pt-a", "pt-b"))));
        await release.AcceptAsync(new Projection.RowsSealed(new(Recipient, 1, 0, [new("pt-a", "WEEK_4", 1, 1, Leaf("pt-a")), new("pt-b", "WEEK_4", 1, 1, Leaf("pt-b"))])));
        Assert.IsType<AppendOutcome.Appended>(await CommitAsync(release, 1, 2, new NewDeliveryBatch(Recipient, 1, 2, [1], [2], [3], [])));

        Assert.Equal(["pt-a-published", "pt-b-published"], await DeliveredAsync(store, 1, Registries, now: until.AddTicks(-TimeSpan.TicksPerMillisecond)));
        Assert.Equal(["pt-a-published", null], await DeliveredAsync(store, 1, Registries, now: until));
        Assert.Equal([null, null], await DeliveredAsync(store, 1, Registries, k: 2, now: until));
        Assert.Equal("pt-b", Assert.Single(await store.Exchange.ReadUntoldAsync(Recipient, Registries, 1, 1, 9, until, default)).Person);
        Assert.Equal(0, (await store.Exchange.ReadCellsAsync(until, default))[0].Members[1].Recipients);
        await store.Clock.AdvanceAsync(until, default);
        Assert.Equal(Consent, await PrepareAsync(release, Step(2, Row("pt-b", "c-1", "WEEK_8"))));
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Both));
        Assert.Equal(["pt-a-published", null], await DeliveredAsync(store, 1, Registries));
    }

    [Fact]
    public async Task A_withdrawal_before_a_step_stops_it_and_nothing_is_written()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b");
        var release = new StreamDriver(store.Journal, Profile);
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Registries));
        Assert.Equal(Consent, await PrepareAsync(release, Form(9, Cell("c-1", Both, "pt-a", "pt-b"))));
        Assert.Equal(0, await store.Journal.ReadHeadAsync(Profile, default));
        Assert.Empty(await store.Exchange.ReadCellsAsync(Day, default));
        Assert.Equal(2, await store.Exchange.CountWaitingAsync(Day, default));
    }

    [Fact]
    public async Task A_withdrawal_after_a_step_takes_the_prepared_row_and_stops_the_commit()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b");
        var release = new StreamDriver(store.Journal, Profile);
        await PrepareAsync(release, Form(1, Cell("c-1", Both, "pt-a", "pt-b")));
        var batch = await SealAsync(store, release, 1, 1, Registries);
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(0));
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Both));

        Assert.Equal(1, await store.Exchange.CountPreparedAsync(1, default));
        Assert.Equal(new AppendOutcome.KeyTaken("prepared"), await CommitAsync(release, 1, 2, batch));
        Assert.Equal(new AppendOutcome.KeyTaken("prepared"), await CommitAsync(release, 1, 1, batch));
        var again = await SealAsync(store, release, 1, 1, Registries);
        Assert.IsType<AppendOutcome.Appended>(await CommitAsync(release, 1, 1, again));
        Assert.Equal(["pt-a-published"], await DeliveredAsync(store, 1, Registries));
        Assert.Equal(Consent, await PrepareAsync(release, Step(2, Row("pt-b", "c-1", "WEEK_8"))));
    }

    [Fact]
    public async Task Narrowed_consent_takes_the_sealed_row_of_the_recipient_alone()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b");
        await AgreeAsync(store, "ag-1", Registries);
        await AgreeAsync(store, "ag-2", Partners);
        var release = new StreamDriver(store.Journal, Profile);
        await PrepareAsync(release, Form(1, Cell("c-1", Both, "pt-a", "pt-b")));
        var registries = await SealAsync(store, release, 1, 1, Registries);
        var partners = await SealAsync(store, release, 1, 1, Partners, recipient: "ag-2");
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Registries));

        Assert.Equal(2, await store.Exchange.CountPreparedAsync(1, default));
        Assert.Equal(new AppendOutcome.KeyTaken("prepared"), await CommitAsync(release, 1, 2, registries, partners));
        partners = await SealAsync(store, release, 1, 1, Partners, recipient: "ag-2");
        Assert.IsType<AppendOutcome.Appended>(await CommitAsync(release, 1, 2, registries, partners));
        Assert.Equal(["pt-a-published", "pt-b-published"], await DeliveredAsync(store, 1, Registries));
        Assert.Equal(["pt-a-published"], await DeliveredAsync(store, 1, Partners, recipient: "ag-2"));
    }

    [Fact]
    public async Task Who_withdrew_from_the_recipient_after_the_rows_were_read_is_not_sealed()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b");
        var until = store.Clock.Now.AddDays(30);
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Both) { Until = until });
        await AgreeAsync(store, Recipient, Partners);
        var release = new StreamDriver(store.Journal, Profile);
        await PrepareAsync(release, Form(1, Cell("c-1", Both, "pt-a", "pt-b")));
        await persons["pt-a"].AcceptAsync(new Projection.ConsentSet(Registries));

        Assert.Equal(Consent, await SealAsync("pt-a", "pt-b"));
        Assert.Equal(Consent, await SealAsync("pt-x"));
        Assert.IsType<AppendOutcome.Appended>(await SealAsync("pt-b"));
        await store.Clock.AdvanceAsync(until, default);
        Assert.Equal(Consent, await SealAsync("pt-b"));

        Task<AppendOutcome> SealAsync(params string[] rows) =>
            release.AppendAsync(release.Next(new Projection.RowsSealed(new(Recipient, 1, 0, [.. rows.Select(row => new SealedRow(row, "WEEK_4", 1, 1, Leaf(row)))]))));
    }
}
