using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>Networks of many patients in use, written in bulk: one row for each patient, the same state as after 91 commands.</summary>
internal static class LargeNetwork
{
    /// <summary>Makes, populates and starts a network; none of its patients is active.</summary>
    /// <param name="more">Further options of the server.</param>
    public static async Task<(Network Network, Population Population)> StartAsync(
        Bench bench, string name, int patients, CancellationToken cancellationToken, params string[] more)
    {
        var population = new Population(name, patients, RowPerCommand: false);
        var network = await bench.NewNetworkAsync("bench_" + name, cancellationToken);
        await bench.PopulateAsync(network, population, cancellationToken);
        await network.StartAsync(Layout.CoHosted, cancellationToken, more);
        return (network, population);
    }
}
