using ClinicNetwork.Faults.Checker;
using ClinicNetwork.Faults.History;
using ClinicNetwork.Faults.Run;
using Xunit.Abstractions;

namespace ClinicNetwork.Faults.Tests;

/// <summary>Guarantees 1, 2, 3 and 10 on real processes: two seeds, which strike every fault between them, in half of all forms; docs/faults.md has the commands for the rest.</summary>
public sealed class ShortRunTests(ITestOutputHelper output)
{
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(8);

    /// <summary>A machine so slow that the plan is not over by then leaves the rest out, and says so.</summary>
    private static readonly TimeSpan FaultsMax = TimeSpan.FromSeconds(200);
    private const int FaultsMin = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nothing_acknowledged_is_lost_and_no_verdict_is_broken(int seed)
    {
        var folder = Directory.CreateTempSubdirectory("clinicnetwork-short-run-").FullName;
        using var cancel = new CancellationTokenSource(RunMax);

        // Deleted at the end, and only then: of a run that fails, history and logs are all there is to look at.
        Tell($"history and logs in {folder}");
        var history = await new RigRun(new RigSettings(seed, PlanKind.Part, FaultsMax, folder), Tell).RunAsync(cancel.Token);
        var run = RunChecker.Check(HistoryFile.Read(history));
        Assert.True(HistoryFile.Read(history).OfType<FaultBegan>().Count() >= FaultsMin, "so few faults prove nothing");
        output.WriteLine(CheckReport.Of([run]));
        Assert.True(run.Counts, "a run that acknowledged too little, or reached no point at which it was to crash, proves nothing");
        Assert.All(run.Verdicts, v => Assert.True(
            v.Standing is Standing.Passed or Standing.NotBuilt or Standing.NotDriven, $"seed {seed}: {v.Name} {v.Standing}: {string.Join("; ", v.Broken.Take(5))}; see {folder}"));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>To the console too, so that nobody takes a long run for a hanging one.</summary>
    private void Tell(string line)
    {
        Console.WriteLine(line);
        output.WriteLine(line);
    }
}
