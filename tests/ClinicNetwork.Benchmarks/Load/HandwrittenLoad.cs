using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Yardstick;

namespace ClinicNetwork.Benchmarks.Load;

/// <summary>The same assessments, sent to the hand-written service.</summary>
internal sealed class HandwrittenLoad(Door door, Population population, int callers) : IDisposable
{
    private readonly Clients<HandwrittenService.HandwrittenServiceClient> _clients = new(door, callers, invoker => new(invoker));
    private readonly Turns _turns = new(population, callers);

    public Task CallAsync(int caller, CancellationToken cancellationToken)
    {
        var same = AssessmentCalls.Request(_turns.NextName(caller));
        return _clients[caller].InsertAsync(
            new() { RequestId = same.RequestId, Patient = same.Patient, AssessmentId = same.AssessmentId, Items = { same.Items }, OccurredAt = same.OccurredAt },
            cancellationToken: cancellationToken).ResponseAsync;
    }

    public void Dispose() => _clients.Dispose();
}
