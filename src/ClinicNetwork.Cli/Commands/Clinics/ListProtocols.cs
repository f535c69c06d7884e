using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;
using Spectre.Console;

namespace ClinicNetwork.Cli.Commands.Clinics;

internal static class ListProtocols
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand("protocols", "List the treatment protocols that plans are made from.", "clinic protocols").With(json).Runs(async run =>
        {
            using var network = run.Connect();
            var protocols = await Pages.AllAsync<TreatmentProtocol>(async token =>
            {
                var page = await network.Clinics.ListProtocolsAsync(new() { PageToken = token }, cancellationToken: run.Cancelled);
                return (page.Protocols, page.NextPageToken);
            });
            if (run.Of(json))
            {
                run.Terminal.Line(Show.JsonArray(protocols));
                return;
            }
            var table = new Sheet("protocol", "v", "drug, route", "dose", "sessions", "settings");
            foreach (var protocol in protocols)
            {
                var dose = protocol.DoseMgPerKg > 0
                    ? $"{Show.Number(protocol.DoseMgPerKg)} mg/kg, {protocol.DurationMinutes} min"
                    : $"{string.Join(" or ", protocol.DosesMg.Select(Show.Number))} mg";
                table.Row(protocol.Name, $"{protocol.Version}", $"{Show.Words(protocol.Drug)}, {Show.Words(protocol.Route)}", dose,
                    $"{protocol.InductionSessions} in {protocol.InductionDaysMax} days", string.Join(", ", protocol.Settings.Select(Show.Words)));
            }
            table.WriteTo(run.Terminal);
            foreach (var protocol in protocols)
                run.Terminal.Console.MarkupLineInterpolated($"[grey]{protocol.Name}: {protocol.Title}; {protocol.Source}[/]");
        });
    }
}
