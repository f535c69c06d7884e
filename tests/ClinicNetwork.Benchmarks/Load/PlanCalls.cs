using System.Diagnostics;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>GetPlan by a number of callers.</summary>
internal sealed class PlanCalls(Door door, Population population, int callers, bool confirmed) : IDisposable
{
    private readonly Clients<PatientService.PatientServiceClient> _clients = new(door, callers, invoker => new(invoker));
    private readonly Turns _turns = new(population, callers);

    public Task CallAsync(int caller, CancellationToken cancellationToken) => ReadAsync(caller, _turns.Next(caller), cancellationToken);

    public Task<GetPlanResponse> ReadAsync(int caller, int patient, CancellationToken cancellationToken) =>
        _clients[caller].GetPlanAsync(Request(patient), cancellationToken: cancellationToken).ResponseAsync;

    public GetPlanRequest Request(int patient) => new() { Name = population.Name(patient) + "/plan", Read = new() { Confirmed = confirmed } };

    public void Dispose() => _clients.Dispose();

    /// <summary>Reads each of these patients once: activates those that are not active. Its CPU is not told.</summary>
    public static async Task<Sample> ReadOnceAsync(
        Door door, Population population, Range patients, int callers, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var (offset, count) = patients.GetOffsetAndLength(population.Count);
        using var calls = new PlanCalls(door, population, callers, confirmed: false);
        var latencies = new float[count];
        var begin = Stopwatch.GetTimestamp();
        await EachOnce.RunAsync(count, callers, async (caller, i) =>
        {
            var sent = Stopwatch.GetTimestamp();
            await Insistently.CallAsync(() => calls.ReadAsync(caller, offset + i, cancellationToken), cancellationToken);
            latencies[i] = (float)Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
            progress.Report(i + 1);
        });
        return Sample.Of(latencies, Stopwatch.GetElapsedTime(begin), TimeSpan.Zero, 0) with { CpuMicros = double.NaN };
    }
}
