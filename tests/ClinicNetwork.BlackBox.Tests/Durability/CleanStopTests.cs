using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Admin.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Durability;

/// <summary>SIGTERM, snapshots and the clock over a restart.</summary>
public sealed class CleanStopTests
{
    [Fact]
    public async Task SIGTERM_under_load_loses_nothing_and_ends_with_0()
    {
        var seed = Bounded.Seed();
        await using var server = await ServerProcess.StartAsync();
        IReadOnlyList<string> patients = [.. Enumerable.Range(0, 12).Select(i => $"patients/t-{i}")];
        var load = new Load(seed, patients);
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            await network.RegisterAsync(Network.Harbour);
            await network.RegisterAsync(Network.Hill);
            await Task.WhenAll(patients.Select(p => network.TreatAsync(p)));
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var stop = new CancellationTokenSource();
            var running = load.RunAsync(channel, 200, reached, stop.Token);
            await Task.WhenAny(reached.Task, running).Within();
            await server.StopAsync();
            await stop.CancelAsync();
            await running.Within();
        }

        await server.StartAgainAsync();
        using var again = server.Open();
        var after = new Network(again);
        await HistoryChecker.CheckAsync(after, patients, load.Operations, retried: false, $"seed {seed}");
        await Parallel.ForEachAsync(load.Operations, async (operation, _) => await operation.AttemptAsync(after));
        await HistoryChecker.CheckAsync(after, patients, load.Operations, retried: true, $"seed {seed}");
        Assert.True(load.Acknowledged >= 200);
    }

    [Fact]
    public async Task Snapshots_are_a_cache_and_the_manual_clock_stands_still_over_restarts()
    {
        await using var server = await ServerProcess.StartAsync(
            null, "--clock", "manual", "--clock-start", ServerProcess.ClockStart.ToString("O"), "--ClinicNetwork:SnapshotEveryVersions", "8");
        string before;
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            await network.RegisterAsync(Network.Harbour, certified: true);
            var patient = await network.TreatAsync("patients/snap-1");
            // More than one snapshot interval, so that there is one to lose.
            await Parallel.ForEachAsync(Enumerable.Range(0, 20), async (i, stop) => await network.Patients.RecordAssessmentAsync(Valid.Assessment(patient, $"a-{i}", total: i % 28), cancellationToken: stop));
            await network.AdvanceAsync(ServerProcess.ClockStart.AddDays(3));
            before = await ReadAllAsync(network, patient);
        }

        await server.StopAsync();
        Assert.True(new FileInfo(Path.Combine(server.Folder, "snapshots.db")).Length > 0);
        await server.StartAgainAsync();
        using (var channel = server.Open())
        {
            Assert.Equal(before, await ReadAllAsync(new Network(channel), "patients/snap-1"));
        }

        await server.StopAsync();
        foreach (var file in Directory.GetFiles(server.Folder, "snapshots.db*"))
        {
            File.Delete(file);
        }

        await server.StartAgainAsync();
        using (var channel = server.Open())
        {
            Assert.Equal(before, await ReadAllAsync(new Network(channel), "patients/snap-1"));
        }
    }

    [Fact]
    public async Task The_machines_clock_is_not_moved_by_a_call()
    {
        await using var server = await ServerProcess.StartAsync(null);
        using var channel = server.Open();
        var network = new Network(channel);
        var status = await network.Admin.GetStatusAsync(new());
        Assert.Equal(ClockKind.System, status.ClockKind);
        var seen = await RefusalSeen.OfAsync(async () => await network.Admin.AdvanceClockAsync(
            new() { RequestId = Valid.Id(), To = status.StoreTime.ToDateTimeOffset().AddDays(1).ToTimestamp() }));
        Assert.Equal((StatusCode.FailedPrecondition, "CLOCK_NOT_MANUAL"), (seen.Code, seen.Reason));
    }

    [Fact]
    public async Task An_advance_repeated_moves_nothing_and_an_earlier_time_gets_the_present_one()
    {
        await using var server = await ServerProcess.StartAsync();
        using var channel = server.Open();
        var network = new Network(channel);
        var request = new AdvanceClockRequest { RequestId = Valid.Id(), To = ServerProcess.ClockStart.AddDays(2).ToTimestamp() };
        Assert.Equal(request.To, (await network.Admin.AdvanceClockAsync(request)).StoreTime);
        await network.AdvanceAsync(ServerProcess.ClockStart.AddDays(4));
        Assert.Equal(ServerProcess.ClockStart.AddDays(4), (await network.Admin.AdvanceClockAsync(request)).StoreTime.ToDateTimeOffset());
        Assert.Equal(ServerProcess.ClockStart.AddDays(4), (await network.Admin.GetStatusAsync(new())).StoreTime.ToDateTimeOffset());
    }

    /// <summary>Stored answers, those of the server's own first commands too, are kept for 30 days.</summary>
    [Fact]
    public async Task A_store_opens_again_after_its_first_answers_have_expired()
    {
        await using var server = await ServerProcess.StartAsync();
        using (var channel = server.Open())
        {
            await new Network(channel).AdvanceAsync(ServerProcess.ClockStart.AddDays(45));
        }

        await server.StopAsync();
        await server.StartAgainAsync();
        using var again = server.Open();
        Assert.Equal(ServerProcess.ClockStart.AddDays(45), (await new Network(again).Admin.GetStatusAsync(new())).StoreTime.ToDateTimeOffset());
    }

    private static async Task<string> ReadAllAsync(Network network, string patient) => string.Join('\n',
    [
        await network.Patients.GetPatientAsync(new() { Name = patient, Read = new() { Confirmed = true } }),
        .. await network.HistoryAsync(patient),
        .. await network.FeedAsync(Network.Harbour),
        await network.Admin.GetStatusAsync(new()),
    ]);
}
