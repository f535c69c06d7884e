using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Clinics;

internal static class ListRoster
{
    internal static CliCommand Build()
    {
        var clinic = Given.Clinic();
        var json = Given.Json();
        return new CliCommand(
            "roster", "List the patients whose home is the clinic, or whose plan it may read.", "clinic roster clinics/harbour")
            .With(clinic, json)
            .Runs(async run =>
            {
                using var network = run.Connect(run.Of(clinic));
                var entries = await Pages.AllAsync<RosterEntry>(async token =>
                {
                    var page = await network.Clinics.ListRosterAsync(
                        new() { Parent = run.Of(clinic), PageSize = 500, PageToken = token }, cancellationToken: run.Cancelled);
                    return (page.Entries, page.NextPageToken);
                });
                if (run.Of(json))
                {
                    run.Terminal.Line(Show.JsonArray(entries));
                    return;
                }
                var table = new Sheet("patient", "home clinic", ">version");
                foreach (var entry in entries)
                    table.Row(entry.Patient, entry.HomeClinic, $"{entry.Version}");
                table.WriteTo(run.Terminal);
                var elsewhere = entries.Count(entry => entry.HomeClinic != run.Of(clinic));
                run.Terminal.Line($"{entries.Count} patients, {elsewhere} of them with another home clinic");
            });
    }
}
