using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordSideEffect
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var kind = Given.OneOf<SideEffectKind>("--kind", "What it was");
        var severity = Given.OneOf<SideEffectSeverity>("--severity", "How strong");
        var minutes = Given.Whole("--minutes", "How long it lasted in minutes; 0 when not known", 0, 10_080, 0);
        var note = Given.Text("--note", "Note", 1000);
        var resolved = Given.Instant("--resolved-at", "When it was over, ISO 8601; left out while that is not known");
        var given = Given.Text("--treatment", "What was given for it", 200);
        var mutation = new Mutation();
        return new CliCommand("side-effect", "Record a side effect seen in or after a session.",
            "patient side-effect patients/p-1 s-1 --kind dissociation --severity mild --minutes 45")
            .With(patient, session, kind, severity, minutes, note, resolved, given)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordSideEffectAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            SessionId = run.Of(session),
                            Kind = run.Of(kind),
                            Severity = run.Of(severity),
                            DurationMinutes = run.Of(minutes),
                            Note = run.Of(note) ?? "",
                            OccurredAt = at,
                            ResolvedAt = run.Of(resolved),
                            TreatmentGiven = run.Of(given) ?? "",
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{Show.Words(run.Of(severity))} {Show.Words(run.Of(kind))} recorded: ");
                });
            });
    }
}
