using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class BreakGlass
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var reason = Given.Required(Given.Text("--reason", "Why; the home clinic reads it", 500));
        var mutation = new Mutation(timed: false);
        return new CliCommand("break-glass", "Open a patient of another clinic in an emergency, for a site (--site) and 4 hours; marked in the audit, reviewed by the home clinic.",
            "patient break-glass patients/p-1 --site clinics/hillside --reason \"found unconscious, drug unknown\"")
            .With(patient, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Patients.BreakGlassAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Reason = run.Of(reason) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"emergency access {answer.EmergencyAccess} until {Show.Instant(answer.Until)}: ");
                });
            });
    }
}
