using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.My;

internal static class RecordDiaryEffect
{
    internal static CliCommand Build()
    {
        var patient = MyCommands.Patient();
        var kind = Given.OneOf<SideEffectKind>("--kind", "Which");
        var severity = Given.OneOf<SideEffectSeverity>("--severity", "How bad");
        var note = Given.Text("--note", "More about it", 500);
        var mutation = new Mutation();
        return new CliCommand("add", "Record a side effect that was noticed between sessions; --at is when it began.", "my diary add --kind headache --severity mild")
            .With(patient, kind, severity, note)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Voice.RecordDiaryEffectAsync(
                        new() { RequestId = id, Patient = run.Me(patient), Kind = run.Of(kind), Severity = run.Of(severity), Note = run.Of(note) ?? "", OccurredAt = at },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"side effect {answer.DiaryEffect} of the diary: ");
                });
            });
    }
}
