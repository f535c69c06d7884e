using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordContact
{
    internal static CliCommand Build() => Build(
        "contact", "Record an attempt to reach the patient.", "patient contact patients/p-1 --by phone --result no-answer", Given.OneOf<ContactResult>("--result", "What came of it"));

    /// <summary>Of somebody who was lost: an attempt that reached the patient.</summary>
    internal static CliCommand BuildFound() => Build("found", "Record that a patient who was lost to follow-up was reached.", "patient found patients/p-1 --by visit", null);

    private static CliCommand Build(string name, string description, string example, System.CommandLine.Option<ContactResult>? result)
    {
        var patient = Given.Patient();
        var way = Given.OneOf<ContactWay>("--by", "How");
        var note = Given.Text("--note", "A note", 500);
        var mutation = new Mutation();
        var command = new CliCommand(name, description, example).With(patient, way, note);
        return (result is null ? command : command.With(result))
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                var came = result is null ? ContactResult.Reached : run.Of(result);
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordContactAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Way = run.Of(way), Result = came, Note = run.Of(note) ?? "", OccurredAt = at },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{Show.Words(came)} by {Show.Words(run.Of(way))}: ");
                });
            });
    }
}
