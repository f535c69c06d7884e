using ClinicNetwork.Faults.History;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.Faults.Load;

/// <summary>Reads patients, cached and confirmed, through any gateway, and writes down what was shown.</summary>
internal sealed class StateReader(int seed, HistoryWriter history, Gateways gateways, Workload workload)
{
    private static readonly TimeSpan ReadMax = TimeSpan.FromSeconds(5);

    /// <summary>Readers shall not be the load.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    public Task RunAsync(int readers, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, readers).Select(reader => Task.Run(() => LoopAsync(new Random(unchecked((seed * 31) + reader)), stop), CancellationToken.None)));

    private async Task LoopAsync(Random random, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var patients = workload.Patients;
                if (patients.Count > 0)
                {
                    await ReadAsync(patients.ElementAt(random.Next(patients.Count)), gateways.Pick(random), random.Next(5) < 2, random.Next(4) > 0, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }
    }

    private async Task ReadAsync(Patient patient, Gateway gateway, bool confirmed, bool withMinimum, CancellationToken stop)
    {
        var minimum = withMinimum ? patient.Seen : 0;
        var beganMs = history.NowMs;
        try
        {
            var answer = await gateway.Patients.GetPatientAsync(
                new() { Name = patient.Name, Read = new() { Confirmed = confirmed, MinVersion = minimum } }, null, TimeProvider.System.GetUtcNow().UtcDateTime + ReadMax, stop);
            Write(patient, gateway, confirmed, minimum, beganMs, answer);
        }
        catch (RpcException exception) when (Sender.IsDefinite(exception))
        {
            history.Write(new ReadRefused(beganMs, patient.Name, gateway.Name, minimum, Sender.ReasonOf(exception)));
        }
        catch (RpcException)
        {
            // Nobody answered: that says nothing.
        }
    }

    private void Write(Patient patient, Gateway gateway, bool confirmed, long minimum, double beganMs, GetPatientResponse answer)
    {
        var shown = answer.Patient;
        history.Write(new StateRead(
            beganMs, patient.Name, gateway.Name, confirmed, minimum, answer.Revision.Version, answer.Revision.Confirmed,
            shown.Plan?.Revision ?? 0, shown.Assessments.Count, shown.Sessions.Count, Sender.Hash(shown)) { Plan = PlanTexts.Of(shown.Plan), OpenConflicts = answer.PlanConflicts.Count(c => c.Resolution is null) });
        patient.See(answer.Revision.Confirmed ? answer.Revision.Version : 0);
    }
}
