using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Clinics;

internal static class ListClinics
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand("list", "List the network's clinics.", "clinic list", "clinic list --json").With(json).Runs(async run =>
        {
            using var network = run.Connect();
            var clinics = await ReadAsync(network, run.Cancelled);
            if (run.Of(json))
            {
                run.Terminal.Line(Show.JsonArray(clinics));
                return;
            }
            var table = new Sheet("clinic", "name", "time zone", "esketamine");
            foreach (var clinic in clinics)
                table.Row(clinic.Name, clinic.DisplayName, clinic.TimeZone, clinic.EsketamineCertified ? "certified" : "no");
            table.WriteTo(run.Terminal);
            run.Terminal.Line($"{clinics.Count} clinics");
        });
    }

    private static Task<List<Clinic>> ReadAsync(ClinicNetworkClient network, CancellationToken cancellationToken) =>
        Pages.AllAsync<Clinic>(async token =>
        {
            var page = await network.Clinics.ListClinicsAsync(
                new() { PageSize = 200, PageToken = token }, cancellationToken: cancellationToken);
            return (page.Clinics, page.NextPageToken);
        });
}
