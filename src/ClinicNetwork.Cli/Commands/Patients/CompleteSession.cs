using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class CompleteSession
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var pressure = Given.Pressure("blood pressure when leaving in mmHg, for example 128/80");
        var mutation = new Mutation();
        return new CliCommand("complete", "End a session when the patient leaves.", "patient session complete patients/p-1 s-1 --bp 128/80")
            .With(patient, session, pressure)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.CompleteSessionAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            SessionId = run.Of(session),
                            BloodPressure = run.Of(pressure),
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"session {run.Of(session)} completed: ");
                });
            });
    }
}
