using ClinicNetwork.Journal.Ledger;
using static ClinicNetwork.Journal.Tests.Contract.Releasing;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>A store that was restored is told what it had forgotten: who is in which cell, what each recipient was given, who withdrew.</summary>
public abstract class LedgerContract(IStoreFactory stores)
{
    private const int WithdrawnPermits = Registries;

    private static readonly AppendOutcome Known = new AppendOutcome.KeyTaken("publication");

    private static readonly LedgerEntry.Publication Lost = new(
        2,
        Day,
        [new("c-2", "2025-Q3", Both, ["male", "*"], ["pt-c", "pt-d"])],
        [new("pt-d", "c-2", "WEEK_4", 2), new("pt-a", "c-1", "WEEK_4", 2), new("pt-c", "c-2", "WEEK_4", 2), new("pt-b", "c-1", "WEEK_4", 1)],
        [
            new(Recipient, 2, [4], [5], [6], [new(0, 3, Leaf("pt-d")), new(1, 1, Leaf("pt-a")), new(2, 3, Leaf("pt-c"))], [(1, 0)]),
            new("ag-new", 1, [7], [8], [9], [new(3, 1, Leaf("pt-b"))], []),
        ]);

    [Fact]
    public async Task A_lost_publication_is_there_by_its_leaves_and_the_next_goes_on_after_it()
    {
        await using var store = await stores.CreateAsync();
        await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c", "pt-d");
        var release = new StreamDriver(store.Journal, Profile);
        await PublishAsync(store, release, 1, Registries, Form(1, Cell("c-1", Both, "pt-a", "pt-b")));

        // The backup was made in the midst of preparing the one that is lost, otherwise than it came to be.
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, Form(2, Cell("c-x", Both, "pt-c", "pt-d"))));
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, Step(2, Row("pt-b", "c-1", value: "corrected"))));
        await SealAsync(store, release, 2, 2, Registries);

        await release.AcceptAsync(new Projection.LedgerReplayed(new(Lost, [])));
        await AssertReplayedAsync(store);
        Assert.Equal(Known, await release.AppendAsync(release.Next(new Projection.LedgerReplayed(new(Lost, [])))));
        await AssertReplayedAsync(store);

        // The correction that was never made is not known; what was told is not told again.
        Assert.Equal([(2, 0L), (2, 1), (2, 2)], (await store.Exchange.ReadUntoldAsync(Recipient, Registries, 1, 2, 9, Day, default)).Select(row => (row.Batch, row.Row)));
        Assert.Equal(Known, await PrepareAsync(release, Step(2)));
        await PublishAsync(store, release, 3, Registries, Step(3, Row("pt-c", "c-2", "WEEK_8"), Row("pt-d", "c-2", "WEEK_8")));
        Assert.Equal(["pt-c-published", "pt-d-published"], await DeliveredAsync(store, 3, Registries));
        Assert.Empty(await store.Exchange.ReadUntoldAsync(Recipient, Registries, 1, 3, 9, Day, default));
    }

    [Fact]
    public async Task Who_withdrew_since_the_backup_is_out_of_everything_and_stays_so()
    {
        await using var store = await stores.CreateAsync();
        var persons = await EnterAsync(store, Both, "pt-a", "pt-b", "pt-c");
        var release = new StreamDriver(store.Journal, Profile);
        await AgreeAsync(store, Recipient, Partners);
        await PublishAsync(store, release, 1, Partners, Form(1, Cell("c-1", Both, "pt-a", "pt-b", "pt-c")));
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, Step(2, Row("pt-a", "c-1", "WEEK_8"), Row("pt-b", "c-1", "WEEK_8"), Row("pt-c", "c-1", "WEEK_8"))));
        await SealAsync(store, release, 2, 2, Partners);

        var at = store.Clock.Now;
        LedgerStep step = new(null, [new("pt-a", 0, DateTimeOffset.MaxValue, "again-0", at), new("pt-b", WithdrawnPermits, Day.AddDays(9), "again-17", at)]);
        for (var run = 0; run < 2; run++)
        {
            await release.AcceptAsync(new Projection.LedgerReplayed(step));
            Assert.Equal([null, null, "pt-c-published"], await DeliveredAsync(store, 1, Partners));
            Assert.Equal([null, "pt-b-published", "pt-c-published"], await DeliveredAsync(store, 1, Registries));
            Assert.Equal([null, null, "pt-c-published"], await DeliveredAsync(store, 1, Registries, now: Day.AddDays(9)));
            Assert.Equal([0, Registries, Both], Assert.Single(await store.Exchange.ReadCellsAsync(Day, default)).Members.Select(member => member.Recipients));
            Assert.Equal(2, await store.Exchange.CountPreparedAsync(2, default));
            Assert.Equal(["pt-c"], (await store.Exchange.ReadBatchRowsAsync(Recipient, 2, 0, 9, Partners, 1, Day, default)).Select(row => row.Person));
            var due = await store.Projections.ReadDueAsync(DateTimeOffset.MaxValue, 99, TimeSpan.Zero, default);
            Assert.Equal([new("pt-a", "again-0", at), new("pt-b", "again-17", at)], due.Where(row => row.Kind.StartsWith("again", StringComparison.Ordinal)));
        }

        await persons["pt-a"].AcceptAsync(new Projection.ConsentSet(Both));
        await persons["pt-b"].AcceptAsync(new Projection.ConsentSet(Both));
        Assert.Equal([null, null, "pt-c-published"], await DeliveredAsync(store, 1, Partners));
    }

    private static async Task AssertReplayedAsync(IStoreUnderTest store)
    {
        Assert.Equal(2, await store.Exchange.ReadPublishedAsync(Profile, default));
        Assert.Empty(await store.Exchange.ReadWaitingAsync("", 9, Day, default));
        var cells = await store.Exchange.ReadCellsAsync(Day, default);
        Assert.Equal(["c-1 pt-a pt-b", "c-2 pt-c pt-d"], cells.Select(cell => string.Join(' ', [cell.Cell, .. cell.Members.Select(member => member.Person)])));
        Assert.Equal(["male", "*"], cells[1].Region);
        Assert.All(cells, cell => Assert.Equal("RELEASED", Assert.Single(cell.Settled).Status));
        Assert.Empty(await store.Exchange.ReadOutcomesAsync(["pt-a", "pt-b", "pt-c", "pt-d"], "WEEK_4", default));
        Assert.Empty(await store.Exchange.ReadRevisedAsync(9, Day, default));

        var batches = await store.Exchange.ReadBatchesAsync(Recipient, 0, 9, default);
        Assert.Equal([(1, 1, 2L), (2, 2, 3)], batches.Select(batch => (batch.Number, batch.Publication, batch.Rows)));
        Assert.Equal([4, 5, 6], (byte[])[.. batches[1].Root, .. batches[1].Manifest, .. batches[1].Signature]);
        var rows = await store.Exchange.ReadBatchRowsAsync(Recipient, 2, 0, 9, Registries, 1, Day, default);
        Assert.Equal([("pt-d", "c-2", 3), ("pt-a", "c-1", 1), ("pt-c", "c-2", 3)], rows.Select(row => (row.Person, row.Cell, row.Epoch)));
        Assert.All(rows, row => Assert.Null(row.Values));
        Assert.Equal(Leaf("pt-d"), rows[0].Leaf);

        // What a correction replaced is given to nobody; what another recipient was given late is whole.
        Assert.Equal([null, "pt-b-published"], await DeliveredAsync(store, 1, Registries));
        Assert.Equal(["pt-b-published"], await DeliveredAsync(store, 1, Registries, recipient: "ag-new"));
        Assert.Equal("pt-b", Assert.Single(await store.Exchange.ReadUndeliveredAsync("ag-other", Registries, 1, 2, null, 9, Day, default)).Person);
    }
}
