using ClinicNetwork.Cli.Commands.Submissions;

namespace ClinicNetwork.Cli.Commands;

internal static class SubmissionCommands
{
    internal static CliCommand Build() => new CliCommand(
        "submission", "Anonymised outcomes that a partner pushes to the network.",
        "submission push docs/examples/submission.csv --profile public-outcomes --profile-version 2 --id spring-2026", "submission list")
        .With(PushSubmission.Build(), ShowSubmission.Build(), ListReceipts.Build(), ShowReport.Build(), ListSubmissions.Build(), AbortSubmission.Build());
}
