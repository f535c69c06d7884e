using System.Globalization;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Clinics;

internal static class ShowOutcomes
{
    private const string Hidden = "-";
    private const string ProtocolPrefix = "protocols/";

    /// <summary>Columns of who was measured; they come first.</summary>
    private const int Measured = 4;

    internal static CliCommand Build()
    {
        var clinic = Given.Clinic();
        var json = Given.Json();
        return new CliCommand(
            "outcomes", "The clinic's own figures: what the first courses of its patients came to, by milestone and protocol.", "clinic outcomes clinics/harbour")
            .With(clinic, json)
            .Runs(async run =>
            {
                using var network = run.Connect(run.Of(clinic));
                var figures = await network.Clinics.GetClinicOutcomesAsync(new() { Name = run.Of(clinic) }, cancellationToken: run.Cancelled);
                if (run.Of(json))
                    run.Terminal.Line(JsonFormatter.Default.Format(figures));
                else
                    Write(run.Terminal, run.Of(clinic), figures);
            });
    }

    private static void Write(Terminal terminal, string clinic, GetClinicOutcomesResponse figures)
    {
        if (figures.Milestones.Count == 0)
            terminal.Line($"No milestone has closed for a patient of {clinic} yet.");
        foreach (var milestone in figures.Milestones)
            Table(figures, milestone).WriteTo(terminal);
        if (figures.Milestones.Any(m => m.Protocols.Append(m.All).Any(p => p.Counts.Append(p.Total).Any(c => !c.HasCount))))
            terminal.Line($"{Hidden}: not shown. Numbers of 1 to {figures.K - 1} persons are left out, and those from which one could be worked out.");
    }

    /// <summary>One line for each thing that it came to for somebody; shares are of those measured.</summary>
    private static Sheet Table(GetClinicOutcomesResponse figures, ClinicOutcomes milestone)
    {
        ProtocolOutcomes[] groups = [.. milestone.Protocols, milestone.All];
        var table = new Sheet([Show.Words(milestone.Milestone), .. groups.Select(g => ">" + (g.Protocol.Length > 0 ? g.Protocol[ProtocolPrefix.Length..] : "all"))]);
        for (var column = 0; column < figures.Columns.Count; column++)
        {
            if (groups.Any(g => g.Counts[column] is not { HasCount: true, Count: 0 }))
                table.Row([figures.Columns[column].Replace('_', ' ').ToLowerInvariant(), .. groups.Select(g => Cell(g, column))]);
        }
        table.Row(["all", .. groups.Select(g => Text(g.Total))]);
        return table;
    }

    /// <summary>With a share when everything that it is a share of is shown.</summary>
    private static string Cell(ProtocolOutcomes group, int column)
    {
        var measured = group.Counts.Take(Measured).ToArray();
        return column < Measured && measured.All(c => c.HasCount) && measured.Sum(c => c.Count) is var of and > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{group.Counts[column].Count} ({100.0 * group.Counts[column].Count / of:0.0} %)")
            : Text(group.Counts[column]);
    }

    private static string Text(ShownCount count) => count.HasCount ? count.Count.ToString(CultureInfo.InvariantCulture) : Hidden;
}
