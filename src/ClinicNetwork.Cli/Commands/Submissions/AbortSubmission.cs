using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;

namespace ClinicNetwork.Cli.Commands.Submissions;

internal static class AbortSubmission
{
    internal static CliCommand Build()
    {
        var name = Given.Submission();
        return new CliCommand("abort", "Take back a submission that is not complete; its records are deleted.", "submission abort partners/north/submissions/spring-2026").With(name).Runs(async run =>
        {
            using var network = run.Connect();
            var answer = await network.Submissions.AbortSubmissionAsync(new() { RequestId = RequestIds.New(), Name = run.Of(name) }, cancellationToken: run.Cancelled);
            SubmissionView.Write(run.Terminal, answer.Submission);
        });
    }
}
