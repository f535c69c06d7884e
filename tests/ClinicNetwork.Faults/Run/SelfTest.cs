using System.Globalization;
using ClinicNetwork.Faults.Checker;
using ClinicNetwork.Faults.History;
using ClinicNetwork.Faults.Plan;
using ClinicNetwork.Faults.Processes;
using Grpc.Core;

namespace ClinicNetwork.Faults.Run;

/// <summary>Tests the tests: the checker must find nothing in a healthy run and something in a run with each planted defect.</summary>
internal static class SelfTest
{
    /// <summary>A defect that needs a rare meeting gets another chance with another seed.</summary>
    private const int TriesMax = 3;

    public static async Task<int> RunAsync(CommandLine line, string folder, CancellationToken cancel)
    {
        if (line.Defect is { } name && Defects.All.All(d => d.Name != name))
        {
            throw new FormatException($"--defect {name}: there is none of that name; --list shows them.");
        }

        var rows = new List<string>();
        var good = true;
        if (line.Defect is null)
        {
            var healthy = await OneAsync("", line.Seeds[0], folder, cancel);
            good = healthy.IsGood;
            rows.Add(Row("(healthy)", good ? "nothing found, as it must be" : $"NOT CLEAN: {Broken(healthy, defect: false)}{(healthy.Counts ? "" : " does not count")}"));
        }

        foreach (var defect in Defects.All.Where(d => line.Defect is null || d.Name == line.Defect))
        {
            var runs = new List<CheckedRun>();
            while (runs.Count < TriesMax && !runs.Exists(r => Finds(defect, r)))
            {
                runs.Add(await OneAsync(defect.Name, line.Seeds[0] + runs.Count, folder, cancel));
            }

            good &= Finds(defect, runs[^1]);
            rows.Add(Row(defect.Name, Says(defect, runs)));
            Console.WriteLine(rows[^1]);
        }

        Console.WriteLine("\nplanted defects\n" + string.Join('\n', rows));
        await File.WriteAllLinesAsync(Path.Combine(folder, "self-test.txt"), rows, cancel);
        return good ? 0 : 1;
    }

    /// <summary>A verdict that has to find it is broken, in a run that ended: where the reading at the end is missing, I1 and I6 are broken by that alone.</summary>
    public static bool Finds(Defect defect, CheckedRun run) => run.Ended && run.Verdicts.Any(v => v.Standing == Standing.Broken && defect.Verdicts.Contains(v.Name));

    /// <summary>What the table says of a defect's tries.</summary>
    public static string Says(Defect defect, IReadOnlyList<CheckedRun> runs)
    {
        var aborted = runs.Count(r => !r.Ended);
        var tries = $"{(runs.Count > 1 ? $" at try {runs.Count}" : "")}{(aborted > 0 ? $", {aborted} aborted" : "")}";
        return Finds(defect, runs[^1]) ? $"found by {Broken(runs[^1], defect: true)}{tries}"
            : aborted == runs.Count ? $"ABORTED in all of {runs.Count} tries: proves nothing"
            : $"NOT FOUND in {runs.Count} tries{(aborted > 0 ? $", {aborted} of them aborted" : "")} (expected {string.Join(" or ", defect.Verdicts)})";
    }

    private static async Task<CheckedRun> OneAsync(string defect, int seed, string folder, CancellationToken cancel)
    {
        var settings = new RigSettings(seed, PlanKind.SelfTest, TimeSpan.Zero, Path.Combine(folder, defect.Length == 0 ? "healthy" : defect), defect);
        try
        {
            var history = await new RigRun(settings, Console.WriteLine).RunAsync(cancel);
            return RunChecker.Check(HistoryFile.Read(history));
        }
        catch (Exception exception) when (defect.Length > 0 && exception is (RigException or RpcException))
        {
            // A defect can keep the network from working at all; a run without its end finds nothing, whatever its verdicts say.
            Console.WriteLine($"  aborted: {exception.Message}");
            return RunChecker.Check(HistoryFile.Read(Path.Combine(settings.Out, "history.jsonl")));
        }
    }

    /// <summary>I12 says nothing where a defect is planted: there nothing is waited for as long as it asks (<see cref="RigSettings.Patience"/>).</summary>
    private static string Broken(CheckedRun run, bool defect) => string.Join(' ', run.Verdicts.Where(v => v.Standing == Standing.Broken && !(defect && v.Name == "I12")).Select(v => $"{v.Name} ({v.Broken.Count})"));

    private static string Row(string name, string says) => string.Create(CultureInfo.InvariantCulture, $"  {name,-26} {says}");
}
