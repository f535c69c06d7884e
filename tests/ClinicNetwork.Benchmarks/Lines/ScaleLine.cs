using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>Whether a network that grew a hundredfold answers as quickly.</summary>
internal static class ScaleLine
{
    private const int Callers = 32;

    /// <summary>A patient of the small network would meet its next snapshot in every round, one of the large network never: neither writes any.</summary>
    private static readonly string[] WithoutSnapshots = ["--ClinicNetwork:SnapshotEveryVersions", "10000", "--ClinicNetwork:SnapshotWhenIdleVersions", "10000"];

    public static async Task<Result> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var few = await StartAsync(bench, "few", bench.Settings.PatientsFew, cancellationToken);
        var many = await StartAsync(bench, "many", bench.Settings.PatientsMany, cancellationToken);
        var (fewName, manyName) = (Name(few.Population), Name(many.Population));
        var table = await Contest.RunAsync(
            bench, $"RecordAssessment, {Callers} callers", "calls/s", [Of(bench, few, fewName, ""), Of(bench, many, manyName, fewName)], cancellationToken, Compared.P99);
        await few.Network.StopAsync();
        await many.Network.StopAsync();
        return new("scale", [table], [Goal.Most($"p99 of RecordAssessment at {manyName}", table.Of(manyName).P99Ms / table.Of(fewName).P99Ms, 1.2, $" x that at {fewName}")],
        [
            $"Two co-hosted networks side by side on one PostgreSQL, all patients active, calls going round all of them, on from round to round; neither network writes snapshots meanwhile, which the large one would not come to. Each: {PatientInUse.Composition}; written in bulk as one journal row, so activation is cheaper than a clinic's, which is not measured here.",
        ]);
    }

    private static string Name(Population population) => FormattableString.Invariant($"{population.Count:N0} patients");

    private static async Task<(Network Network, Population Population)> StartAsync(Bench bench, string name, int patients, CancellationToken cancellationToken)
    {
        var (network, population) = await LargeNetwork.StartAsync(bench, name, patients, cancellationToken, WithoutSnapshots);
        await bench.ActivateAsync(network, population, .., cancellationToken);
        return (network, population);
    }

    private static Contender Of(Bench bench, (Network Network, Population Population) at, string name, string reference)
    {
        var turns = new Turns(at.Population, Callers);
        return Contender.Loop(name, reference, bench, Callers, () => new AssessmentCalls(at.Network.Running.Door, turns), c => c.CallAsync, bench.CpuOf(at.Network));
    }
}
