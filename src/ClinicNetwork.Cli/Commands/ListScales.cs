using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using Spectre.Console;

namespace ClinicNetwork.Cli.Commands;

internal static class ListScales
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand("scales", "List the scales that answers are scored by: items, ranges, bands, windows, rules, sources.", "scales", "scales --json").With(json).Runs(async run =>
        {
            using var network = run.Connect();
            var scales = await AllAsync(run, network);
            if (run.Of(json))
            {
                run.Terminal.Line(Show.JsonArray(scales));
                return;
            }
            foreach (var scale in scales)
                Write(run.Terminal, scale);
        });
    }

    internal static Task<List<Scale>> AllAsync(Invocation run, ClinicNetworkClient network) => Pages.AllAsync<Scale>(async token =>
    {
        var page = await network.Clinics.ListScalesAsync(new() { PageToken = token }, cancellationToken: run.Cancelled);
        return (page.Scales, page.NextPageToken);
    });

    private static void Write(Terminal terminal, Scale scale)
    {
        terminal.Line($"{Choice<ScaleKind>.Name(scale.Kind)} ({scale.Id}/{scale.Version}): {scale.Title}");
        Indented(terminal, $"items: {string.Join(", ", scale.Items.Select(Words))}");
        if (scale.HasTotalMax)
            Indented(terminal, $"total: 0 to {scale.TotalMax}{(scale.Bands.Count == 0 ? ", no bands" : "")}{string.Concat(scale.Bands.Select(band => $"; {(band.From == band.To ? $"{band.From}" : $"{band.From}-{band.To}")} {band.Name}"))}");
        else
            Indented(terminal, "total: none");
        Indented(terminal, $"about: {(scale.RecallDays == 0 ? "the moment" : $"the last {scale.RecallDays} days")}");
        Indented(terminal, $"missing items: {scale.MissingRule}");
        Indented(terminal, $"licence: {scale.Licence}");
        Indented(terminal, $"source: {scale.Source}");
    }

    /// <summary><c>3 sleep 0-3</c>, and when it is asked.</summary>
    private static string Words(ScaleItemDefinition item)
    {
        var asked = item.AskedIf.Length > 0 ? $" if {item.AskedIf}" : item.OptionalItem ? " if given" : "";
        return $"{item.Number} {item.Key} 0-{item.Max}{asked}{(item.Text.Length > 0 ? $" ({item.Text})" : "")}";
    }

    private static void Indented(Terminal terminal, string text) => terminal.Console.Write(new Padder(new Text(text), new Padding(2, 0, 0, 0)));
}
