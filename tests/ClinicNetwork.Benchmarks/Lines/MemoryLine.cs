using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;

namespace ClinicNetwork.Benchmarks.Lines;

/// <summary>What one more active patient costs the server.</summary>
internal static class MemoryLine
{
    private const double LimitKiB = 8;
    private const double KiB = 1024;

    /// <summary>Active before the first reading: pools, caches and code have their size by then.</summary>
    private const int WarmShare = 20;

    public static async Task<Result> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var count = bench.Settings.PatientsActive;
        var (network, population) = await LargeNetwork.StartAsync(bench, "active", count, cancellationToken);
        var silo = network.Running.SiloProcessId;
        var warm = count / WarmShare;
        await bench.ActivateAsync(network, population, ..warm, cancellationToken);
        var before = await RestAsync(silo, cancellationToken);
        await bench.ActivateAsync(network, population, warm.., cancellationToken);
        var after = await RestAsync(silo, cancellationToken);
        await network.StopAsync();

        var encoded = await network.EncodedBytesAsync(population, cancellationToken);
        var each = (after.Resident - before.Resident) / (double)(count - warm);
        return new("memory", [], [Goal.Most($"memory per active patient beyond its encoded state, {count:N0} active", (each - encoded) / KiB, LimitKiB, " KiB")],
        [
            FormattableString.Invariant($"Resident memory of the server at rest: {before.Resident / KiB / KiB:N0} MiB with {warm:N0} active patients, {after.Resident / KiB / KiB:N0} MiB with {count:N0}: {each / KiB:0.0} KiB for each."),
            FormattableString.Invariant($"The encoded state (the snapshot's text) has {encoded / KiB:0.0} KiB: {PatientInUse.Composition}."),
            before.Collected && after.Collected
                ? "Each reading follows a full garbage collection asked for over the runtime's diagnostics port; what the collector keeps committed counts against us."
                : "The garbage collector could not be asked for a full collection: garbage counts against us.",
        ]);
    }

    private static async Task<(long Resident, bool Collected)> RestAsync(int process, CancellationToken cancellationToken)
    {
        var collected = await DiagnosticsPort.CollectGarbageAsync(process, cancellationToken);
        return (ProcessMemory.ResidentBytes(process), collected);
    }
}
