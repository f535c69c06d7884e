using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>RecordAssessment by a number of callers.</summary>
/// <param name="turns">Kept over the rounds, so that they go on where the last one ended and all patients get their turn.</param>
internal sealed class AssessmentCalls(Door door, Turns turns) : IDisposable
{
    private static readonly int[] Items = [2, 1, 2, 1, 1, 2, 1, 1, 0];

    /// <summary>Versions between two snapshots, as the servers run by default.</summary>
    private static readonly int SnapshotEvery = new Grains.GrainOptions().SnapshotEveryVersions;

    private readonly Clients<PatientService.PatientServiceClient> _clients = new(door, turns.Callers, invoker => new(invoker));

    public Task CallAsync(int caller, CancellationToken cancellationToken) =>
        _clients[caller].RecordAssessmentAsync(Request(turns.NextName(caller)), cancellationToken: cancellationToken).ResponseAsync;

    public void Dispose() => _clients.Dispose();

    /// <summary>
    /// Gives each patient its first snapshot and then spreads the patients evenly between two snapshots, as they are in a network that has run
    /// for long. Without it the first round would pay one snapshot for every call and the later ones none.
    /// </summary>
    public static async Task SettleAsync(Door door, Population population, int callers, IProgress<long> progress, CancellationToken cancellationToken)
    {
        using var clients = new Clients<PatientService.PatientServiceClient>(door, callers, invoker => new(invoker));
        await EachOnce.RunAsync(population.Count, callers, async (caller, i) =>
        {
            for (var writes = 1 + (i % SnapshotEvery); writes > 0; writes--)
            {
                var request = Request(population.Name(i));
                await Insistently.CallAsync(() => clients[caller].RecordAssessmentAsync(request, cancellationToken: cancellationToken).ResponseAsync, cancellationToken);
            }

            progress.Report(i + 1);
        });
    }

    /// <summary>The ids are new with each request: nothing is answered from a stored answer.</summary>
    public static RecordAssessmentRequest Request(string patient)
    {
        var id = Client.RequestIds.New();
        return new() { RequestId = id, Patient = patient, AssessmentId = id, Items = { Items }, OccurredAt = Timestamp.FromDateTime(DateTime.UtcNow) };
    }
}
