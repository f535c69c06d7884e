using Orleans.Storage;

namespace ClinicNetwork.Journal.Tests.Snapshots;

/// <summary>Our SQL under the real provider: its contract as we rely on it, the same on both databases.</summary>
public abstract class SnapshotStorageContract(SnapshotSilos silo)
{
    protected ISnapshotGrain Grain(string key) => silo.Grains.GetGrain<ISnapshotGrain>(key);

    [Fact]
    public async Task A_snapshot_is_read_back_by_the_next_activation()
    {
        var grain = Grain("pt-read-back");
        Assert.Empty(await grain.ReadAsync());
        Assert.Equal("1", await grain.WriteAsync([1, 2, 3]));
        Assert.Equal("2", await grain.WriteAsync([4, 5, 6]));
        var ended = await grain.EndAsync();

        Assert.Equal([4, 5, 6], await grain.ReadAsync());
        Assert.NotEqual(ended, await grain.EndAsync());
        Assert.Equal("3", await grain.WriteAsync([7]));
    }

    [Fact]
    public async Task A_write_on_an_older_etag_is_a_conflict_and_changes_nothing()
    {
        var grain = Grain("pt-conflict");
        await grain.WriteAsync([1]);
        var rival = await silo.ReadAsync(grain);
        rival.State = new SnapshotState { Bytes = [9] };
        await silo.WriteAsync(grain, rival);

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.WriteAsync([2]));
        Assert.Equal([9], (await silo.ReadAsync(grain)).State!.Bytes);
    }

    [Fact]
    public async Task Of_many_first_writes_by_all_silos_exactly_one_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            var grain = Grain($"pt-first-{round}");
            var rivals = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
            {
                try
                {
                    await silo.WriteAsync(grain, new GrainState<SnapshotState>(new SnapshotState { Bytes = [(byte)i] }), i);
                    return i;
                }
                catch (InconsistentStateException)
                {
                    return -1;
                }
            })));
            var winner = Assert.Single(rivals, i => i >= 0);
            Assert.Equal([(byte)winner], (await silo.ReadAsync(grain)).State!.Bytes);
        }
    }

    [Fact]
    public async Task A_cleared_snapshot_is_gone_and_can_be_written_again()
    {
        var grain = Grain("pt-cleared");
        await grain.WriteAsync([1]);
        await grain.ClearAsync();
        Assert.False((await silo.ReadAsync(grain)).RecordExists);
        await grain.EndAsync();
        await grain.WriteAsync([2]);
        Assert.Equal([2], (await silo.ReadAsync(grain)).State!.Bytes);
    }

    [Fact]
    public async Task A_write_after_the_row_was_lost_is_a_conflict()
    {
        var grain = Grain("pt-lost");
        await grain.WriteAsync([1]);
        var stale = await silo.ReadAsync(grain);
        await grain.ClearAsync();
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.WriteAsync(grain, stale));
        Assert.False((await silo.ReadAsync(grain)).RecordExists);
    }

    [Fact]
    public async Task Keys_that_look_alike_are_kept_apart()
    {
        string[] keys =
        [
            "pt-a", "pt-0a", "pt-A", "PT-a", "pt-12", "pt-012", "pt-12-x", "pt-abc123", "pt-ABC123", "pt-deadbeef", "pt-00deadbeef",
            "pt-6f9619ff-8b86-d011-b42d-00cf4fc964ff", "pt-6F9619FF-8B86-D011-B42D-00CF4FC964FF", "pt-6f9619ff8b86d011b42d00cf4fc964ff", "cl-a", "pt-a ",
        ];
        foreach (var (key, i) in keys.Select((key, i) => (key, i)))
        {
            await Grain(key).WriteAsync([(byte)i]);
            await Grain(key).EndAsync();
        }

        foreach (var (key, i) in keys.Select((key, i) => (key, i)))
        {
            Assert.Equal([(byte)i], await Grain(key).ReadAsync());
        }
    }

    [Fact]
    public async Task A_large_snapshot_survives()
    {
        var bytes = new byte[3_000_000];
        bytes[^1] = 7;
        await Grain("pt-large").WriteAsync(bytes);
        await Grain("pt-large").EndAsync();
        Assert.Equal(bytes, await Grain("pt-large").ReadAsync());
    }
}
