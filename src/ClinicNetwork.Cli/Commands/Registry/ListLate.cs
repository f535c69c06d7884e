using System.Globalization;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Cli.Commands.Registry;

internal static class ListLate
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand(
            "late", "Agreements of which a batch has not been acknowledged for more than 14 days; for the network's administrators and auditors.", "registry late", "registry late --json")
            .With(json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var late = await Pages.AllAsync<LateRecipient>(async token =>
                {
                    var page = await network.Releases.ListLateRecipientsAsync(new() { PageSize = 200, PageToken = token }, cancellationToken: run.Cancelled);
                    return (page.Recipients, page.NextPageToken);
                });
                if (run.Of(json))
                {
                    run.Terminal.Line(Show.JsonArray(late));
                    return;
                }
                var table = new Sheet("!agreement", "profile", ">batches", ">acknowledged", "since", ">withdrawals to honour");
                foreach (var one in late)
                    table.Row(one.Agreement, one.Profile, Number(one.Batches), Number(one.Acknowledged), Show.Instant(one.Since), Number(one.TombstonesToHonour));
                table.WriteTo(run.Terminal);
                run.Terminal.Line(Show.Count(late.Count, "agreement", "agreements"));
            });
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
