using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Cli.Commands.Submissions;

internal static class ListReceipts
{
    internal static CliCommand Build()
    {
        var name = Given.Submission();
        var all = Given.Flag("--all", "Also of records that were accepted as they came");
        var json = Given.Json();
        return new CliCommand("receipts", "List what became of each record that was corrected or refused.", "submission receipts partners/north/submissions/spring-2026")
            .With(name, all, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var receipts = await Pages.AllAsync<RecordReceipt>(async token =>
                {
                    var page = await network.Submissions.ListReceiptsAsync(new() { Parent = run.Of(name), PageSize = 1_000, PageToken = token }, cancellationToken: run.Cancelled);
                    return (page.Receipts.Where(one => run.Of(all) || one.Outcome != RecordOutcome.Accepted), page.NextPageToken);
                });
                if (run.Of(json))
                {
                    run.Terminal.Line(Show.JsonArray(receipts));
                    return;
                }
                var table = new Sheet("!record", "receipt", "reason", "columns", "what to do");
                foreach (var one in receipts)
                    table.Row(one.Record, Show.Words(one.Outcome), one.Reason, string.Join(", ", one.Fields), one.Hint);
                table.WriteTo(run.Terminal);
                run.Terminal.Line(Show.Count(receipts.Count, "receipt"));
            });
    }
}
