using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Submissions;

internal static class PushSubmission
{
    internal static CliCommand Build()
    {
        var file = Given.Argument("file", "A file of records: CSV with a heading, or .ndjson; columns record and the profile's", text => File.Exists(text) ? text : null);
        var profile = Given.Required(Given.Option("--profile", "Profile whose columns the records have, for example public-outcomes", "PROFILE", Parse.Id));
        var version = Given.Required(Given.Whole("--profile-version", "Version of the profile", 1, 1_000, 1));
        var id = Given.Required(Given.Option("--id", "Id of the submission, 1 to 40 of a-z, 0-9 and inner dashes; the same to go on with it", "ID", Parse.Id));
        var hash = Given.Option("--hierarchies-sha256", "SHA-256 over the hierarchies that you generalised by, 64 hex digits; refused when they are not the network's", "HEX",
            text => text.Length == 64 && text.All(char.IsAsciiHexDigit) ? text : null);
        return new CliCommand(
            "push", "Push a file of records and complete the submission; goes on where an earlier push ended.",
            "submission push docs/examples/submission.csv --profile public-outcomes --profile-version 2 --id spring-2026")
            .With(file, profile, version, id, hash)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var opening = new SubmissionOpening
                {
                    Submission = run.Of(id),
                    Profile = "profiles/" + run.Of(profile),
                    ProfileVersion = run.Of(version),
                    HierarchiesSha256 = ByteString.CopyFrom(Convert.FromHexString(run.Of(hash) ?? "")),
                };
                var submission = await Progress.ShowAsync(run.Terminal, "records", progress =>
                    new SubmissionPusher(network, opening).PushAsync(new RecordFile(run.Of(file)).Read, progress, run.Cancelled));
                SubmissionView.Write(run.Terminal, submission);
                var report = await network.Submissions.GetQualityReportAsync(new() { Name = submission.Name }, cancellationToken: run.Cancelled);
                SubmissionView.WriteReceipts(run.Terminal, report.Receipts);
                return submission.Status == SubmissionStatus.Complete ? ExitCodes.Done : ExitCodes.Refused;
            });
    }
}
