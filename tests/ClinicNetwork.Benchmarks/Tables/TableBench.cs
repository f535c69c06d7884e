using System.Diagnostics;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Benchmarks.Machine;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>Runs the contenders of a case one after another, in turns, and keeps the fastest round of each.</summary>
/// <param name="rounds">After one that is left out, 1 or more.</param>
/// <param name="limit">A contender that takes longer in a round is stopped, or gets no further round.</param>
internal sealed class TableBench(int rounds, TimeSpan limit)
{
    /// <summary>A round that takes longer than this has no rehearsal: compiling no longer shows.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    public IReadOnlyList<TableRow> Measure(TableCase about, CancellationToken cancellationToken)
    {
        var data = about.Data();
        var found = TableContender.For(about, data, about.Prior?.Invoke() is { } prior ? Over(data.Attributes, prior) : null).ToDictionary(contender => contender, _ => new Best());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (contender, best) in found.Where(pair => !pair.Value.IsDone))
            {
                Run(contender, best, isRehearsal: round == 0, cancellationToken);
            }
        }

        var reference = found.FirstOrDefault(pair => pair.Key.IsReference).Value?.Measures?.Ncp ?? double.NaN;
        return [.. found.Select(pair => new TableRow(about, pair.Key.Name, pair.Key.IsOurs, pair.Value.Measures, pair.Value.Problem, pair.Value.Seconds, pair.Value.CpuSeconds, pair.Value.PeakMiB, reference))];
    }

    /// <summary>The same table over the hierarchies of another: each draw makes its own, and a grid asks for the very ones that it was learnt over.</summary>
    internal static Microdata Over(IReadOnlyList<LeafHierarchy> attributes, Microdata prior) => new(attributes, prior.Leaves, prior.Persons, prior.Sensitive);

    private void Run(TableContender contender, Best best, bool isRehearsal, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(limit);
        ProcessMemory.StartPeak();
        var (begin, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        try
        {
            var outcome = contender.Run(stop.Token);
            var (seconds, cpuSeconds, peak) = (Stopwatch.GetElapsedTime(begin), Environment.CpuUsage.TotalTime - cpu, ProcessMemory.PeakBytes());
            if (isRehearsal)
            {
                best.Measures = outcome.Measure();
                best.Problem = outcome.FirstFault() is { } fault ? $"**{fault}**" : null;
            }

            best.IsDone = seconds > Long;
            if ((!isRehearsal || best.IsDone) && seconds.TotalSeconds < best.SecondsOrMore)
            {
                (best.Seconds, best.CpuSeconds, best.PeakMiB) = (seconds.TotalSeconds, cpuSeconds.TotalSeconds, peak / (1024.0 * 1024));
            }
        }
        catch (NotReachableException exception)
        {
            (best.Problem, best.IsDone) = (FormattableString.Invariant($"not within the suppression limit: {exception.Suppressed:P1}"), true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            (best.Problem, best.IsDone) = (FormattableString.Invariant($"stopped after {limit.TotalSeconds:0} s"), true);
        }
    }

    private sealed class Best
    {
        public TableMeasures? Measures { get; set; }

        public string? Problem { get; set; }

        public bool IsDone { get; set; }

        public double Seconds { get; set; } = double.NaN;

        public double CpuSeconds { get; set; } = double.NaN;

        public double PeakMiB { get; set; } = double.NaN;

        public double SecondsOrMore => double.IsNaN(Seconds) ? double.PositiveInfinity : Seconds;
    }
}
