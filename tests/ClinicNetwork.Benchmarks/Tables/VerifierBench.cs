using System.Diagnostics;
using System.Text;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>Times the verifier on a published census-like table with its original and hierarchies, from files to verdict.</summary>
internal static class VerifierBench
{
    private const int K = 11;
    private const double GoalSeconds = 2;

    /// <returns>A sentence for the report.</returns>
    public static string Measure(string folder, int rows, int rounds, CancellationToken cancellationToken)
    {
        Write(folder, rows);
        var (seconds, cpu, peak, clean) = (double.PositiveInfinity, 0.0, 0.0, true);
        for (var round = 0; round <= rounds; round++)
        {
            ProcessMemory.StartPeak();
            var (begin, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var verdict = Verify(folder, cancellationToken);
            var took = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            clean &= verdict.Clean && verdict.Measures?.N == rows;
            if (round > 0 && took < seconds)
            {
                (seconds, cpu, peak) = (took, (Environment.CpuUsage.TotalTime - before).TotalSeconds, ProcessMemory.PeakBytes() / (1024.0 * 1024));
            }
        }

        var goal = rows < 1_000_000 ? "" : $"; goal ≤ {GoalSeconds:0} s: {(seconds <= GoalSeconds ? "met" : "**missed**")}";
        return FormattableString.Invariant($"Verifier, {rows:N0} rows, {Census.Hierarchies.Count} QIs, with original and hierarchies, from files to verdict: {seconds:0.00} s (CPU {cpu:0.00} s), peak {peak:N0} MiB, {(clean ? "nothing found" : "**findings**")}{goal}.");
    }

    private static TableVerdict Verify(string folder, CancellationToken cancellationToken)
    {
        VerifiedTable Table(string name)
        {
            using var file = File.OpenRead(Path.Combine(folder, name));
            return VerifiedTable.Read(file, cancellationToken: cancellationToken);
        }

        TableHierarchy Hierarchy(string name)
        {
            using var file = File.OpenRead(Path.Combine(folder, $"hierarchy-{name}.csv"));
            return TableHierarchy.Read(file, name, cancellationToken: cancellationToken);
        }

        string[] names = [.. Census.Hierarchies.Select(h => h.Name)];
        var about = new TableVerification([Table("published.csv")], names) { Originals = [Table("original.csv")], Hierarchies = names.ToDictionary(name => name, Hierarchy) };
        return TableVerifier.Verify(about, new(K), cancellationToken);
    }

    private static void Write(string folder, int rows)
    {
        var data = Census.Draw(rows, seed: 1);
        var published = Mondrian.Run(data, new(K));
        WriteTable(Path.Combine(folder, "original.csv"), data, (row, a) => data.Attributes[a].Labels[data.Attributes[a].LabelsAt(0)[data.Leaves[a][row]]]);
        WriteTable(Path.Combine(folder, "published.csv"), data, published.ValueAt);
        foreach (var h in data.Attributes)
        {
            File.WriteAllLines(
                Path.Combine(folder, $"hierarchy-{h.Name}.csv"),
                Enumerable.Range(0, h.LeafCount).Select(leaf => string.Join(';', Enumerable.Range(0, h.Height + 1).Select(level => h.Labels[h.LabelsAt(level)[leaf]]))));
        }
    }

    private static void WriteTable(string path, Microdata data, Func<int, int, string> valueAt)
    {
        using var file = new StreamWriter(path, false, new UTF8Encoding(false));
        file.WriteLine(string.Join(';', data.Attributes.Select(a => a.Name)));
        for (var row = 0; row < data.Rows; row++)
        {
            file.WriteLine(string.Join(';', data.Attributes.Select((_, a) => valueAt(row, a))));
        }
    }
}
