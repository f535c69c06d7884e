using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Client;
using ClinicNetwork.Verification;

namespace ClinicNetwork.Cli.Commands.Registry;

internal static class PullRelease
{
    internal static CliCommand Build()
    {
        var folder = Given.Required(
            Given.Option("--out", "Folder for the release; made when there is none", "DIR", text => text.Length > 0 ? text : null));
        var pageSize = Given.Whole("--page-size", "Rows a page; 0 lets the server choose", 0, 1000, 0);
        var profile = ReleaseProfile.Option();
        var key = VerifyRelease.KeyOption();
        var format = Given.MayBeOneOf<CurrentFormat>("--format", "Also keep every row that may be used now in DIR/current.ndjson or DIR/current.csv");
        return new CliCommand(
            "pull",
            "Pull the published batches; goes on where an earlier pull ended, also inside a batch. New batches are verified before they are kept, rows that were withdrawn or corrected go, "
            + "and what is on the disk is acknowledged. Exit code 2 when the release is refused.",
            "registry pull --out release", "registry pull --out release --format csv", "registry pull --out research --profile profiles/research-outcomes")
            .With(folder, profile, key, format, pageSize)
            .Runs(async run =>
            {
                if (File.Exists(run.Of(folder)))
                    throw new InputException("--out", $"{run.Of(folder)} is a file; give a folder.");
                var expected = run.Of(key) is { } pem ? VerifyRelease.ReadKey(pem) : null;
                using var network = run.Connect();
                var puller = new ReleasePuller(network, run.Of(folder), run.Of(pageSize))
                {
                    Check = Verify,
                    Key = expected,
                    Current = run.Of(format) is var named && named == default ? null : named,
                };
                try
                {
                    var result = await Progress.ShowAsync(run.Terminal, "rows", progress =>
                        puller.PullAsync(run.Of(profile), new Forward(progress), run.Cancelled));
                    Tell(run.Terminal, run.Of(folder), result);
                    return ExitCodes.Done;
                }
                catch (RefusedReleaseException refused)
                {
                    VerifyRelease.Refused(run.Terminal, refused.Report);
                    run.Terminal.Error.WriteLine("clinicnet: --out: nothing of the new batches was kept, but rows that they tell to be withdrawn are gone");
                    return ExitCodes.Refused;
                }
            });
    }

    private static void Tell(Terminal terminal, string folder, PullResult result)
    {
        if (result.Batches == 0)
        {
            terminal.Line("nothing is published for you yet: the next publication day, and whether you have an agreement, tells clinicnet registry status");
            return;
        }
        terminal.Line(
            $"{Show.Count(result.Batches, "batch", "batches")} in {folder}, {result.NewBatches} new{(result.NewBatches > 0 ? " and verified" : "")}: {result.Rows} rows received, "
            + $"{result.RowsTakenUp} taken up from an earlier pull");
        if (result.Tombstones > 0)
            terminal.Line($"{Show.Count((int)result.Tombstones, "row", "rows")} of earlier batches withdrawn or corrected");
        if (result.Current is { } current)
            terminal.Line($"{current} rows may be used now");
        if (result.Acknowledged > 0)
            terminal.Line($"acknowledged up to batch {result.Acknowledged}");
        terminal.Line($"next: clinicnet registry verify {folder}");
    }

    private static void Verify(string folder, CancellationToken cancellationToken)
    {
        var report = ReleaseVerifier.VerifyFolder(folder, cancellationToken);
        if (!report.Accepted)
            throw new RefusedReleaseException(report);
    }

    private sealed class RefusedReleaseException(VerificationReport report) : Exception("the release is refused")
    {
        internal VerificationReport Report => report;
    }

    private sealed class Forward(IProgress<(long Done, long Total)> progress) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => progress.Report((value.Rows, value.RowsTotal));
    }
}

/// <summary>The profile that a command of the registry is about.</summary>
internal static class ReleaseProfile
{
    internal static Option<string> Option()
    {
        var option = Given.Option("--profile", $"profiles/{{profile}}; default {ReleasePuller.PublicOutcomes}", "PROFILE", text =>
            text.StartsWith("profiles/", StringComparison.Ordinal) && Parse.Id(text["profiles/".Length..]) is not null ? text : null);
        option.DefaultValueFactory = _ => ReleasePuller.PublicOutcomes;
        return option;
    }
}
