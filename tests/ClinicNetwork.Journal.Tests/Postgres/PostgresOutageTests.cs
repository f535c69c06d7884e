using System.Diagnostics;
using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Journal.Postgres;
using Xunit.Abstractions;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>The database dies under load: what was acknowledged is there exactly once, retries with the same id are answered, writing goes on by itself.</summary>
public sealed class PostgresOutageTests(ITestOutputHelper output)
{
    private const int Writers = 16;

    [Fact]
    public async Task Killed_backends_and_a_killed_server_lose_nothing_and_double_nothing()
    {
        var folder = PostgresInstance.NewFolder();
        await using var postgres = await PrivatePostgres.CreateAsync(folder, default);
        var options = PostgresInstance.Options(postgres, "postgres", folder + "-keys") with { ClockMode = ClockMode.System };
        await PostgresStore.MigrateAsync(options, default);
        await using var store = await PostgresStore.OpenAsync(options, default);
        using var stop = new CancellationTokenSource();
        var accepted = 0;
        var retried = 0;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteAsync($"pt-{i}"))));

        for (var round = 0; round < 3; round++)
        {
            await ReachAsync(accepted + 200);
            await PostgresInstance.SqlAsync(
                options.ConnectionString, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'clinicnetwork-%' AND random() < 0.7");
        }

        await ReachAsync(accepted + 200);
        await postgres.KillAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Journal.ReadHeadAsync("pt-0", default));
        await postgres.StartAsync(default);
        var clock = Stopwatch.StartNew();
        await ReachAsync(accepted + 1);
        output.WriteLine($"first success {clock.Elapsed.TotalMilliseconds:0} ms after the server was back; {retried} attempts were retried");
        await ReachAsync(accepted + 200);
        await stop.CancelAsync();
        var versions = await writing.WaitAsync(Until.Patience);

        Assert.True(retried > 0, "no attempt was ever in doubt: the test shows nothing");
        for (var i = 0; i < Writers; i++)
        {
            var rows = await store.Journal.ReadAsync($"pt-{i}", 0, int.MaxValue, default);
            Assert.Equal(versions[i], rows.Count);
            Assert.Equal(rows.Count, rows.Select(row => row.RequestId).Distinct().Count());
        }

        var feed = 0;
        for (var position = FeedPosition.Start; ;)
        {
            var page = await new PatientProjections(store.Projections).ReadFeedAsync("cl-n", position, 1000, default);
            feed += page.Rows.Count;
            position = page.Scanned;
            if (page.Exhausted)
            {
                break;
            }
        }

        Assert.Equal(versions.Sum(), feed);

        async Task<long> WriteAsync(string name)
        {
            var (version, head) = (0L, Array.Empty<byte>());
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!stop.IsCancellationRequested)
            {
                var next = new StreamDriver(store.Journal, name).Next(new Projection.FeedReference("cl-n", FeedKind.AccessRevoked, false)) with
                {
                    Version = version + 1,
                    BaseHash = head,
                    Origin = StreamDriver.Origin($"{name}-{version}", "payload"),
                };
                byte[]? hash;
                while ((hash = await Retrying.HashAsync(store.Journal, next)) is null)
                {
                    Interlocked.Increment(ref retried);
                    await pause.WaitForNextTickAsync();
                }

                (version, head) = (next.Version, hash);
                Interlocked.Increment(ref accepted);
            }

            return version;
        }

        Task ReachAsync(int count) => Until.TrueAsync($"{count} accepted", () => Task.FromResult(Volatile.Read(ref accepted) >= count));
    }
}
