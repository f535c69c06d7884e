using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.Cli.Commands.Transfers;

internal static class ListTransfers
{
    internal static CliCommand Build()
    {
        var clinic = Given.Clinic();
        var json = Given.Json();
        return new CliCommand("list", "List the offers that a clinic made, or that are made to it, and are open; what expires first first.", "transfer list clinics/hillside")
            .With(clinic, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var open = await Pages.AllAsync<Transfer>(async token =>
                {
                    var page = await network.Transfers.ListTransfersAsync(new() { Parent = run.Of(clinic), PageSize = 100, PageToken = token }, cancellationToken: run.Cancelled);
                    return (page.Transfers, page.NextPageToken);
                });
                if (run.Of(json))
                {
                    run.Terminal.Line(Show.JsonArray(open));
                    return;
                }
                var table = new Sheet("patient", "transfer", "from", "to", "drug", "expires", "reason");
                foreach (var transfer in open)
                    table.Row(
                        transfer.Patient, $"{transfer.Number}", transfer.FromClinic, transfer.ToClinic, Show.Words(transfer.Drug), Show.Instant(transfer.ExpiresAt), transfer.Reason);
                table.WriteTo(run.Terminal);
                run.Terminal.Line(Show.Count(open.Count, "transfer"));
            });
    }
}
