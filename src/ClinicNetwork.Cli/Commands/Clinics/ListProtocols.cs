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
        return new CliCommand(
            "protocols", "List the treatment protocols that plans are made from.", "clinic protocols").With(json).Runs(async run =>
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
            foreach (var protocol in protocols)
                Write(run.Terminal, protocol);
        });
    }

    private static string Gate(Gate gate) => Show.Words(gate.Kind)
        + (!gate.Overridable ? "" : gate.OverriddenBy.Count == 0 ? " (unless a reason is given)" : $" (unless a {string.Join(" or ", gate.OverriddenBy)} overrides it)");

    private static void Write(Terminal terminal, TreatmentProtocol protocol)
    {
        var dose = protocol.DoseMgPerKg > 0
            ? $"{Show.Number(protocol.DoseMgPerKg)} mg/kg{(protocol.DurationMinutes > 0 ? $" over {protocol.DurationMinutes} min" : "")}"
            : $"{string.Join(" or ", protocol.DosesMg.Select(Show.Number))} mg";
        terminal.Line($"{protocol.Name}, version {protocol.Version}: {protocol.Title}");
        terminal.Line($"  {Show.Words(protocol.Drug)}, {Show.Words(protocol.Route)}, {dose}; "
            + $"{protocol.InductionSessions} sessions in at most {protocol.InductionDaysMax} days");
        terminal.Line($"  setting: {string.Join(" or ", protocol.Settings.Select(Show.Words))}; "
            + $"observed for at least {protocol.ObservationMinutesMin} min");
        foreach (var phase in protocol.Phases)
        {
            var from = phase.FirstWeek > 0 ? $"from week {phase.FirstWeek}" : "when a clinician begins it";
            terminal.Line($"  {Show.Words(phase.Kind)} {from}: every {phase.SpacingDaysMin} to {phase.SpacingDaysMax} days");
        }
        terminal.Line($"  gates: {string.Join(", ", protocol.Gates.Select(Gate))}");
        if (protocol.Monitoring.Count > 0)
            terminal.Line($"  readings: {string.Join(", ", protocol.Monitoring.Select(time => $"{time.Minute} min ({time.FromMinute} to {time.ToMinute})"))}");
        if (protocol.Checklist.Count > 0)
            terminal.Line($"  to leave: {string.Join(", ", protocol.Checklist.Select(Show.ChecklistItem))}");
        terminal.Console.Write(new Padder(new Text($"source: {protocol.Source}"), new Padding(2, 0, 0, 0)));
    }
}
