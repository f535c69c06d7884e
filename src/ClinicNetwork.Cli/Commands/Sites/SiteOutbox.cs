using ClinicNetwork.Cli.Input;
using ClinicNetwork.Site;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Commands.Sites;

internal static class SiteOutbox
{
    internal static CliCommand Build()
    {
        var folder = new SiteFolder();
        var close = Given.Whole("--close", "A refused change that somebody has dealt with, by its number", 1, int.MaxValue, 0);
        var json = Given.Flag("--json", "Print the changes as JSON, for programs, and to be recorded anew by 'site record'");
        return new CliCommand("outbox", "List what was recorded here and what became of it.", "site outbox --folder hillside", "site outbox --folder hillside --close 12")
            .With(folder.Options)
            .With(close, json)
            .Runs(run =>
            {
                using var replica = folder.Open(run);
                if (run.Has(close))
                {
                    if (!replica.Close(run.Of(close)))
                        throw new InputException(close.Name, "give the number of a change that was refused, see 'site outbox'");
                    run.Terminal.Line($"{run.Of(close)} closed");
                    return Task.CompletedTask;
                }
                foreach (var item in replica.Outbox())
                    run.Terminal.Line(run.Of(json) ? JsonFormatter.Default.Format(item.Change) : $"{Describe(item)}: {StandOf(item)}{(item.Note.Length > 0 ? $" ({item.Note})" : "")}");
                return Task.CompletedTask;
            });
    }

    internal static string Describe(OutboxItem item) => $"{item.Number}  {item.Patient}  {item.Name}  recorded {Show.Instant(item.At.ToTimestamp())}";

    private static string StandOf(OutboxItem item) => item.Standing switch
    {
        ItemStanding.Waiting => item.SentOn is null ? "waits" : "sent, waits for an answer",
        ItemStanding.Done when item.Result?.Appended?.ReportSession is { OutsideGates.Count: > 0 } report => $"done, version {item.ReceiptVersion}; outside gates: {string.Join(", ", report.OutsideGates)}",
        ItemStanding.Done when item.Result?.Conflict is { } conflict => $"conflict {conflict.Conflict.Number}, resolved, version {item.ReceiptVersion}",
        ItemStanding.Done => $"{(item.Result is { Merged: not null } ? "merged" : "done")}, version {item.ReceiptVersion}",
        ItemStanding.Conflict => $"conflict {item.Result!.Conflict.Conflict.Number}, version {item.ReceiptVersion}; see 'site conflicts'",
        _ => $"{(item.Standing == ItemStanding.Closed ? "closed; " : "")}refused: {(item.Refusal!.Field.Length > 0 ? $"{item.Refusal.Field}: " : "")}{item.Refusal.Message} ({item.Refusal.Reason})",
    };
}
