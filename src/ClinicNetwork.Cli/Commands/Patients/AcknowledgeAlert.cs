using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class AcknowledgeAlert
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var alert = Given.Required(Given.Whole("--alert", "Number of the alert, as the worklist shows it", 1, 1_000_000, 1));
        var done = Given.Required(Given.Text("--done", "What was done", 1_000));
        var mutation = new Mutation(timed: false);
        return new CliCommand("acknowledge-alert", "Record what was done about an alert, which closes it.",
            "patient acknowledge-alert patients/p-1 --alert 1 --done \"called the patient, seen the same day\"")
            .With(patient, alert, done)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Patients.AcknowledgeAlertAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Alert = run.Of(alert), Done = run.Of(done) },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"alert {run.Of(alert)} acknowledged: ");
                });
            });
    }
}
