using ClinicNetwork.Cli.Input;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Submissions;

internal static class ShowSubmission
{
    internal static CliCommand Build()
    {
        var name = Given.Submission();
        var json = Given.Json();
        return new CliCommand("status", "Show where a submission stands.", "submission status partners/north/submissions/spring-2026").With(name, json).Runs(async run =>
        {
            using var network = run.Connect();
            var answer = await network.Submissions.GetSubmissionAsync(new() { Name = run.Of(name) }, cancellationToken: run.Cancelled);
            if (run.Of(json))
                run.Terminal.Line(JsonFormatter.Default.Format(answer));
            else
                SubmissionView.Write(run.Terminal, answer.Submission);
        });
    }
}
