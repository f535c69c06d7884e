using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ShowHistory
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var json = Given.Json();
        var command = new CliCommand("history", "Show who changed what, when, from which site.", "patient history patients/p-1");
        return command.With(patient, json).Runs(async run =>
        {
            using var network = run.Connect();
            var entries = await Pages.AllAsync<HistoryEntry>(async token =>
            {
                var page = await network.Patients.ListHistoryAsync(
                    new() { Parent = run.Of(patient), PageSize = 500, PageToken = token }, cancellationToken: run.Cancelled);
                return (page.Entries, page.NextPageToken);
            });
            if (run.Of(json))
            {
                run.Terminal.Line(Show.JsonArray(entries));
                return;
            }
            var table = new Sheet(">version", "recorded", "command", "also made", "who", "site");
            foreach (var entry in entries)
            {
                table.Row(
                    $"{entry.Version}", Show.Instant(entry.RecordedAt), entry.Command, string.Join(", ", entry.Events.Skip(1)),
                    entry.Actor, entry.Site);
            }
            table.WriteTo(run.Terminal);
        });
    }
}
