using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ReviewAccess
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var access = Given.Required(Given.Whole("--access", "Number of the emergency access, as the worklist shows it", 1, 1_000_000, 1));
        var finding = Given.Required(Given.Text("--finding", "What was found", 1_000));
        var mutation = new Mutation(timed: false);
        return new CliCommand("review-access", "Record what the home clinic found about an emergency access that is over.",
            "patient review-access patients/p-1 --access 1 --finding \"justified, seen by the ambulance\"")
            .With(patient, access, finding)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Patients.ReviewEmergencyAccessAsync(
                        new() { RequestId = id, Patient = run.Of(patient), EmergencyAccess = run.Of(access), Finding = run.Of(finding) },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"emergency access {run.Of(access)} reviewed: ");
                });
            });
    }
}
