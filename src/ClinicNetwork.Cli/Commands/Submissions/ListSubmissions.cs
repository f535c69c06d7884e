using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.Cli.Commands.Submissions;

internal static class ListSubmissions
{
    internal static CliCommand Build()
    {
        var json = Given.Json();
        return new CliCommand("list", "List your submissions; for the network all partners'.", "submission list").With(json).Runs(async run =>
        {
            using var network = run.Connect();
            var submissions = await Pages.AllAsync<Submission>(async token =>
            {
                var page = await network.Submissions.ListSubmissionsAsync(new() { PageSize = 100, PageToken = token }, cancellationToken: run.Cancelled);
                return (page.Submissions, page.NextPageToken);
            });
            if (run.Of(json))
            {
                run.Terminal.Line(Show.JsonArray(submissions));
                return;
            }
            var table = new Sheet("!submission", "profile", "opened", "status", ">records", ">refused");
            foreach (var one in submissions)
                table.Row(one.Name, one.Profile, Show.Instant(one.OpenedAt), Show.Words(one.Status), $"{one.Records}", $"{one.Refused}");
            table.WriteTo(run.Terminal);
            run.Terminal.Line(Show.Count(submissions.Count, "submission"));
        });
    }
}
