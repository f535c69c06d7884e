using static ClinicNetwork.Journal.Tests.Contract.Releasing;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>Pool, cells, publications and what each recipient is given of them at each moment.</summary>
public abstract partial class ExchangeContract(IStoreFactory stores)
{
    private static readonly AppendOutcome Consent = new AppendOutcome.KeyTaken("consent");

    [Fact]
    public async Task Who_waits_and_permits_somebody_now_is_read_in_pages()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-b", "pt-a");
        await EnterAsync(store, 0, "pt-c");
        await EnterAsync(store, 1, "pt-d");
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Partners));

        var waiting = await store.Exchange.ReadWaitingAsync("", 10, Day, default);
        Assert.Equal([("pt-a", "2025-Q3", Both, null), ("pt-b", "2025-Q3", Partners, null)], waiting.Select(one => (one.Person, one.Quarter, one.Recipients, one.Cell)));
        Assert.Equal(["pt-a-sex", "pt-a-age"], waiting[0].QuasiIdentifiers);
        Assert.Equal(store.Clock.Now, waiting[0].EnteredAt);
        Assert.Equal("pt-a", Assert.Single(await store.Exchange.ReadWaitingAsync("", 1, Day, default)).Person);
        Assert.Equal("pt-b", Assert.Single(await store.Exchange.ReadWaitingAsync("pt-a", 9, Day, default)).Person);
        Assert.Equal(2, await store.Exchange.CountWaitingAsync(Day, default));

        await persons["pt-a"].AcceptAsync(new Projection.ConsentSet(Both) { Until = Day });
        Assert.Equal(2, await store.Exchange.CountWaitingAsync(Day.AddDays(-1), default));
        Assert.Equal(1, await store.Exchange.CountWaitingAsync(Day, default));
        Assert.Equal("pt-b", Assert.Single(await store.Exchange.ReadWaitingAsync("", 9, Day, default)).Person);
    }

    [Fact]
    public async Task A_publication_is_prepared_sealed_and_committed()
    {
        await using var store = await stores.CreateAsync();
        await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c");
        var release = new StreamDriver(store.Journal, Profile);
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, Form(1, Cell("c-1", Both, "pt-a", "pt-b"))));

        Assert.Equal(0, await store.Exchange.ReadPublishedAsync(Profile, default));
        Assert.Equal(["c-1", "c-1", null], (await store.Exchange.ReadWaitingAsync("", 9, Day, default)).Select(one => one.Cell));
        Assert.Equal(1, await store.Exchange.CountWaitingAsync(Day, default));
        Assert.Equal(2, await store.Exchange.CountPreparedAsync(1, default));
        Assert.Equal(["pt-c"], (await store.Exchange.ReadOutcomesAsync(["pt-a", "pt-b", "pt-c", "pt-x"], "WEEK_4", default)).Keys);
        var cell = Assert.Single(await store.Exchange.ReadCellsAsync(Day, default));
        Assert.Equal(("c-1", "2025-Q3", Both, 1), (cell.Cell, cell.Quarter, cell.Recipients, cell.Publication));
        Assert.Equal(["female", "*"], cell.Region);
        Assert.Equal([new("pt-a", Both), new("pt-b", Both)], cell.Members);
        Assert.Equal([new("WEEK_4", "RELEASED", 1)], cell.Settled);
        Assert.Empty(await store.Exchange.ReadUndeliveredAsync(Recipient, Registries, 1, 0, null, 9, Day, default));
        Assert.Empty(await store.Exchange.ReadUndeliveredAsync(Recipient, Registries, 3, 1, null, 9, Day, default));
        var rows = await store.Exchange.ReadUndeliveredAsync(Recipient, Registries, 2, 1, null, 9, Day, default);
        Assert.Equal([("pt-a", "c-1", "WEEK_4", 1, null, "pt-a-published"), ("pt-b", "c-1", "WEEK_4", 1, null, "pt-b-published")], rows.Select(row => (row.Person, row.Cell, row.Milestone, row.Publication, row.Epoch, row.Values[0])));
        Assert.Equal("pt-b", Assert.Single(await store.Exchange.ReadUndeliveredAsync(Recipient, Registries, 2, 1, ("pt-a", "WEEK_4"), 9, Day, default)).Person);

        var batch = await SealAsync(store, release, 1, 1, Registries);
        Assert.Equal(["pt-a-published", "pt-b-published"], await DeliveredAsync(store, 1, Registries));
        Assert.Empty(await store.Exchange.ReadBatchesAsync(Recipient, 0, 9, default));
        Assert.Equal(new AppendOutcome.KeyTaken("prepared"), await CommitAsync(release, 1, 1, batch));
        Assert.Equal(new AppendOutcome.KeyTaken("prepared"), await CommitAsync(release, 1, 2, batch with { Rows = 3 }));
        Assert.Equal(new AppendOutcome.KeyTaken("publication"), await CommitAsync(release, 2, 0, batch));
        Assert.Equal(new AppendOutcome.KeyTaken("batch"), await CommitAsync(release, 1, 2, batch with { Number = 2 }));
        Assert.IsType<AppendOutcome.Appended>(await CommitAsync(release, 1, 2, batch));

        Assert.Equal(1, await store.Exchange.ReadPublishedAsync(Profile, default));
        Assert.Equal(["pt-c"], (await store.Exchange.ReadWaitingAsync("", 9, Day, default)).Select(one => one.Person));
        var persons = await store.Exchange.ReadPersonsAsync(["pt-c", "pt-b", "pt-none"], Day, default);
        Assert.Equal([("pt-b", "c-1", "pt-b-sex"), ("pt-c", null, "pt-c-sex")], persons.OrderBy(one => one.Person).Select(one => (one.Person, one.Cell, one.QuasiIdentifiers[0])));
        var made = Assert.Single(await store.Exchange.ReadBatchesAsync(Recipient, 0, 9, default));
        Assert.Equal((1, 1, Day, 2L, null), (made.Number, made.Publication, made.PublishedAt, made.Rows, made.AcknowledgedAt));
        Assert.Empty(await store.Exchange.ReadUndeliveredAsync(Recipient, Registries, 1, 1, null, 9, Day, default));
        Assert.Equal(1, Assert.Single(await store.Exchange.ReadUndeliveredAsync("ag-2", Registries, 1, 1, null, 1, Day, default)).Publication);
        Assert.Equal("pt-b", Assert.Single(await store.Exchange.ReadBatchRowsAsync(Recipient, 1, 1, 9, Registries, 1, Day, default)).Person);
        Assert.Equal(new AppendOutcome.KeyTaken("batch"), await release.AppendAsync(release.Next(new Projection.RowsSealed(new(Recipient, 1, 0, [])))));
        Assert.Equal(new AppendOutcome.KeyTaken("publication"), await PrepareAsync(release, Step(1)));
    }

    [Fact]
    public async Task Rows_that_are_sealed_again_replace_those_before()
    {
        await using var store = await stores.CreateAsync();
        await EnterAsync(store, Both, "pt-a", "pt-b");
        var release = new StreamDriver(store.Journal, Profile);
        await PrepareAsync(release, Form(1, Cell("c-1", Both, "pt-a", "pt-b")));
        SealedRow[] rows = [new("pt-b", "WEEK_4", 1, 7, Leaf("pt-b")), new("pt-a", "WEEK_4", 1, 7, Leaf("pt-a"))];
        await release.AcceptAsync(new Projection.RowsSealed(new(Recipient, 1, 0, [rows[1]])));
        await release.AcceptAsync(new Projection.RowsSealed(new(Recipient, 1, 0, [rows[0]])));
        await release.AcceptAsync(new Projection.RowsSealed(new(Recipient, 1, 1, [rows[1]])));
        await release.AcceptAsync(new Projection.RowsSealed(new(Recipient, 1, 1, [rows[1]])));

        var delivered = await store.Exchange.ReadBatchRowsAsync(Recipient, 1, 0, 9, Registries, 2, Day, default);
        Assert.Equal([(0L, "pt-b", 7), (1, "pt-a", 7)], delivered.Select(row => (row.Row, row.Person, row.Epoch)));
        Assert.Equal(Leaf("pt-b"), delivered[0].Leaf);
        Assert.Null((await store.Exchange.ReadUndeliveredAsync(Recipient, Registries, 1, 1, null, 9, Day, default))[0].Epoch);
        await CommitAsync(release, 1, 2, new NewDeliveryBatch(Recipient, 1, 2, [1], [2], [3], []));
        await PrepareAsync(release, Step(2, Row("pt-a", "c-1", "WEEK_8")));
        Assert.Equal(7, Assert.Single(await store.Exchange.ReadUndeliveredAsync(Recipient, Registries, 1, 2, null, 9, Day, default)).Epoch);
    }

    [Fact]
    public async Task A_cell_that_is_dissolved_lets_its_members_and_their_values_wait_again()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c");
        var release = new StreamDriver(store.Journal, Profile);
        await PrepareAsync(release, Form(1, Cell("c-1", Both, "pt-a", "pt-b")));
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(0));
        var other = Form(1, Cell("c-2", Both, "pt-a", "pt-c"));
        Assert.Equal(new AppendOutcome.KeyTaken("cell_member"), await PrepareAsync(release, other));
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, new(1, [], [], [], ["c-1"], [])));

        Assert.Equal(["pt-a", "pt-c"], (await store.Exchange.ReadWaitingAsync("", 9, Day, default)).Where(one => one.Cell is null).Select(one => one.Person));
        Assert.Equal(["pt-a-remission"], (await store.Exchange.ReadOutcomesAsync(["pt-a"], "WEEK_4", default))["pt-a"].Values);
        Assert.Empty(await store.Exchange.ReadCellsAsync(Day, default));
        Assert.Equal(0, await store.Exchange.CountPreparedAsync(1, default));
        await PublishAsync(store, release, 1, Registries, other);
        Assert.Equal(new AppendOutcome.KeyTaken("cell"), await PrepareAsync(release, new(2, [], [], [], ["c-2"], [])));
    }

    [Fact]
    public async Task A_correction_replaces_the_row_once_it_is_committed()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b");
        var release = new StreamDriver(store.Journal, Profile);
        await persons["pt-a"].AcceptAsync(new Projection.OutcomeRevised("WEEK_4", ["revised"]), new Projection.OutcomeRevised("WEEK_8", ["never ready"]));
        Assert.Equal(["revised"], (await store.Exchange.ReadOutcomesAsync(["pt-a"], "WEEK_4", default))["pt-a"].Values);
        Assert.Empty(await store.Exchange.ReadOutcomesAsync(["pt-a"], "WEEK_8", default));
        await PublishAsync(store, release, 1, Registries, Form(1, Cell("c-1", Both, "pt-a", "pt-b")));
        Assert.Empty(await store.Exchange.ReadRevisedAsync(9, Day, default));

        await persons["pt-a"].AcceptAsync(new Projection.OutcomeRevised("WEEK_4", ["corrected"]));
        Assert.Equal([new("c-1", "WEEK_4")], await store.Exchange.ReadRevisedAsync(9, Day, default));
        Assert.Equal(["corrected"], (await store.Exchange.ReadOutcomesAsync(["pt-a", "pt-b"], "WEEK_4", default))["pt-a"].Values);
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, Step(2, Row("pt-a", "c-1", value: "corrected"))));
        Assert.Empty(await store.Exchange.ReadRevisedAsync(9, Day, default));
        Assert.Equal(["pt-a-published", "pt-b-published"], await DeliveredAsync(store, 1, Registries));
        Assert.Empty(await store.Exchange.ReadUntoldAsync(Recipient, Registries, 1, 1, 9, Day, default));
        Assert.Equal("pt-a", Assert.Single(await store.Exchange.ReadUntoldAsync(Recipient, Registries, 1, 2, 9, Day, default)).Person);
        var row = Assert.Single(await store.Exchange.ReadUndeliveredAsync(Recipient, Registries, 1, 2, null, 9, Day, default));
        Assert.Equal((2, (1, 0L), "pt-a-corrected"), (row.Publication, row.Corrects, row.Values[0]));

        var batch = await SealAsync(store, release, 2, 2, Registries);
        Assert.IsType<AppendOutcome.Appended>(await CommitAsync(release, 2, 1, batch));
        Assert.Equal([null, "pt-b-published"], await DeliveredAsync(store, 1, Registries));
        Assert.Equal(["pt-a-corrected"], await DeliveredAsync(store, 2, Registries));
        Assert.Equal(["pt-a-corrected", "pt-b-published"], (await store.Exchange.ReadUndeliveredAsync("ag-2", Registries, 1, 2, null, 9, Day, default)).Select(one => one.Values[0]));
    }

    [Fact]
    public async Task A_row_made_of_values_that_were_revised_since_is_not_written()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b");
        var release = new StreamDriver(store.Journal, Profile);
        var stale = await FormAsync();
        await persons["pt-a"].AcceptAsync(new Projection.OutcomeRevised("WEEK_4", ["revised"]));

        Assert.Equal(new AppendOutcome.KeyTaken("outcome"), await PrepareAsync(release, stale));
        Assert.Equal(0, await store.Exchange.CountPreparedAsync(1, default));
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, await FormAsync()));

        async Task<PreparedStep> FormAsync()
        {
            var read = await store.Exchange.ReadOutcomesAsync(["pt-a", "pt-b"], "WEEK_4", default);
            var step = Form(1, Cell("c-1", Both, "pt-a", "pt-b"));
            return step with { Rows = [.. step.Rows.Select(row => row with { Version = read[row.Person].Version })] };
        }
    }

    [Fact]
    public async Task Corrections_of_who_permits_nobody_of_the_cell_keep_no_other_waiting()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Registries, "pt-a", "pt-b");
        var until = store.Clock.Now.AddDays(30);
        await persons["pt-a"].AcceptAsync(new Projection.ConsentSet(Registries) { Until = until });
        var release = new StreamDriver(store.Journal, Profile);
        await PublishAsync(store, release, 1, Registries, Form(1, Cell("c-1", Registries, "pt-a")));
        await PublishAsync(store, release, 2, Registries, Form(2, Cell("c-2", Registries, "pt-b")));
        foreach (var person in persons.Values)
        {
            await person.AcceptAsync(new Projection.OutcomeRevised("WEEK_4", ["corrected"]));
        }

        Assert.Equal([new("c-1", "WEEK_4")], await store.Exchange.ReadRevisedAsync(1, until.AddDays(-1), default));
        Assert.Equal([new("c-2", "WEEK_4")], await store.Exchange.ReadRevisedAsync(1, until, default));
        await persons["pt-a"].AcceptAsync(new Projection.ConsentSet(Partners));
        Assert.Equal([new("c-2", "WEEK_4")], await store.Exchange.ReadRevisedAsync(1, until.AddDays(-1), default));
    }

    [Fact]
    public async Task A_released_milestone_can_be_taken_back_once()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b");
        var release = new StreamDriver(store.Journal, Profile);
        await PublishAsync(store, release, 1, Registries, Form(1, Cell("c-1", Both, "pt-a", "pt-b")));
        await persons["pt-a"].AcceptAsync(new Projection.OutcomeRevised("WEEK_4", ["corrected"]));
        var back = new PreparedStep(2, [], [new("c-1", "WEEK_4", "WITHHELD")], [], [], []);
        await PublishAsync(store, release, 2, Registries, back);

        Assert.Equal([null, null], await DeliveredAsync(store, 1, Registries));
        Assert.Equal([new("WEEK_4", "WITHHELD", 2)], (await store.Exchange.ReadCellsAsync(Day, default))[0].Settled);
        Assert.Empty(await store.Exchange.ReadRevisedAsync(9, Day, default));
        Assert.Equal([2, 2], (await store.Exchange.ReadBatchRowsAsync(Recipient, 1, 0, 9, Registries, 1, Day, default)).Select(row => row.Tombstone));
        Assert.Equal(new AppendOutcome.KeyTaken("milestone"), await PrepareAsync(release, back with { Publication = 3 }));
        await persons["pt-a"].AcceptAsync(new Projection.OutcomeRevised("WEEK_4", ["too late"]));
        Assert.Empty(await store.Exchange.ReadOutcomesAsync(["pt-a"], "WEEK_4", default));
    }

    [Fact]
    public async Task What_does_not_fit_is_named()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c");
        var release = new StreamDriver(store.Journal, Profile);
        await RefusedAsync("cell_member", new(1, [Cell("c-1", Both, "pt-a", "pt-a")], [], [], [], []));
        await RefusedAsync("publication", Form(2, Cell("c-1", Both, "pt-a")));
        await RefusedAsync("consent", new(1, [Cell("c-1", 3, "pt-a")], [], [], [], []));
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, Form(1, Cell("c-1", Both, "pt-a", "pt-b"))));
        await RefusedAsync("cell", Form(1, Cell("c-1", Both, "pt-c")));
        await RefusedAsync("cell_member", Form(1, Cell("c-2", Both, "pt-a", "pt-c")));
        await RefusedAsync("milestone", new(1, [], [new("c-1", "WEEK_4", "RELEASED")], [], [], []));
        await RefusedAsync("milestone", Step(1, Row("pt-a", "c-1")));
        await RefusedAsync("cell", new(1, [], [new("c-9", "WEEK_4", "RELEASED")], [], [], []));
        await persons["pt-a"].AcceptAsync(new Projection.PoolEntered("2025-Q4", ["again"]));
        Assert.Equal(1, await store.Exchange.CountWaitingAsync(Day, default));
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, new(1, [], [new("c-1", "WEEK_8", "RETIRED")], ["c-1"], [], [])));
        Assert.Equal(0, await store.Exchange.CountPreparedAsync(1, default));
        Assert.Empty(await store.Exchange.ReadCellsAsync(Day, default));
        await RefusedAsync("cell_member", Step(1, Row("pt-a", "c-1", "WEEK_12")));

        async Task RefusedAsync(string key, PreparedStep step) => Assert.Equal(new AppendOutcome.KeyTaken(key), await PrepareAsync(release, step));
    }

    [Fact]
    public async Task Agreements_acknowledgements_documents_and_use_are_kept()
    {
        await using var store = await stores.CreateAsync();
        await EnterAsync(store, Both, "pt-a");
        var release = new StreamDriver(store.Journal, Profile);
        await PublishAsync(store, release, 1, Registries, Form(1, Cell("c-1", Both, "pt-a")));
        var partner = new StreamDriver(store.Journal, "pa-north");
        await partner.AcceptAsync(new Projection.AgreementSet(Agreement("ag-1", Registries)));
        await partner.AcceptAsync(
            new Projection.AgreementSet(Agreement("ag-1", Registries) with { Status = "ENDED" }),
            new Projection.AgreementSet(Agreement("ag-0", Partners) with { Partner = "south" }),
            new Projection.BatchAcknowledged(Recipient, 1, Day.AddDays(1)),
            new Projection.BatchAcknowledged(Recipient, 1, Day.AddDays(2)),
            new Projection.DocumentSigned(new("rekey", "ag-1", 1, [1], [2])),
            new Projection.DocumentSigned(new("rekey", "ag-1", 1, [3], [4])),
            new Projection.DocumentSigned(new("rekey", "ag-1", 2, [5], [6])));

        Assert.Equal(["ag-0", "ag-1"], (await store.Exchange.ReadAgreementsAsync(null, default)).Select(one => one.Agreement));
        var read = Assert.Single(await store.Exchange.ReadAgreementsAsync("partner", default));
        Assert.Equal(Agreement("ag-1", Registries) with { Status = "ENDED", Fields = read.Fields }, read);
        Assert.Equal(["pseudonym", "cell"], read.Fields);
        Assert.Equal(Day.AddDays(1), Assert.Single(await store.Exchange.ReadBatchesAsync(Recipient, 0, 9, default)).AcknowledgedAt);
        Assert.Equal([(1, (byte)1), (2, (byte)5)], (await store.Exchange.ReadDocumentsAsync("rekey", "ag-1", 0, 9, default)).Select(one => (one.Number, one.Document[0])));
        Assert.Equal(2, Assert.Single(await store.Exchange.ReadDocumentsAsync("rekey", "ag-1", 1, 9, default)).Number);
        Assert.Equal(5, await store.Exchange.AddUseAsync("ag-1", 20_000, 5, default));
        Assert.Equal(12, await store.Exchange.AddUseAsync("ag-1", 20_000, 7, default));
        Assert.Equal(1, await store.Exchange.AddUseAsync("ag-1", 20_001, 1, default));
    }
}
