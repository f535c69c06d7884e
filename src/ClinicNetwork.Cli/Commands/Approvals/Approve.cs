using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Approvals;

internal static class Approve
{
    internal static CliCommand Build()
    {
        var approval = Given.Approval();
        var etag = Given.Required(Given.Option("--etag", "the approval's etag, as show prints it: what was not read is not approved", "ETAG", text => text.Length > 0 ? text : null));
        var mutation = new Mutation(timed: false);
        return new CliCommand("approve", "Approve what another person proposed; it is carried out, and there is no way back.",
            "approvals approve approvals/erase-7 --etag ETAG")
            .With(approval, etag)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Approvals.ApproveAsync(
                        new() { RequestId = id, Approval = run.Of(approval), Etag = run.Of(etag) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(approval)} approved: ");
                });
            });
    }
}
