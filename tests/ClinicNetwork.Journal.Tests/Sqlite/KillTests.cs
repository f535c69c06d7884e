using System.Diagnostics;
using System.Globalization;
using ClinicNetwork.Journal.Sqlite;
using Xunit.Abstractions;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>
/// kill -9 in mid-load: what was acknowledged is there once, nothing is there by half. Limit: the machine's page cache outlives the
/// process, so this shows order and atomicity, not the flush itself (strace shows that: one fsync and more a commit).
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task After_a_kill_every_acknowledged_append_is_there_exactly_once()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var folder = Path.Combine(Path.GetTempPath(), "clinicnetwork-journal-tests", Path.GetRandomFileName());
        var acknowledged = Enumerable.Range(0, CrashWriter.Streams).ToDictionary(i => $"pt-{i}", _ => 0L);
        for (var round = 1; round <= Rounds; round++)
        {
            await LoadAndKillAsync(folder, random.Next(50, 1_500), acknowledged);
            await using var store = await SqliteStore.OpenAsync(CrashWriter.Options(folder), default);
            var total = 0L;
            foreach (var (stream, last) in acknowledged)
            {
                total += await CheckStreamAsync(store, stream, last);
            }

            await CheckProjectionsAsync(store, total);
            output.WriteLine($"round {round}: {acknowledged.Values.Sum()} acknowledged, {total} stored");
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Runs the writer until it has acknowledged so many more, kills it, and reads what it still said.</summary>
    private static async Task LoadAndKillAsync(string folder, int appends, Dictionary<string, long> acknowledged)
    {
        using var writer = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(CrashWriter).Assembly.Location, "crash-writer", folder])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        for (var n = 0; await writer.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line; n++)
        {
            // A line that the kill cut short says a smaller version or none: never one that was not acknowledged.
            if (line.Split(' ') is [var stream, var version] && acknowledged.ContainsKey(stream) && long.TryParse(version, CultureInfo.InvariantCulture, out var said))
            {
                acknowledged[stream] = Math.Max(acknowledged[stream], said);
            }

            if (n == appends / 2)
            {
                await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteStore.OpenAsync(CrashWriter.Options(folder), default));
            }

            if (n == appends)
            {
                writer.Kill();
            }
        }

        await writer.WaitForExitAsync().WaitAsync(Patience);
        Assert.NotEqual(0, writer.ExitCode);
    }

    /// <summary>All acknowledged, at most the one more that was under way, each whole. (Reading checks that versions have no gap and rows their base.)</summary>
    private static async Task<long> CheckStreamAsync(SqliteStore store, string stream, long acknowledged)
    {
        var rows = await store.Journal.ReadAsync(stream, 0, int.MaxValue, default);
        Assert.InRange(rows.Count, acknowledged, acknowledged + 1);
        Assert.All(rows, (row, i) =>
        {
            Assert.Equal($"{stream}-request-{i + 1}", row.RequestId);
            Assert.Equal(2, row.Events.Count);
            Assert.Equal(new Receipt(row.RequestId), row.Answer);
        });
        return rows.Count;
    }

    private static async Task CheckProjectionsAsync(SqliteStore store, long total)
    {
        var feed = (await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 4_000, default)).Rows.ToList();
        while (feed.Count < total && (await store.Projections.ReadFeedAsync("cl-n", feed[^1].Position, 4_000, default)).Rows is { Count: > 0 } more)
        {
            feed.AddRange(more);
        }

        Assert.Equal(total, feed.Count);
        Assert.Equal(total, feed.Select(row => (row.Stream, row.Version)).Distinct().Count());
        Assert.Equal(total, (await store.Projections.ReadDueAsync(DateTimeOffset.MaxValue, int.MaxValue, TimeSpan.Zero, default)).Count);
    }
}
