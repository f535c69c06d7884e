using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class EndTreatment
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var mutation = new Mutation();
        return new CliCommand("end", "Record that treatment ended.", "patient end patients/p-1 --reason \"moved away\"")
            .With(patient, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.EndTreatmentAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Reason = run.Of(reason), OccurredAt = at },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, "treatment ended: ");
                });
            });
    }
}
