using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Cli.Commands.Partners;

internal static class ListPartners
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand("list", "List the network's partners.", "partner list", "partner list --json").With(json).Runs(async run =>
        {
            using var network = run.Connect();
            var partners = await Pages.AllAsync<Partner>(async token =>
            {
                var page = await network.Partners.ListPartnersAsync(new() { PageSize = 100, PageToken = token }, cancellationToken: run.Cancelled);
                return (page.Partners, page.NextPageToken);
            });
            if (run.Of(json))
            {
                run.Terminal.Line(Show.JsonArray(partners));
                return;
            }
            var table = new Sheet("partner", "name", "class", "registered");
            foreach (var partner in partners)
                table.Row(partner.Name, partner.DisplayName, Show.Words(partner.RecipientClass), Show.Day(partner.RegisteredAt));
            table.WriteTo(run.Terminal);
            run.Terminal.Line(Show.Count(partners.Count, "partner"));
        });
    }
}
