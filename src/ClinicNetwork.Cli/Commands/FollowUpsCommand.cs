using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;
using Spectre.Console;

namespace ClinicNetwork.Cli.Commands;

internal static class FollowUpsCommand
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand("follow-ups", "List the rules of the follow-up calendar: what is asked for, and where it comes from.", "follow-ups", "follow-ups --json").With(json).Runs(async run =>
        {
            using var network = run.Connect();
            var rules = await Pages.AllAsync<FollowUpRule>(async token =>
            {
                var page = await network.Clinics.ListFollowUpRulesAsync(new() { PageToken = token }, cancellationToken: run.Cancelled);
                return (page.Rules, page.NextPageToken);
            });
            if (run.Of(json))
            {
                run.Terminal.Line(Show.JsonArray(rules));
                return;
            }
            foreach (var rule in rules)
            {
                run.Terminal.Line($"{rule.Id}/{rule.Version}  {rule.Title}");
                run.Terminal.Console.Write(new Padder(new Text($"source: {rule.Source}"), new Padding(2, 0, 0, 0)));
            }
        });
    }
}
