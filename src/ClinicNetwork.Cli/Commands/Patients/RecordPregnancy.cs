using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordPregnancy
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var finding = Given.OneOf<PregnancyFinding>("--finding", "What was found");
        var note = Given.Text("--note", "A note", 500);
        var mutation = new Mutation();
        return new CliCommand("pregnancy", "Record a pregnancy, its end, or breastfeeding. A pregnancy stops doses.", "patient pregnancy patients/p-1 --finding test-positive")
            .With(patient, finding, note)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordPregnancyAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Finding = run.Of(finding), Note = run.Of(note) ?? "", OccurredAt = at },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{Show.Words(run.Of(finding))}: ");
                });
            });
    }
}
