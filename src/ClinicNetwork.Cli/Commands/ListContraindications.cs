using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using Spectre.Console;

namespace ClinicNetwork.Cli.Commands;

internal static class ListContraindications
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand("contraindications", "List the conditions that speak against treatment: code, weight by drug, source.", "contraindications", "contraindications --json").With(json).Runs(async run =>
        {
            using var network = run.Connect();
            var all = await AllAsync(run, network);
            if (run.Of(json))
            {
                run.Terminal.Line(Show.JsonArray(all));
                return;
            }
            foreach (var one in all)
            {
                run.Terminal.Line($"{one.Code}/{one.Version}  {one.Text}");
                run.Terminal.Line($"  {string.Join(", ", one.Weights.Select(w => $"{Show.Words(w.Drug)}: {Show.Words(w.Weight)}"))}");
                if (one.AsksFor.Length > 0)
                    run.Terminal.Console.Write(new Padder(new Text($"asks for: {one.AsksFor}"), new Padding(2, 0, 0, 0)));
                run.Terminal.Console.Write(new Padder(new Text($"source: {one.Source}"), new Padding(2, 0, 0, 0)));
            }
        });
    }

    internal static Task<List<Contraindication>> AllAsync(Invocation run, ClinicNetworkClient network) => Pages.AllAsync<Contraindication>(async token =>
    {
        var page = await network.Clinics.ListContraindicationsAsync(new() { PageToken = token }, cancellationToken: run.Cancelled);
        return (page.Contraindications, page.NextPageToken);
    });
}
