using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Submissions;

internal static class ShowReport
{
    internal static CliCommand Build()
    {
        var name = Given.Submission();
        var json = Given.Json();
        return new CliCommand("report", "Show how complete the accepted records are, by milestone and column; small counts are not shown.", "submission report partners/north/submissions/spring-2026")
            .With(name, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var report = await network.Submissions.GetQualityReportAsync(new() { Name = run.Of(name) }, cancellationToken: run.Cancelled);
                if (run.Of(json))
                {
                    run.Terminal.Line(JsonFormatter.Default.Format(report));
                    return;
                }
                SubmissionView.WriteReceipts(run.Terminal, report.Receipts);
                var milestones = new Sheet("milestone", "what", ">records");
                foreach (var one in report.Milestones)
                {
                    milestones.Row(one.Milestone, "accepted", one.Records);
                    milestones.Row("", "measured", one.Measured);
                    foreach (var missing in one.Missing)
                        milestones.Row("", $"missing: {missing.Name}", missing.Count);
                    foreach (var filled in one.Filled.Where(column => column.Count != one.Records))
                        milestones.Row("", $"with {filled.Name}", filled.Count);
                }
                milestones.WriteTo(run.Terminal);
            });
    }
}
