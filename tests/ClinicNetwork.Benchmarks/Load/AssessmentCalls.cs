using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>RecordAssessment by a number of callers.</summary>
internal sealed class AssessmentCalls(Uri address, Population population, int callers) : IDisposable
{
    private static readonly int[] Items = [2, 1, 2, 1, 1, 2, 1, 1, 0];

    private readonly Clients<PatientService.PatientServiceClient> _clients = new(address, callers, invoker => new(invoker));
    private readonly Turns _turns = new(population, callers);

    public Task CallAsync(int caller, CancellationToken cancellationToken) =>
        _clients[caller].RecordAssessmentAsync(Request(_turns.NextName(caller)), cancellationToken: cancellationToken).ResponseAsync;

    public void Dispose() => _clients.Dispose();

    /// <summary>The ids are new with each request: nothing is answered from a stored answer.</summary>
    public static RecordAssessmentRequest Request(string patient)
    {
        var id = Client.RequestIds.New();
        return new() { RequestId = id, Patient = patient, AssessmentId = id, Items = { Items }, OccurredAt = Timestamp.FromDateTime(DateTime.UtcNow) };
    }
}
