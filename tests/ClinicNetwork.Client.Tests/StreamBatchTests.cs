using ClinicNetwork.Client.Tests.Fakes;
using CsCheck;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

public sealed class StreamBatchTests
{
    private const string Name = "profiles/public-outcomes/batches/1";

    private static async Task<List<BatchRow>> ReadAsync(
        FakeRegistry registry, long startRow = 0, int pageSize = 0, MerkleAccumulator? earlier = null)
    {
        var rows = new List<BatchRow>();
        await foreach (var page in registry.Client().StreamBatchAsync(Name, startRow, earlier, pageSize))
            rows.AddRange(page.Rows);
        return rows;
    }

    private static async Task<ClinicNetworkException> RefusalAsync(FakeRegistry registry) =>
        await Assert.ThrowsAsync<ClinicNetworkException>(() => ReadAsync(registry, pageSize: 10));

    [Fact(Timeout = Patience.Ms)]
    public Task Any_cuts_and_pages_give_the_uncut_batch() =>
        Gen.Select(Gen.Int[0, 90], Gen.Int[1, 20], Gen.Int[0, 4].Array[0, 7]).SampleAsync(async (count, pageSize, cuts) =>
        {
            using var registry = new FakeRegistry(cuts, count);
            var rows = await ReadAsync(registry, 0, pageSize);
            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), rows.Select(row => row.Row));
            Assert.Equal(registry.Rows(1).Select(row => string.Join('|', row.Values)), rows.Select(row => string.Join('|', row.Values)));
        }, iter: 200);

    [Fact(Timeout = Patience.Ms)]
    public Task From_any_row_on_comes_the_rest() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 70], Gen.Int[0, 3].Array[0, 5]).SampleAsync(async (count, start, cuts) =>
        {
            using var registry = new FakeRegistry(cuts, count);
            var rows = await ReadAsync(registry, start, 7);
            Assert.Equal(Enumerable.Range(start, Math.Max(0, count - start)).Select(i => (long)i), rows.Select(row => row.Row));
        }, iter: 200);

    [Fact(Timeout = Patience.Ms)]
    public async Task Withdrawn_rows_come_as_their_hash()
    {
        using var registry = new FakeRegistry([], 10);

        var rows = await ReadAsync(registry);

        Assert.Equal([3L], rows.Where(row => row.Withdrawn).Select(row => row.Row));
        Assert.Equal(registry.Rows(1)[3].Leaf.ToByteArray(), rows[3].Leaf.ToArray());
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_changed_value_is_detected()
    {
        using var registry = new FakeRegistry([], 40) { Corrupt = page => page.Rows[1].Values[1] = "male" };

        var error = await RefusalAsync(registry);

        Assert.Equal((StatusCode.DataLoss, Reasons.PageChecksum), (error.Code, error.Reason));
        Assert.Single(registry.Server.Attempts);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_changed_checksum_is_detected()
    {
        using var registry = new FakeRegistry([], 40) { Corrupt = page => page.Checksum = ByteString.CopyFrom(new byte[32]) };

        Assert.Equal(Reasons.PageChecksum, (await RefusalAsync(registry)).Reason);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_value_with_a_tab_is_refused_because_two_rows_could_have_its_leaf()
    {
        using var registry = new FakeRegistry([], 40) { Corrupt = page => page.Rows[0].Values[0] = "a\tb" };

        Assert.Equal(Reasons.PageChecksum, (await RefusalAsync(registry)).Reason);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_left_out_row_is_detected()
    {
        using var registry = new FakeRegistry([], 40) { Corrupt = page => page.FirstRow += page.FirstRow > 0 ? 1 : 0 };

        Assert.Equal(Reasons.RowGap, (await RefusalAsync(registry)).Reason);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Rows_that_do_not_give_the_root_are_refused_even_with_a_right_checksum()
    {
        using var registry = new FakeRegistry([], 40);
        // The whole page and its checksum are exchanged: only the root can tell.
        registry.Corrupt = page =>
        {
            if (page.FirstRow == 0)
                page.Rows[1].Values[1] = "male";
            var leaves = page.Rows.SelectMany(
                row => row.Leaf.Length > 0 ? row.Leaf.ToByteArray() : MerkleAccumulator.Leaf(row.Salt.Span, row.Values));
            page.Checksum = ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData([.. leaves]));
        };

        Assert.Equal(Reasons.BatchRoot, (await RefusalAsync(registry)).Reason);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task The_root_is_checked_over_a_resumed_read_too()
    {
        using var registry = new FakeRegistry([], 40);
        var earlier = FakeRegistry.TreeOf(registry.Rows(1).Take(19).Append(registry.Rows(1)[0]));

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(() => ReadAsync(registry, 20, 10, earlier));

        Assert.Equal(Reasons.BatchRoot, error.Reason);
        Assert.Equal(20, (await ReadAsync(registry, 20, 10, FakeRegistry.TreeOf(registry.Rows(1).Take(20)))).Count);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Leaves_of_another_place_than_the_start_are_refused()
    {
        using var registry = new FakeRegistry([], 40);

        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(registry, 20, 10, new MerkleAccumulator()));
    }
}
