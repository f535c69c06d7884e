using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Client;

namespace ClinicNetwork.Cli.Commands.Registry;

internal static class PullRelease
{
    internal static CliCommand Build()
    {
        var folder = Given.Required(
            Given.Option("--out", "Folder for the release; made when there is none", "DIR", text => text.Length > 0 ? text : null));
        var pageSize = Given.Whole("--page-size", "Rows a page; 0 lets the server choose", 0, 1000, 0);
        return new CliCommand(
            "pull", "Pull the published batches; goes on where an earlier pull ended, also inside a batch.", "registry pull --out release")
            .With(folder, pageSize)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var puller = new ReleasePuller(network, run.Of(folder), run.Of(pageSize));
                var result = await Progress.ShowAsync(run.Terminal, "rows", progress =>
                    puller.PullAsync(progress: new Forward(progress), cancellationToken: run.Cancelled));
                if (result.Batches == 0)
                {
                    run.Terminal.Line("nothing is published yet");
                    return;
                }
                run.Terminal.Line(
                    $"{Show.Count(result.Batches, "batch", "batches")} in {run.Of(folder)}, {result.NewBatches} new: {result.Rows} rows received, "
                    + $"{result.RowsTakenUp} taken up from an earlier pull");
                run.Terminal.Line($"next: clinicnet registry verify {run.Of(folder)}");
            });
    }

    private sealed class Forward(IProgress<(long Done, long Total)> progress) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => progress.Report((value.Rows, value.RowsTotal));
    }
}
