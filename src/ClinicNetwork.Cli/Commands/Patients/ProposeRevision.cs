using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ProposeRevision
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var etag = Given.Required(Given.Option("--etag", "etag of the plan that it was decided on, as 'patient show' printed it", "ETAG", text => text.Length > 0 ? text : null));
        var changes = new PlanChanges();
        var mutation = new Mutation();
        return new CliCommand(
            "propose", "Propose a change that was decided on an earlier plan: it is accepted, merged with what changed since, or kept as a conflict.",
            "patient propose patients/p-1 --etag ETAG --dose-mg-per-kg 0.55 --reason \"decided while offline\" --at 2025-07-03T09:30Z")
            .With(patient, reason, etag)
            .With(changes.Options)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                // The contract gives what the two messages have in common the same numbers.
                var request = ProposeRevisionRequest.Parser.ParseFrom(changes.Needed(run).ToByteArray());
                (request.Patient, request.Reason, request.Etag) = (run.Of(patient), run.Of(reason), run.Of(etag));
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    (request.RequestId, request.OccurredAt) = (id, at);
                    var answer = await network.Patients.ProposeRevisionAsync(request, cancellationToken: run.Cancelled);
                    if (answer.Conflict is { } conflict)
                        ConflictSheet.Write(run.Terminal, conflict);
                    return (answer.Receipt, answer.Conflict is null
                        ? $"{Show.Words(answer.Outcome)}, revision {answer.Plan.Revision}, {Show.Plan(answer.Plan)}: "
                        : $"conflict {answer.Conflict.Number}, nothing of it is in the plan until it is resolved: ");
                });
            });
    }
}
