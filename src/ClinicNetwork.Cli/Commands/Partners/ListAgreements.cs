using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Cli.Commands.Partners;

internal static class ListAgreements
{
    internal static CliCommand Build()
    {
        var partner = Given.Partner();
        var json = Given.Json();
        return new CliCommand("list", "List a partner's agreements, over ones included.", "agreement list partners/eu-registry").With(partner, json).Runs(async run =>
        {
            using var network = run.Connect();
            var agreements = await Pages.AllAsync<Agreement>(async token =>
            {
                var page = await network.Partners.ListAgreementsAsync(new() { Parent = run.Of(partner), PageSize = 100, PageToken = token }, cancellationToken: run.Cancelled);
                return (page.Agreements, page.NextPageToken);
            });
            if (run.Of(json))
            {
                run.Terminal.Line(Show.JsonArray(agreements));
                return;
            }
            var table = new Sheet("agreement", "profile", "purpose", "from", "to", "");
            foreach (var agreement in agreements)
            {
                table.Row(
                    agreement.Name, agreement.Terms.Profile, Show.Words(agreement.Terms.Purpose), Show.Day(agreement.Terms.ValidFrom), Show.Day(agreement.Terms.ValidTo),
                    Show.Words(agreement.Status));
            }
            table.WriteTo(run.Terminal);
            run.Terminal.Line(Show.Count(agreements.Count, "agreement"));
        });
    }
}
