using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RevisePlan
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var changes = new PlanChanges();
        var etag = Given.Option(
            "--etag", "the plan's etag as read; without it the present plan is changed", "ETAG", text => text.Length > 0 ? text : null);
        var mutation = new Mutation(timed: false);
        return new CliCommand("revise", "Change the plan; refused when it changed since it was read.",
            "patient revise patients/p-1 --dose-mg-per-kg 0.55 --reason \"partial response after three infusions\"")
            .With(patient, reason, etag)
            .With(changes.Options)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                var request = changes.Needed(run);
                (request.Patient, request.Reason) = (run.Of(patient), run.Of(reason));
                using var network = run.Connect();
                request.Etag = run.Of(etag) ?? (await PlanChanges.PresentAsync(network, run.Of(patient), run.Cancelled)).Plan.Etag;
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    request.RequestId = id;
                    var answer = await network.Patients.RevisePlanAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"revision {answer.Plan.Revision}, {Show.Plan(answer.Plan)}: ");
                });
            });
    }
}
