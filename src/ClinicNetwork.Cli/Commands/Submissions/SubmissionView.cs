using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Cli.Commands.Submissions;

/// <summary>A submission, and what became of its records.</summary>
internal static class SubmissionView
{
    internal static void Write(Terminal terminal, Submission submission)
    {
        terminal.Line($"{submission.Name}: {Show.Words(submission.Status)}");
        terminal.Line($"  profile   {submission.Profile}, version {submission.ProfileVersion}");
        terminal.Line($"  records   {submission.Records} received: {submission.Accepted} accepted, {submission.Corrected} corrected, {submission.Refused} refused");
        if (submission.Reason.Length > 0)
            terminal.Line($"  reason    {submission.Reason}: {submission.Hint}");
        terminal.Line($"  opened    {Show.Instant(submission.OpenedAt)}");
        terminal.Line(submission.Status == SubmissionStatus.InProgress ? $"  expires   {Show.Instant(submission.ExpiresAt)}" : $"  closed    {Show.Instant(submission.ClosedAt)}");
    }

    /// <summary>Receipts by reason and column.</summary>
    internal static void WriteReceipts(Terminal terminal, IEnumerable<ReceiptCount> receipts)
    {
        var table = new Sheet("receipt", "reason", "column", ">records");
        foreach (var one in receipts)
            table.Row(Show.Words(one.Outcome), one.Reason, one.Field, $"{one.Records}");
        table.WriteTo(terminal);
    }
}
