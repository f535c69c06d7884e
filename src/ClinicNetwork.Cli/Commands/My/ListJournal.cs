using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.My;

internal static class ListJournal
{
    internal static CliCommand Build()
    {
        var patient = MyCommands.Patient();
        var json = Given.Json();
        return new CliCommand("list", "Read the journal, the earliest first; private entries only with the patient's certificate.", "my journal list", "my journal list --patient patients/p-1")
            .With(patient, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var entries = await Pages.AllAsync<JournalEntry>(async token =>
                {
                    var page = await network.Voice.ListJournalAsync(new() { Parent = run.Me(patient), PageSize = 100, PageToken = token }, cancellationToken: run.Cancelled);
                    return (page.Entries, page.NextPageToken);
                });
                if (run.Of(json))
                {
                    run.Terminal.Line(Show.JsonArray(entries));
                    return;
                }
                var table = new Sheet(">no", "day", ">mood", ">sleep", "tags", "text");
                foreach (var entry in entries)
                {
                    table.Row(
                        $"{entry.Number}", entry.Day, entry.HasMood ? $"{entry.Mood}" : "", entry.HasSleepHours ? $"{Show.Number(entry.SleepHours)} h" : "", string.Join(", ", entry.Tags),
                        (entry.Private ? "(private) " : "") + entry.Text.Replace('\n', ' '));
                }
                table.WriteTo(run.Terminal);
            });
    }
}
