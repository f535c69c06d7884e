using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>The first read of a patient after a restart: from a snapshot, and from the whole stream.</summary>
internal static class ColdLine
{
    /// <summary>One at a time: how long one clinician waits.</summary>
    private const int Callers = 1;

    private const string FromStream = "without snapshots";
    private const string FromSnapshot = "with snapshots";

    public static async Task<Result> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var population = new Population("cold", bench.Settings.PatientsCold, RowPerCommand: true);
        var network = await bench.NewNetworkAsync("bench_cold", cancellationToken);
        await bench.PopulateAsync(network, population, cancellationToken);
        var table = await Contest.RunAsync(bench, "first read after a restart, 1 caller", "patients/s",
        [
            new(FromStream, "", token => ReadAllAsync(network, population, keepSnapshots: false, token)),
            new(FromSnapshot, FromStream, token => ReadAllAsync(network, population, keepSnapshots: true, token)),
            new("active already", FromStream, token => ReadTwiceAsync(network, population, token)),
        ], cancellationToken, Compared.P50);
        return new("cold", [table], [],
        [
            $"{population.Count} patients, each {PatientInUse.CommandCount} journal rows ({PatientInUse.Composition}), co-hosted; the database's own memory is warm.",
            $"Without: the snapshots' table is emptied before the start. With: each patient was active before and the server stopped in order, which writes them.",
        ]);
    }

    private static async Task<Sample> ReadAllAsync(Network network, Population population, bool keepSnapshots, CancellationToken cancellationToken)
    {
        if (keepSnapshots)
        {
            // What the round before left is whole only if it read all; an orderly stop after a read of all makes it so.
            await RunAsync(network, population, cancellationToken);
        }
        else
        {
            await network.ForgetSnapshotsAsync(cancellationToken);
        }

        return await RunAsync(network, population, cancellationToken);
    }

    private static async Task<Sample> ReadTwiceAsync(Network network, Population population, CancellationToken cancellationToken)
    {
        var servers = await network.StartAsync(Layout.CoHosted, cancellationToken);
        await PlanCalls.ReadOnceAsync(servers.Door, population, .., Callers, Unheard.Instance, cancellationToken);
        var sample = await PlanCalls.ReadOnceAsync(servers.Door, population, .., Callers, Unheard.Instance, cancellationToken);
        await network.StopAsync();
        return sample;
    }

    private static async Task<Sample> RunAsync(Network network, Population population, CancellationToken cancellationToken)
    {
        var servers = await network.StartAsync(Layout.CoHosted, cancellationToken);
        var sample = await PlanCalls.ReadOnceAsync(servers.Door, population, .., Callers, Unheard.Instance, cancellationToken);
        await network.StopAsync();
        return sample;
    }
}
