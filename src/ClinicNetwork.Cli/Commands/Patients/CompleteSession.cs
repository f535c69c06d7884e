using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class CompleteSession
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var end = new SessionEnd();
        var mutation = new Mutation();
        return new CliCommand("complete", "End a session when the patient leaves.", "patient session complete patients/p-1 s-1 --bp 128/80",
            "patient session complete patients/p-1 s-1 --bp 128/80 --confirm oriented --confirm walks --confirm nausea-settled --confirm escort-present --confirm no-driving-advice --confirm risk-screen --moaas 5 --cadss6 1 --spo2 98")
            .With(patient, session)
            .With(end.Options)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var request = end.Of(run);
                    (request.RequestId, request.Patient, request.SessionId, request.OccurredAt) = (id, run.Of(patient), run.Of(session), at);
                    var answer = await network.Patients.CompleteSessionAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"session {run.Of(session)} completed: ");
                });
            });
    }
}
