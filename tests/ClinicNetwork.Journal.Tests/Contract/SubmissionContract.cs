namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>What <see cref="ISubmissionStore"/> shows of committed commands.</summary>
public abstract class SubmissionContract(IStoreFactory stores)
{
    private static Projection.RecordsSubmitted Records(params IEnumerable<string> ids) => new([.. ids.Select(id => new SubmissionRow(id, ["leaf-" + id, "", "ü,\""]))]);

    [Fact]
    public async Task Records_are_read_back_in_order_by_pages_of_their_own_submission()
    {
        await using var store = await stores.CreateAsync();
        var (mine, other) = (new StreamDriver(store.Journal, "sb-north.one"), new StreamDriver(store.Journal, "sb-north.two"));
        await mine.AcceptAsync(Records("r-3", "r-1"));
        await other.AcceptAsync(Records("r-1", "r-9"));
        await mine.AcceptAsync(Records("r-2", "R-0"));

        Assert.Equal(["R-0", "r-1", "r-2"], (await store.Submissions.ReadAsync("sb-north.one", "", 3, default)).Select(row => row.Record));
        var last = Assert.Single(await store.Submissions.ReadAsync("sb-north.one", "r-2", 3, default));
        Assert.Equal(("r-3", "leaf-r-3", "ü,\""), (last.Record, last.Values[0], last.Values[2]));
        Assert.Equal(["r-1", "r-3"], (await store.Submissions.FindAsync("sb-north.one", ["r-9", "r-3", "r-1", "r-1"], default)).Keys.Order());
        Assert.Empty(await store.Submissions.ReadAsync("sb-north.none", "", 3, default));
    }

    [Fact]
    public async Task Dropped_records_are_gone_and_others_stay()
    {
        await using var store = await stores.CreateAsync();
        var (mine, other) = (new StreamDriver(store.Journal, "sb-north.one"), new StreamDriver(store.Journal, "sb-north.two"));
        await mine.AcceptAsync(Records("r-1", "r-2"));
        await other.AcceptAsync(Records("r-1"));
        await mine.AcceptAsync(new Projection.RecordsDropped());
        Assert.Empty(await store.Submissions.ReadAsync("sb-north.one", "", 9, default));
        Assert.Single(await store.Submissions.ReadAsync("sb-north.two", "", 9, default));
    }

    [Fact]
    public async Task A_record_is_written_once_whatever_its_command_believed()
    {
        await using var store = await stores.CreateAsync();
        var mine = new StreamDriver(store.Journal, "sb-north.one");
        await mine.AcceptAsync(Records("r-1"));
        await Assert.ThrowsAnyAsync<Exception>(() => mine.AppendAsync(mine.Next(Records("r-2", "r-1"))));
        Assert.Equal(["r-1"], (await store.Submissions.ReadAsync("sb-north.one", "", 9, default)).Select(row => row.Record));
        Assert.Equal(1, await store.Journal.ReadHeadAsync("sb-north.one", default));
    }
}
