using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Approvals;

internal static class Reject
{
    internal static CliCommand Build()
    {
        var approval = Given.Approval();
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var mutation = new Mutation(timed: false);
        return new CliCommand("reject", "Reject what nobody has decided on yet; also what you proposed yourself.",
            "approvals reject approvals/erase-7 --reason \"the patient is still treated\"")
            .With(approval, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Approvals.RejectAsync(
                        new() { RequestId = id, Approval = run.Of(approval), Reason = run.Of(reason) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(approval)} rejected: ");
                });
            });
    }
}
