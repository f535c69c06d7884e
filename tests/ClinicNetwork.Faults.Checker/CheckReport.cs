using System.Globalization;
using System.Text;

namespace ClinicNetwork.Faults.Checker;

/// <summary>The table for people: one row a seed and a total, one row a fault's recovery, and everything that is broken.</summary>
public static class CheckReport
{
    private const int ShownMax = 10;

    public static string Of(IReadOnlyList<CheckedRun> runs)
    {
        var text = new StringBuilder();
        text.AppendLine("seed        acknowledged  unknown  refused  per s  " + string.Join(' ', runs[0].Verdicts.Select(v => v.Name.PadRight(4))));
        foreach (var run in runs)
        {
            text.AppendLine(Row(run.Seed.ToString(CultureInfo.InvariantCulture), run.Acknowledged, run.Unknown, run.Refused, run.PerSecond, run.Verdicts.Select(Mark))
                + (run.Counts ? "" : "  DOES NOT COUNT: fewer acknowledged than the floor, no crash at its point, or not ended"));
        }

        if (runs.Count > 1)
        {
            text.AppendLine(Row("total", runs.Sum(r => r.Acknowledged), runs.Sum(r => r.Unknown), runs.Sum(r => r.Refused), runs.Average(r => r.PerSecond), Total(runs)));
        }

        text.AppendLine();
        foreach (var verdict in runs[0].Verdicts)
        {
            var all = runs.Select(r => r.Verdicts.Single(v => v.Name == verdict.Name)).ToList();
            text.AppendLine(CultureInfo.InvariantCulture, $"{verdict.Name,-4} {Word(Worst(all.Select(v => v.Standing))),-10} {all.Sum(v => v.Looked),10} looked at  {verdict.Says}");
        }

        AppendRecoveries(text, runs);
        AppendPoints(text, runs);
        foreach (var run in runs)
        {
            foreach (var verdict in run.Verdicts.Where(v => v.Standing == Standing.Broken))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"\nseed {run.Seed}: {verdict.Name} is BROKEN, {verdict.Broken.Count} times:");
                foreach (var broken in verdict.Broken.Take(ShownMax))
                {
                    text.Append("  ").AppendLine(broken);
                }
            }
        }

        return text.ToString();
    }

    private static void AppendRecoveries(StringBuilder text, IReadOnlyList<CheckedRun> runs)
    {
        var faults = runs.SelectMany(r => r.Recoveries).GroupBy(r => r.Fault).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        if (faults.Count == 0)
        {
            return;
        }

        text.AppendLine("\nrecovery of a command that keeps its id, s           probes    p50    p99    max   after healing p99");
        foreach (var fault in faults)
        {
            var times = fault.SelectMany(r => r.FromFault).Order().ToList();
            var healed = fault.SelectMany(r => r.AfterHealing).Where(t => !double.IsNaN(t)).Order().ToList();
            text.AppendLine(CultureInfo.InvariantCulture, $"  {fault.Key,-50} {times.Count,6} {At(times, 0.5),6:0.0} {At(times, 0.99),6:0.0} {At(times, 1),6:0.0} {(healed.Count > 0 ? At(healed, 0.99).ToString("0.0", CultureInfo.InvariantCulture) : "-"),10}");
        }
    }

    private static void AppendPoints(StringBuilder text, IReadOnlyList<CheckedRun> runs)
    {
        var points = runs.SelectMany(r => r.Points).GroupBy(p => p.Point).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        if (points.Count > 0)
        {
            text.AppendLine("\npoints at which a server was to crash              reached   not reached (killed where it stood)");
            points.ForEach(p => text.AppendLine(CultureInfo.InvariantCulture, $"  {"F4 crash " + p.Key,-50} {p.Sum(c => c.Reached),6} {(p.Sum(c => c.NotReached) is var missed and > 0 ? $"{missed} NOT REACHED" : "0"),13}"));
        }
    }

    private static double At(List<double> sortedMs, double share) => sortedMs.Count == 0 ? 0 : sortedMs[(int)Math.Ceiling(share * sortedMs.Count) - 1] / 1000;

    private static string Row(string name, int acknowledged, int unknown, int refused, double perSecond, IEnumerable<string> marks) => string.Create(
        CultureInfo.InvariantCulture, $"{name,-10} {acknowledged,13} {unknown,8} {refused,8} {perSecond,6:0}  {string.Join(' ', marks.Select(m => m.PadRight(4)))}");

    private static IEnumerable<string> Total(IReadOnlyList<CheckedRun> runs) =>
        runs[0].Verdicts.Select((_, i) => Mark(Worst(runs.Select(r => r.Verdicts[i].Standing))));

    private static Standing Worst(IEnumerable<Standing> standings)
    {
        var all = standings.ToHashSet();
        return all.Contains(Standing.Broken) ? Standing.Broken : all.Contains(Standing.Unproven) ? Standing.Unproven : all.First();
    }

    private static string Mark(Verdict verdict) => Mark(verdict.Standing);

    private static string Mark(Standing standing) => standing switch
    {
        Standing.Passed => "ok",
        Standing.Broken => "BAD",
        Standing.Unproven => "?",
        Standing.NotBuilt or Standing.NotDriven => "-",
        _ => throw new ArgumentOutOfRangeException(nameof(standing)),
    };

    private static string Word(Standing standing) => standing switch
    {
        Standing.Passed => "passed",
        Standing.Broken => "BROKEN",
        Standing.Unproven => "unproven",
        Standing.NotBuilt => "not built",
        Standing.NotDriven => "not driven",
        _ => throw new ArgumentOutOfRangeException(nameof(standing)),
    };
}
