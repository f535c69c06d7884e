using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Durability;

/// <summary>SIGKILL in the middle of a load, again and again on the same folder. Guarantees 1 and 2.</summary>
public sealed class KillDuringLoadTests(ITestOutputHelper output)
{
    private const int Patients = 24;
    private const int Kills = 4;

    [Fact]
    public async Task What_was_acknowledged_is_there_exactly_once_and_every_retry_gets_its_stored_answer()
    {
        var seed = Bounded.Seed();
        var random = new Random(seed);
        await using var server = await ServerProcess.StartAsync();
        IReadOnlyList<string> patients = [.. Enumerable.Range(0, Patients).Select(i => $"patients/k-{i}")];
        using (var channel = server.Open())
        {
            var network = new Network(channel);
            await network.RegisterAsync(Network.Harbour);
            await network.RegisterAsync(Network.Hill);
            await Task.WhenAll(patients.Select(p => network.TreatAsync(p)));
        }

        var load = new Load(seed, patients);
        var (kills, unknown, appliedUnknown) = (0, 0, 0);
        for (var round = 0; round < Bounded.Rounds(Kills); round++)
        {
            var name = $"seed {seed}, round {round}";
            var before = load.Operations.Count;
            await KillInTheMiddleAsync(server, load, random.Next(100, 900));
            kills++;
            await server.StartAgainAsync();

            using var channel = server.Open();
            var network = new Network(channel);
            await HistoryChecker.CheckAsync(network, patients, load.Operations, retried: false, name);
            var open = load.Operations.Where(o => o.Unknown).ToList();
            appliedUnknown += await CountAppliedAsync(network, open);
            await RetryAsync(network, load.Operations.Skip(before));
            await HistoryChecker.CheckAsync(network, patients, load.Operations, retried: true, name);
            await HistoryChecker.CheckFeedAsync(network, Network.Harbour, patients, name);
            unknown += open.Count;
        }

        output.WriteLine(
            $"seed {seed}: {kills} kills, {load.Operations.Count} commands, {load.Acknowledged} acknowledged before a kill, {unknown} unknown of which {appliedUnknown} were applied, "
            + $"{load.Operations.Count(o => o.OnlyRefused)} refused");
        Assert.True(load.Acknowledged >= kills * 100, "a run that acknowledged too little proves nothing");
    }

    private static async Task KillInTheMiddleAsync(ServerProcess server, Load load, int acknowledgements)
    {
        using var channel = server.Open();
        using var stop = new CancellationTokenSource();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = load.RunAsync(channel, acknowledgements, reached, stop.Token);
        await Task.WhenAny(reached.Task, running).Within();
        await server.KillAsync();
        await stop.CancelAsync();
        await running.Within();
        Assert.True(reached.Task.IsCompleted, "the load ended before the kill");
    }

    private static async Task<int> CountAppliedAsync(Network network, IReadOnlyList<Operation> open)
    {
        var applied = 0;
        foreach (var patient in open.GroupBy(o => o.Patient))
        {
            var ids = (await network.HistoryAsync(patient.Key)).Select(e => e.RequestId).ToHashSet();
            applied += patient.Count(o => ids.Contains(o.RequestId));
        }

        return applied;
    }

    private static Task RetryAsync(Network network, IEnumerable<Operation> operations) => Parallel.ForEachAsync(
        operations, new ParallelOptions { MaxDegreeOfParallelism = Load.Writers }, async (operation, _) => await operation.AttemptAsync(network));
}
