using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Admin.V1;

namespace ClinicNetwork.Cli.Commands.Approvals;

internal static class ListApprovals
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand("list", "List what waits for a second person, or was approved and is not carried out yet, what expires first first.", "approvals list", "approvals list --site clinics/harbour")
            .With(json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var open = await Pages.AllAsync<Approval>(async token =>
                {
                    var page = await network.Approvals.ListApprovalsAsync(new() { PageSize = 100, PageToken = token }, cancellationToken: run.Cancelled);
                    return (page.Approvals, page.NextPageToken);
                });
                if (run.Of(json))
                {
                    run.Terminal.Line(Show.JsonArray(open));
                    return;
                }
                var table = new Sheet("approval", "what", "of", "proposed by", "expires", "");
                foreach (var approval in open)
                    table.Row(approval.Name, Show.Words(approval.Kind), approval.Subject, approval.ProposedBy, Show.Instant(approval.ExpiresAt), Show.Words(approval.Status));
                table.WriteTo(run.Terminal);
                run.Terminal.Line(Show.Count(open.Count, "approval"));
            });
    }
}
