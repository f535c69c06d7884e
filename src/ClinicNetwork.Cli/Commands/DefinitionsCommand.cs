using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;
using Spectre.Console;

namespace ClinicNetwork.Cli.Commands;

internal static class DefinitionsCommand
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand(
            "definitions", "List the outcome definitions: scale, rule, window and source of each.", "definitions", "definitions --json").With(json).Runs(async run =>
        {
            using var network = run.Connect();
            var definitions = await Pages.AllAsync<OutcomeDefinition>(async token =>
            {
                var page = await network.Clinics.ListOutcomeDefinitionsAsync(new() { PageToken = token }, cancellationToken: run.Cancelled);
                return (page.Definitions, page.NextPageToken);
            });
            if (run.Of(json))
            {
                run.Terminal.Line(Show.JsonArray(definitions));
                return;
            }
            foreach (var definition in definitions)
            {
                run.Terminal.Line($"{definition.Id}/{definition.Version}  {definition.Scale}");
                foreach (var line in (string[])[$"rule: {definition.Rule}", $"window: {definition.Window}", $"source: {definition.Source}"])
                    run.Terminal.Console.Write(new Padder(new Text(line), new Padding(2, 0, 0, 0)));
            }
        });
    }
}
