using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordVitals
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var readings = new Readings();
        var mutation = new Mutation();
        return new CliCommand("vitals", "Record readings of a session; tells whether it is an emergency, and what is due.",
            "patient vitals patients/p-1 s-1 --bp 138/84 --spo2 97 --moaas 4")
            .With(patient, session)
            .With(readings.Options)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var request = readings.Of(run);
                    (request.RequestId, request.Patient, request.SessionId, request.OccurredAt) = (id, run.Of(patient), run.Of(session), at);
                    var answer = await network.Patients.RecordVitalsAsync(request, cancellationToken: run.Cancelled);
                    var stage = answer.Stage == SessionStage.Emergency ? "EMERGENCY: give emergency care; " : "";
                    var due = answer.DueMinute > 0 ? $"next due at {answer.DueMinute} min after the dose; " : "";
                    return (answer.Receipt, $"readings recorded; {stage}{due}");
                });
            });
    }
}
