using ClinicNetwork.Cli.Input;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Partners;

internal static class ShowPartner
{
    internal static CliCommand Build()
    {
        var name = Given.Partner();
        var json = Given.Json();
        return new CliCommand("show", "Show one partner.", "partner show partners/eu-registry").With(name, json).Runs(async run =>
        {
            using var network = run.Connect();
            var answer = await network.Partners.GetPartnerAsync(new() { Name = run.Of(name) }, cancellationToken: run.Cancelled);
            if (run.Of(json))
            {
                run.Terminal.Line(JsonFormatter.Default.Format(answer));
                return;
            }
            run.Terminal.Line($"{answer.Partner.Name}  {answer.Partner.DisplayName}");
            run.Terminal.Line($"  class       {Show.Words(answer.Partner.RecipientClass)}");
            run.Terminal.Line($"  registered  {Show.Instant(answer.Partner.RegisteredAt)}");
            run.Terminal.Line($"  version     {answer.Revision.Version}");
        });
    }
}
