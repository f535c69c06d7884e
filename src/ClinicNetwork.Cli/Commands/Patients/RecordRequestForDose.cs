using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordRequestForDose
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var request = Given.Id("dose-request");
        var kind = Given.OneOf<DoseRequestKind>("--kind", "What was asked for");
        var requester = Given.OneOf<DoseRequester>("--requester", "Who asked");
        var decision = Given.OneOf<DoseRequestDecision>("--decision", "What you decided");
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var mutation = new Mutation();
        return new CliCommand("dose-request", "Record that more was asked for than the plan gives, and what was decided; the plan stays as it is.",
            "patient dose-request patients/p-1 r-1 --kind early --requester patient --decision refused --reason \"two days after the last dose\"")
            .With(patient, request, kind, requester, decision, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordRequestForDoseAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            DoseRequestId = run.Of(request),
                            Kind = run.Of(kind),
                            Requester = run.Of(requester),
                            Decision = run.Of(decision),
                            Reason = run.Of(reason),
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"request {run.Of(request)} recorded: ");
                });
            });
    }
}
