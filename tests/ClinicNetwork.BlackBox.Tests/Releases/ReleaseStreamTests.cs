using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Client;
using Google.Protobuf;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>What a registry gets: whole cells, and the same bytes however often the stream is cut.</summary>
[Collection(PublishedFixture.ReadOnly)]
public sealed class ReleaseStreamTests(PublishedFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task Every_released_cell_has_eleven_persons_and_the_verifier_accepts()
    {
        using var folder = await PulledFolder.PullAsync(fixture);
        var report = folder.Verify();
        Assert.True(report.Accepted, string.Join('\n', report.Findings));
        var batches = await fixture.BatchesAsync();
        Assert.Equal(2, batches.Count);
        var persons = new HashSet<string>();
        foreach (var batch in batches)
        {
            var rows = await fixture.RowsAsync(batch.Name);
            Assert.Equal(batch.RowCount, rows.Count);
            var cells = rows.GroupBy(r => (Cell: r.Values[1], Milestone: r.Values[2])).ToList();
            Assert.All(cells, cell => Assert.True(cell.Select(r => r.Values[0]).Distinct().Count() >= 11));
            persons.UnionWith(rows.Select(r => r.Values[0]));
            output.WriteLine($"{batch.Name}, {batch.PublishedOn}: {rows.Count} rows, {cells.Count} cells, smallest {cells.Min(c => c.Count())}");
        }

        // A cell's milestone is withheld by chance (5 %), a cell as a whole hardly ever.
        Assert.True(persons.Count is > PublishedFixture.Persons / 2 and <= PublishedFixture.Persons, $"{persons.Count} persons");
    }

    [Fact]
    public async Task Cut_at_random_bytes_and_resumed_it_equals_the_uncut_release_byte_for_byte()
    {
        var seed = Bounded.Seed();
        using var uncut = await PulledFolder.PullAsync(fixture);
        var expected = uncut.Files();
        var cuts = 0;
        for (var round = 0; round < Bounded.Rounds(3); round++)
        {
            await using var proxy = new CuttingProxy(fixture.Server.Address, seed + round, bytesMax: 24_000);
            using var cut = new PulledFolder();
            await cut.PullAgainAsync(proxy.Address, fixture.Partner.Identity, CancellationToken.None);
            AssertSame(expected, cut.Files(), $"seed {seed}, round {round}");
            cuts += proxy.Cuts;
        }

        output.WriteLine($"seed {seed}: {cuts} connections cut");
        Assert.True(cuts >= 10, $"seed {seed}: only {cuts} cuts");
    }

    [Fact]
    public async Task A_pull_cancelled_at_random_rows_goes_on_where_it_was()
    {
        var seed = Bounded.Seed();
        var random = new Random(seed);
        using var uncut = await PulledFolder.PullAsync(fixture);
        using var cut = new PulledFolder();
        var cancelled = 0;
        for (var left = 200; left > 0; left--)
        {
            using var stop = new CancellationTokenSource();
            var pages = random.Next(1, 6);
            try
            {
                await cut.PullAgainAsync(fixture.Server.Address, fixture.Partner.Identity, stop.Token, new Countdown(pages, stop));
                break;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
        }

        output.WriteLine($"seed {seed}: {cancelled} pulls cancelled");
        Assert.True(cancelled > 3);
        AssertSame(uncut.Files(), cut.Files(), $"seed {seed}");
    }

    [Fact]
    public async Task From_any_row_and_with_any_page_size_the_rest_is_the_same()
    {
        var seed = Bounded.Seed();
        var random = new Random(seed);
        foreach (var batch in await fixture.BatchesAsync())
        {
            var whole = (await fixture.RowsAsync(batch.Name)).Select(r => r.ToByteString()).ToList();
            for (var i = 0; i < Bounded.Rounds(15); i++)
            {
                var start = random.Next(whole.Count + 3);
                var rest = await fixture.RowsAsync(batch.Name, start, random.Next(1, 60));
                Assert.True(whole.Skip(start).SequenceEqual(rest.Select(r => r.ToByteString())), $"seed {seed}: from row {start}");
            }
        }
    }

    private static void AssertSame(IReadOnlyDictionary<string, byte[]> expected, IReadOnlyDictionary<string, byte[]> actual, string seed)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(actual[file.Key]), $"{seed}: {file.Key} differs"));
    }

    /// <summary>Cancels after so many pages.</summary>
    private sealed class Countdown(int pages, CancellationTokenSource stop) : IProgress<PullProgress>
    {
        private int _left = pages;

        public void Report(PullProgress value)
        {
            if (--_left == 0)
            {
                stop.Cancel();
            }
        }
    }
}
