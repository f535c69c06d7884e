using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ResolveConflict
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var number = Given.Required(Given.Whole("--conflict", "Number of the conflict, as 'patient conflicts' tells it", 1, 100_000, 0));
        var holds = Given.OneOf<PlanChoice>("--holds", "What holds; revised with the options that change a plan");
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var etag = Given.Option("--etag", "the plan's etag as read; without it the present plan's", "ETAG", text => text.Length > 0 ? text : null);
        var changes = new PlanChanges();
        var mutation = new Mutation(timed: false);
        return new CliCommand(
            "resolve-conflict", "Decide which side of a conflict holds; the plan moves by a new revision.",
            "patient resolve-conflict patients/p-1 --conflict 1 --holds proposed --reason \"agreed by telephone\"",
            "patient resolve-conflict patients/p-1 --conflict 1 --holds revised --dose-mg-per-kg 0.5 --reason \"neither: pressure was high\"")
            .With(patient, number, holds, reason, etag)
            .With(changes.Options)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                // The contract gives what the two messages have in common the same numbers.
                var request = ResolvePlanConflictRequest.Parser.ParseFrom((changes.Of(run) ?? new()).ToByteArray());
                (request.Patient, request.Conflict, request.Holds, request.Reason) = (run.Of(patient), run.Of(number), run.Of(holds), run.Of(reason));
                using var network = run.Connect();
                request.Etag = run.Of(etag) ?? (await PlanChanges.PresentAsync(network, run.Of(patient), run.Cancelled)).Plan.Etag;
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    request.RequestId = id;
                    var answer = await network.Patients.ResolvePlanConflictAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"conflict {request.Conflict} is resolved, revision {answer.Plan.Revision}, {Show.Plan(answer.Plan)}: ");
                });
            });
    }
}
