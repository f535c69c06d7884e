using ClinicNetwork.Cli.Commands.Partners;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Admin.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Approvals;

internal static class ShowApproval
{
    internal static CliCommand Build()
    {
        var name = Given.Approval();
        var json = Given.Json();
        return new CliCommand("show", "Show one: what, why, by whom, and where it stands.", "approvals show approvals/erase-7").With(name, json).Runs(async run =>
        {
            using var network = run.Connect();
            var answer = await network.Approvals.GetApprovalAsync(new() { Name = run.Of(name) }, cancellationToken: run.Cancelled);
            if (run.Of(json))
                run.Terminal.Line(JsonFormatter.Default.Format(answer));
            else
                Write(run.Terminal, answer.Approval);
        });
    }

    private static void Write(Terminal terminal, Approval approval)
    {
        terminal.Line($"{approval.Name}  {Show.Words(approval.Kind)} of {approval.Subject}: {Show.Words(approval.Status)}");
        if (approval.Site.Length > 0)
            terminal.Line($"  site      {approval.Site}");
        if (approval.Offer is { } offer)
            ShowAgreement.Write(terminal, offer.Terms, offer.Revision);
        terminal.Line($"  reason    {approval.Reason}");
        if (approval.Ground != ErasureGround.Unspecified)
            terminal.Line($"  ground    {Show.Words(approval.Ground)}");
        terminal.Line($"  proposed  by {approval.ProposedBy}, {Show.Instant(approval.ProposedAt)}");
        terminal.Line($"  expires   {Show.Instant(approval.ExpiresAt)}");
        if (approval.DecidedBy.Length > 0)
            terminal.Line($"  decided   by {approval.DecidedBy}, {Show.Instant(approval.DecidedAt)}");
        if (approval.Finding.Length > 0)
            terminal.Line($"  finding   {approval.Finding}");
        if (approval.ClosedAt is not null)
            terminal.Line($"  closed    {Show.Instant(approval.ClosedAt)}");
        terminal.Line($"  etag      {approval.Etag}");
    }
}
