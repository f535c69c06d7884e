using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordLeaving
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var kind = Given.OneOf<LeavingKind>("--kind", "How");
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var mutation = new Mutation();
        return new CliCommand("leave", "Record that the patient left without being discharged.",
            "patient session leave patients/p-1 s-1 --kind against-advice --reason \"would not wait\"")
            .With(patient, session, kind, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordLeavingAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            SessionId = run.Of(session),
                            Kind = run.Of(kind),
                            Reason = run.Of(reason),
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"session {run.Of(session)} ended without a discharge: ");
                });
            });
    }
}
