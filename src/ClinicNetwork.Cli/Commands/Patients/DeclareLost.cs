using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class DeclareLost
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var note = Given.Text("--note", "A note", 500);
        var mutation = new Mutation();
        return new CliCommand("lost", "Declare the patient lost to follow-up, after attempts that failed.", "patient lost patients/p-1")
            .With(patient, note)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.DeclareLostAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Note = run.Of(note) ?? "", OccurredAt = at }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, "lost to follow-up: ");
                });
            });
    }
}
