using System.Globalization;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Registry;

internal static class ShowFeedStatus
{
    internal static CliCommand Build()
    {
        var profile = ReleaseProfile.Option();
        var folder = Given.Option("--out", "Folder of earlier pulls: also tell what it lacks", "DIR", text => Directory.Exists(text) ? text : null);
        var json = Given.Json();
        return new CliCommand(
            "status", "How far the feed is: batches, persons waiting and promised, what was acknowledged, withdrawals to honour.",
            "registry status", "registry status --out release")
            .With(profile, folder, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var status = await network.Releases.GetFeedStatusAsync(new() { Name = run.Of(profile) }, cancellationToken: run.Cancelled);
                if (run.Of(json))
                {
                    run.Terminal.Line(JsonFormatter.Default.Format(status));
                    return;
                }
                var table = new Sheet(run.Of(profile), "");
                table.Row("recipient", status.Recipient);
                table.Row("batches, rows", $"{status.Batches}, {status.Rows}");
                table.Row("last published, next day", $"{OrNone(status.LastPublishedOn)}, {OrNone(status.NextPublicationOn)}");
                table.Row("persons waiting, promised", $"{OrNone(status.Waiting)}, {OrNone(status.Promised)}");
                table.Row("acknowledged up to batch", Number(status.Acknowledged));
                table.Row("withdrawals to honour", status.TombstonesToHonour == 0 ? "0" : $"{status.TombstonesToHonour} rows since {Show.Instant(status.TombstonesSince)}");
                if (status.Rekeys > 0)
                    table.Row("re-key lists", Number(status.Rekeys));
                if (run.Of(folder) is { } pulled)
                    table.Row("batches that the folder lacks", Number(Math.Max(0, status.Batches - PulledBatches(pulled))));
                table.WriteTo(run.Terminal);
                if (status.Batches > status.Acknowledged && status.Recipient.Contains('/', StringComparison.Ordinal))
                    run.Terminal.Line($"next: clinicnet registry pull --out {run.Of(folder) ?? "DIR"}");
            });
    }

    private static int PulledBatches(string folder) =>
        Directory.Exists(Path.Combine(folder, "batches")) ? Directory.EnumerateDirectories(Path.Combine(folder, "batches")).Count() : 0;

    private static string OrNone(string text) => text.Length > 0 ? text : "none";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
