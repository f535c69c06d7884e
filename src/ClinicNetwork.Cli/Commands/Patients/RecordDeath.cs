using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordDeath
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var cause = Given.OneOf<DeathCause>("--cause", "Cause");
        var source = Given.OneOf<DeathSource>("--source", "Who told of it");
        var note = Given.Text("--note", "A note", 500);
        var mutation = new Mutation();
        return new CliCommand("death", "Record that the patient died; --at says when.", "patient death patients/p-1 --cause natural --source family --at 2026-03-01T08:00Z")
            .With(patient, cause, source, note)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordDeathAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Cause = run.Of(cause), Source = run.Of(source), Note = run.Of(note) ?? "", OccurredAt = at },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, "death recorded: ");
                });
            });
    }
}
