namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>Pool, cells and batches: what a publication may write, and what may be delivered of it at each moment.</summary>
public abstract class ReleaseContract(IStoreFactory stores)
{
    private const int Registries = 1;
    private const int Partners = 2;
    private const int Both = Registries | Partners;

    private static readonly DateTimeOffset Day = new(2025, 10, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Persons a, b, c … wait in the pool, with an outcome for WEEK_4.</summary>
    private static async Task<Dictionary<string, StreamDriver>> EnterAsync(IStoreUnderTest store, int recipients, params string[] persons)
    {
        var drivers = new Dictionary<string, StreamDriver>();
        foreach (var person in persons)
        {
            var driver = drivers[person] = new StreamDriver(store.Journal, person);
            await driver.AcceptAsync(
                new Projection.PatientIndexed("cl-n", person, "Anna", "Muster", new DateOnly(1980, 5, 17)),
                new Projection.ConsentSet(recipients),
                new Projection.PoolEntered("2025-Q3", [person + "-sex", person + "-age"]),
                new Projection.OutcomeReady("WEEK_4", [person + "-remission"]));
        }

        return drivers;
    }

    private static NewCell Cell(string cell, int recipients, params string[] members) => new(cell, "2025-Q3", recipients, ["female", "*"], members);

    private static NewBatchRow Row(string person, string cell) => new(person, cell, "WEEK_4", [person + "-published"], Leaf(person));

    private static byte[] Leaf(string person) => [.. Enumerable.Repeat((byte)person[^1], 32)];

    private static Publication Publish(int number, NewCell cell, params IReadOnlyList<NewBatchRow> rows) =>
        new([cell], [new MilestoneSettled(cell.Cell, "WEEK_4", "RELEASED")], [], new NewBatch(number, Day, rows.Count, [1], [2], [3]), rows);

    private static Task<AppendOutcome> PublishAsync(StreamDriver release, Publication publication) =>
        release.AppendAsync(release.Next(new Projection.Published(publication)));

    private static async Task<IReadOnlyList<string?>> DeliveredAsync(IStoreUnderTest store, int batch, int recipientClass, int k) =>
        [.. (await store.Releases.ReadBatchRowsAsync(batch, 0, 100, recipientClass, k, default)).Select(row => row.Values?[0])];

    [Fact]
    public async Task The_pool_shows_who_waits_and_permits_somebody_now()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-b", "pt-a");
        await EnterAsync(store, 0, "pt-c");
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Partners));

        var pool = await store.Releases.ReadPoolAsync(10, default);
        Assert.Equal([("pt-a", "2025-Q3", Both), ("pt-b", "2025-Q3", Partners)], pool.Select(one => (one.Person, one.Quarter, one.Recipients)));
        Assert.Equal(["pt-a-sex", "pt-a-age"], pool[0].QuasiIdentifiers);
        Assert.Equal(2, await store.Releases.CountPoolAsync(default));
        Assert.Single(await store.Releases.ReadPoolAsync(1, default));

        await persons["pt-a"].AcceptAsync(new Projection.ConsentSet(0));
        Assert.Equal(1, await store.Releases.CountPoolAsync(default));
        await persons["pt-a"].AcceptAsync(new Projection.ConsentSet(Both));
        Assert.Equal(2, await store.Releases.CountPoolAsync(default));
    }

    [Fact]
    public async Task A_milestone_that_waits_gets_other_values_and_one_that_is_settled_none()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c");
        await persons["pt-a"].AcceptAsync(new Projection.OutcomeRevised("WEEK_4", ["corrected"]), new Projection.OutcomeRevised("WEEK_8", ["never ready"]));
        var waiting = await store.Releases.ReadOutcomesAsync(["pt-a", "pt-b"], "WEEK_4", default);
        Assert.Equal(["corrected"], waiting["pt-a"]);
        Assert.Equal(["pt-b-remission"], waiting["pt-b"]);
        Assert.Empty(await store.Releases.ReadOutcomesAsync(["pt-a"], "WEEK_8", default));

        Assert.IsType<AppendOutcome.Appended>(await PublishAsync(new StreamDriver(store.Journal, "rl-public"), Publish(1, Cell("c-1", Both, "pt-a", "pt-b"), Row("pt-b", "c-1"), Row("pt-a", "c-1"))));
        await persons["pt-a"].AcceptAsync(new Projection.OutcomeRevised("WEEK_4", ["too late"]));
        Assert.Empty(await store.Releases.ReadOutcomesAsync(["pt-a"], "WEEK_4", default));
        Assert.DoesNotContain("too late", await DeliveredAsync(store, 1, Registries, 1));
    }

    [Fact]
    public async Task A_publication_forms_cells_settles_milestones_and_makes_a_batch()
    {
        await using var store = await stores.CreateAsync();
        await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c");
        Assert.Equal(3, (await store.Releases.ReadOutcomesAsync(["pt-a", "pt-b", "pt-c", "pt-x"], "WEEK_4", default)).Count);

        var release = new StreamDriver(store.Journal, "rl-public");
        Assert.IsType<AppendOutcome.Appended>(await PublishAsync(release, Publish(1, Cell("c-1", Both, "pt-a", "pt-b"), Row("pt-b", "c-1"), Row("pt-a", "c-1"))));

        Assert.Equal(["pt-c"], (await store.Releases.ReadPoolAsync(10, default)).Select(one => one.Person));
        var cell = Assert.Single(await store.Releases.ReadCellsAsync(default));
        Assert.Equal(("c-1", "2025-Q3", Both), (cell.Cell, cell.Quarter, cell.Recipients));
        Assert.Equal(["female", "*"], cell.Region);
        Assert.Equal([new("pt-a", Both), new("pt-b", Both)], cell.Members);
        Assert.Equal(["WEEK_4"], cell.SettledMilestones);
        var batch = Assert.Single(await store.Releases.ReadBatchesAsync(0, 10, default));
        Assert.Equal((1, Day, 2L), (batch.Number, batch.PublishedAt, batch.Rows));
        Assert.Empty(await store.Releases.ReadBatchesAsync(1, 10, default));
        var rows = await store.Releases.ReadBatchRowsAsync(1, 0, 10, Registries, 2, default);
        Assert.Equal([(0L, "pt-b"), (1, "pt-a")], rows.Select(row => (row.Row, row.Person)));
        Assert.Equal(["pt-b-published"], rows[0].Values);
        Assert.Equal(Leaf("pt-a"), rows[1].Leaf);
        Assert.Equal(["pt-c"], (await store.Releases.ReadOutcomesAsync(["pt-a", "pt-b", "pt-c"], "WEEK_4", default)).Keys);
        Assert.Equal(1L, Assert.Single(await store.Releases.ReadBatchRowsAsync(1, 1, 10, Registries, 2, default)).Row);
    }

    [Fact]
    public async Task A_withdrawal_hides_the_row_at_once_and_under_k_the_whole_cell_leaves_stay()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c");
        var release = new StreamDriver(store.Journal, "rl-public");
        await PublishAsync(release, Publish(1, Cell("c-1", Both, "pt-a", "pt-b", "pt-c"), Row("pt-a", "c-1"), Row("pt-b", "c-1"), Row("pt-c", "c-1")));
        Assert.Equal(["pt-a-published", "pt-b-published", "pt-c-published"], await DeliveredAsync(store, 1, Partners, 2));

        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Registries));
        Assert.Equal(["pt-a-published", null, "pt-c-published"], await DeliveredAsync(store, 1, Partners, 2));
        Assert.Equal(["pt-a-published", "pt-b-published", "pt-c-published"], await DeliveredAsync(store, 1, Registries, 2));
        Assert.Equal([null, null, null], await DeliveredAsync(store, 1, Partners, 3));

        await persons["pt-c"].AcceptAsync(new Projection.ConsentSet(0));
        Assert.Equal([null, null, null], await DeliveredAsync(store, 1, Partners, 2));
        Assert.Equal(Leaf("pt-c"), (await store.Releases.ReadBatchRowsAsync(1, 0, 10, Partners, 2, default))[2].Leaf);
        Assert.Equal([Both, Registries, 0], (await store.Releases.ReadCellsAsync(default))[0].Members.Select(member => member.Recipients));
    }

    [Fact]
    public async Task Widened_consent_never_adds_an_old_cell()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Registries, "pt-a", "pt-b");
        await PublishAsync(new StreamDriver(store.Journal, "rl-public"), Publish(1, Cell("c-1", Registries, "pt-a", "pt-b"), Row("pt-a", "c-1"), Row("pt-b", "c-1")));
        foreach (var person in persons.Values)
        {
            await person.AcceptAsync(new Projection.ConsentSet(Both));
        }

        Assert.Equal([null, null], await DeliveredAsync(store, 1, Partners, 1));
        Assert.Equal(["pt-a-published", "pt-b-published"], await DeliveredAsync(store, 1, Registries, 1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Releases.ReadBatchRowsAsync(1, 0, 10, Both, 1, default));
    }

    [Fact]
    public async Task A_publication_prepared_on_another_consent_writes_nothing()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b");
        var prepared = Publish(1, Cell("c-1", Both, "pt-a", "pt-b"), Row("pt-a", "c-1"));
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Registries));

        var release = new StreamDriver(store.Journal, "rl-public");
        Assert.Equal(new AppendOutcome.KeyTaken("consent"), await PublishAsync(release, prepared));
        Assert.Equal(0, await store.Journal.ReadHeadAsync("rl-public", default));
        Assert.Equal(2, await store.Releases.CountPoolAsync(default));
        Assert.Empty(await store.Releases.ReadCellsAsync(default));
        Assert.Empty(await store.Releases.ReadBatchesAsync(0, 10, default));
    }

    [Fact]
    public async Task A_row_of_a_person_who_permits_nothing_of_the_cell_stops_the_publication()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Registries, "pt-a", "pt-b");
        var release = new StreamDriver(store.Journal, "rl-public");
        await PublishAsync(release, new Publication([Cell("c-1", Registries, "pt-a", "pt-b")], [], [], null, []));
        await persons["pt-a"].AcceptAsync(new Projection.ConsentSet(Partners));

        var late = new Publication([], [], [], new NewBatch(1, Day, 2, [1], [2], [3]), [Row("pt-b", "c-1"), Row("pt-a", "c-1")]);
        Assert.Equal(new AppendOutcome.KeyTaken("consent"), await PublishAsync(release, late));
        Assert.IsType<AppendOutcome.Appended>(await PublishAsync(release, late with { Rows = [Row("pt-b", "c-1")], Batch = late.Batch! with { Rows = 1 } }));
    }

    [Fact]
    public async Task A_person_is_in_one_cell_once_and_for_ever()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c");
        var release = new StreamDriver(store.Journal, "rl-public");
        Assert.Equal(new AppendOutcome.KeyTaken("cell_member"), await PublishAsync(release, new Publication([Cell("c-1", Both, "pt-a", "pt-a")], [], [], null, [])));
        await PublishAsync(release, new Publication([Cell("c-1", Both, "pt-a", "pt-b")], [], [], null, []));

        await persons["pt-a"].AcceptAsync(new Projection.PoolEntered("2025-Q4", ["again"]));
        Assert.Equal(1, await store.Releases.CountPoolAsync(default));
        Assert.Equal(new AppendOutcome.KeyTaken("cell_member"), await PublishAsync(release, new Publication([Cell("c-2", Both, "pt-a", "pt-c")], [], [], null, [])));
        Assert.Equal(new AppendOutcome.KeyTaken("cell"), await PublishAsync(release, new Publication([Cell("c-1", Both, "pt-c")], [], [], null, [])));
    }

    [Fact]
    public async Task Batches_are_numbered_without_gap_and_a_milestone_is_settled_once()
    {
        await using var store = await stores.CreateAsync();
        await EnterAsync(store, Both, "pt-a");
        var release = new StreamDriver(store.Journal, "rl-public");
        var first = Publish(1, Cell("c-1", Both, "pt-a"), Row("pt-a", "c-1"));
        Assert.Equal(new AppendOutcome.KeyTaken("batch"), await PublishAsync(release, first with { Batch = first.Batch! with { Number = 2 } }));
        Assert.IsType<AppendOutcome.Appended>(await PublishAsync(release, first));

        Assert.Equal(new AppendOutcome.KeyTaken("milestone"), await PublishAsync(release, new Publication([], first.Settled, [], null, [])));
        var again = new Publication([], [], [], first.Batch! with { Number = 2 }, first.Rows);
        Assert.Equal(new AppendOutcome.KeyTaken("milestone"), await PublishAsync(release, again));
        Assert.Equal(new AppendOutcome.KeyTaken("batch"), await PublishAsync(release, again with { Batch = first.Batch }));
    }

    [Fact]
    public async Task A_retired_cell_is_read_no_more_and_gets_no_further_row()
    {
        await using var store = await stores.CreateAsync();
        await EnterAsync(store, Both, "pt-a");
        var release = new StreamDriver(store.Journal, "rl-public");
        await PublishAsync(release, new Publication([Cell("c-1", Both, "pt-a")], [], ["c-1"], null, []));

        Assert.Empty(await store.Releases.ReadCellsAsync(default));
        var row = new Publication([], [], [], new NewBatch(1, Day, 1, [1], [2], [3]), [Row("pt-a", "c-1")]);
        Assert.Equal(new AppendOutcome.KeyTaken("cell_member"), await PublishAsync(release, row));
    }

    [Fact]
    public async Task Consent_given_again_after_a_withdrawal_does_not_bring_the_row_back()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c");
        var release = new StreamDriver(store.Journal, "rl-public");
        Publication publication = Publish(1, Cell("c-1", Both, "pt-a", "pt-b", "pt-c"), Row("pt-a", "c-1"), Row("pt-b", "c-1"), Row("pt-c", "c-1"));
        Assert.IsType<AppendOutcome.Appended>(await PublishAsync(release, publication));

        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Partners));
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Both));

        Assert.Equal(["pt-a-published", null, "pt-c-published"], await DeliveredAsync(store, 1, Registries, 2));
        Assert.Equal(["pt-a-published", "pt-b-published", "pt-c-published"], await DeliveredAsync(store, 1, Partners, 2));
        var members = Assert.Single(await store.Releases.ReadCellsAsync(default)).Members;
        Assert.Equal([new("pt-a", Both), new("pt-b", Partners), new("pt-c", Both)], members);
    }

    [Fact]
    public async Task A_row_of_a_member_who_withdrew_is_not_published_whatever_was_permitted_since()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b");
        var release = new StreamDriver(store.Journal, "rl-public");
        await release.AcceptAsync(new Projection.Published(new([Cell("c-1", Both, "pt-a", "pt-b")], [], [], null, [])));
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(0));
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Both));

        var late = new Publication([], [], [], new NewBatch(1, Day, 2, [1], [2], [3]), [Row("pt-a", "c-1"), Row("pt-b", "c-1")]);
        Assert.Equal("consent", Assert.IsType<AppendOutcome.KeyTaken>(await PublishAsync(release, late)).Key);
    }
}
