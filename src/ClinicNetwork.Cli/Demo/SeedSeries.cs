using System.Diagnostics;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Cli.Servers;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Cli.Demo;

/// <summary>The demo with seed 1, 2, … on a new network each, one line each; then how many intervals hold the published figures.</summary>
internal sealed class SeedSeries(DemoSettings settings, Terminal terminal)
{
    private readonly SortedDictionary<string, (PublishedFigure Published, int Held, int Runs)> held = new(StringComparer.Ordinal);

    /// <returns>True when every release was verified.</returns>
    internal async Task<bool> RunAsync(int seeds, CancellationToken cancellationToken)
    {
        var refused = 0;
        for (var seed = 1; seed <= seeds; seed++)
        {
            var outcome = await RunAsync(settings with { Seed = (ulong)seed }, cancellationToken);
            refused += outcome.Verification.Accepted ? 0 : 1;
        }
        terminal.Line("");
        foreach (var (outcome, tally) in held)
            terminal.Line($"{outcome}: {tally.Held} of {tally.Runs} intervals hold the published {tally.Published.Value * 100:0.0} %");
        terminal.Line($"{seeds - refused} of {seeds} releases verified; about 19 of 20 intervals of 95 % should hold the true figure");
        return refused == 0;
    }

    private async Task<DemoOutcome> RunAsync(DemoSettings run, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var folder = DemoFolder.Open(null);
        await using var server = await ServerProcess.StartAsync(DemoSettings.Server(folder.Network, 0), cancellationToken);
        var outcome = await new DemoRun(run, server, folder).RunAsync(null, cancellationToken);
        var figures = outcome.Outcomes;
        var shares = new[] { figures.Response, figures.Remission, figures.Worsening, figures.SustainedWeek4, figures.SustainedWeek8 };
        foreach (var share in shares.Where(share => share.Of > 0))
        {
            var tally = held.GetValueOrDefault(share.Outcome, (share.Published, 0, 0));
            held[share.Outcome] = (share.Published, tally.Item2 + (share.HoldsPublished ? 1 : 0), tally.Item3 + 1);
        }
        var told = shares.Take(3).Select(share =>
            $"{share.Outcome} {share.Share * 100:0.0} % ({DemoReport.Range(share)}) {(share.HoldsPublished ? "holds" : "misses")}");
        terminal.Line($"seed {run.Seed}: {string.Join(", ", told)}; {(outcome.Verification.Accepted ? "verified" : "REFUSED")}; "
            + $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        return outcome;
    }
}
