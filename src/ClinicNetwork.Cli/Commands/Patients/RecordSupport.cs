using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordSupport
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("support-session");
        var kind = Given.OneOf<SupportKind>("--kind", "Which");
        var missed = Given.Text("--missed", "Why it was missed; without it it was attended", 500);
        var mutation = new Mutation();
        return new CliCommand("support", "Record a session of psychotherapy or of a support group, attended or missed.",
            "patient support patients/p-1 pt-3 --kind psychotherapy", "patient support patients/p-1 pt-4 --kind psychotherapy --missed \"ill\"")
            .With(patient, session, kind, missed)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordSupportSessionAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            SupportSessionId = run.Of(session),
                            Kind = run.Of(kind),
                            MissedReason = run.Of(missed) ?? "",
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{Show.Words(run.Of(kind))} {(run.Of(missed) is null ? "attended" : "missed")}: ");
                });
            });
    }
}
