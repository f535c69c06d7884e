using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Durability;
using ClinicNetwork.BlackBox.Tests.Hosting;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Cluster;

/// <summary>Several processes on one PostgreSQL, under load, while some of them go. Guarantees 1, 2 and 10.</summary>
public sealed class ClusterTests(ITestOutputHelper output)
{
    private const int Patients = 24;

    /// <summary>The goal is a p99 of 12 s on a quiet machine.</summary>
    private static readonly TimeSpan RecoveryMax = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_silo_killed_under_load_loses_and_doubles_nothing_and_the_others_take_over()
    {
        var seed = Bounded.Seed();
        await using var cluster = await ClusterUnderTest.MigratedAsync();
        var processes = await cluster.StartAsync("all", "all", "all");
        using var channel = ClusterUnderTest.Open(processes);
        var network = new Network(channel);
        var patients = await ClusterUnderTest.PrepareAsync(network, Patients);
        var load = new RetryingLoad(network, patients, seed);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        await Bounded.UntilAsync("the load runs", () => Task.FromResult(load.All.Count > 100));

        await processes[0].KillAsync();
        await Bounded.UntilAsync("every patient was written to again", () => Task.FromResult(
            running.IsFaulted || patients.All(p => load.Operations.Reverse().Take(400).Any(o => o.Patient == p && o.Acknowledged))
                && load.Operations.Count(o => !o.Acknowledged) <= 12 && load.All.Max(w => w.Time) > TimeSpan.FromSeconds(1)));
        await stop.CancelAsync();
        await running.WaitAsync(2 * Bounded.Wait);

        output.WriteLine(Told(seed, load));
        Assert.All(load.Operations, operation => Assert.True(operation.Acknowledged));
        Assert.InRange(load.All.Max(w => w.Time), TimeSpan.Zero, RecoveryMax);

        // A call without retry may still be sent to the one that is gone.
        using var survivors = ClusterUnderTest.Open([.. processes.Skip(1)]);
        var survived = new Network(survivors);
        await HistoryChecker.CheckAsync(survived, patients, load.Operations, retried: true, $"seed {seed}");
        await HistoryChecker.CheckFeedAsync(survived, Network.Harbour, patients, $"seed {seed}");
    }

    [Fact]
    public async Task A_rolling_restart_under_load_needs_no_more_than_one_retry()
    {
        var seed = Bounded.Seed();
        await using var cluster = await ClusterUnderTest.MigratedAsync();
        var processes = await cluster.StartAsync("all", "all", "all");
        using var channel = ClusterUnderTest.Open(processes);
        var network = new Network(channel);
        var patients = await ClusterUnderTest.PrepareAsync(network, Patients);
        var load = new RetryingLoad(network, patients, seed);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        foreach (var process in processes)
        {
            var before = load.All.Count;
            await Bounded.UntilAsync("the load runs", () => Task.FromResult(load.All.Count > before + 50));
            await process.StopAsync();
            await process.StartAgainAsync();
        }

        await stop.CancelAsync();
        await running.WaitAsync(2 * Bounded.Wait);
        output.WriteLine(Told(seed, load));
        Assert.All(load.All, waited => Assert.InRange(waited.Attempts, 1, 2));
        await HistoryChecker.CheckAsync(network, patients, load.Operations, retried: true, $"seed {seed}");
    }

    [Fact]
    public async Task Gateways_of_their_own_serve_over_silos_that_come_and_go()
    {
        await using var cluster = await ClusterUnderTest.MigratedAsync();
        var silos = await cluster.StartAsync("silo", "silo");
        var gateways = await cluster.StartAsync("gateway", "gateway");
        Assert.All(silos, silo => Assert.Matches("^127\\.0\\.0\\.1:[0-9]+$", silo.Announced));
        await MemberPort.AssertPlainIsNotAnsweredAsync(silos[0].Announced);
        await MemberPort.AssertRefusedAsync(silos[0].Announced, null);
        await MemberPort.AssertRefusedAsync(silos[0].Announced, gateways[0].Identity.Certificate);
        using var channel = ClusterUnderTest.Open(gateways);
        var network = new Network(channel);
        var patients = await ClusterUnderTest.PrepareAsync(network, 6);
        await network.AdvanceAsync(ServerProcess.ClockStart.AddDays(2));
        Assert.Equal(18, (await network.FeedAsync(Network.Harbour)).Count);

        // The manual clock is the store's: whichever gateway is asked.
        foreach (var gateway in gateways)
        {
            using var one = gateway.Open();
            await Bounded.UntilAsync("the clock is the same everywhere", async () =>
                (await new Network(one).Admin.GetStatusAsync(new())).StoreTime.ToDateTimeOffset() == ServerProcess.ClockStart.AddDays(2));
        }

        await silos[0].StopAsync();
        await silos[0].StartAgainAsync();
        await silos[1].StopAsync();
        var load = new RetryingLoad(network, patients, 1);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        await Bounded.UntilAsync("the load runs", () => Task.FromResult(load.All.Count > 50 || running.IsFaulted));
        await stop.CancelAsync();
        await running.WaitAsync(2 * Bounded.Wait);
        await HistoryChecker.CheckAsync(network, patients, load.Operations, retried: true, "gateways");
    }

    private static string Told(int seed, RetryingLoad load) =>
        $"seed {seed}: {load.All.Count} commands acknowledged, {load.All.Count(w => w.Attempts > 1)} after a retry, at most {load.All.Max(w => w.Attempts)} attempts; "
        + $"p50 {load.Quantile(0.5).TotalMilliseconds:0} ms, p99 {load.Quantile(0.99).TotalMilliseconds:0} ms, longest {load.All.Max(w => w.Time).TotalSeconds:0.0} s";
}
