using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker;

/// <summary>Time from a fault, or from a command's first attempt while it lasted, to the success of the command under its kept id, ms.</summary>
/// <param name="AfterHealing">From the moment the cause was gone; 0 when it went on working before.</param>
public sealed record Recovery(string Fault, IReadOnlyList<double> FromFault, IReadOnlyList<double> AfterHealing);

/// <summary>What became of the crashes at one point.</summary>
public sealed record PointCount(string Point, int Reached, int NotReached);

/// <summary>All that the checker says of one history.</summary>
/// <param name="Ended">False: it was aborted, and what is read at its end is missing.</param>
/// <param name="Counts">False: the run acknowledged too little to prove anything, reached none of the points it was to crash at, or did not end.</param>
/// <param name="Points">How often each point at which a server was to crash was reached, and how often it was not.</param>
public sealed record CheckedRun(
    int Seed,
    string Defect,
    bool Ended,
    int Acknowledged,
    int Unknown,
    int Refused,
    double PerSecond,
    bool Counts,
    IReadOnlyList<Verdict> Verdicts,
    IReadOnlyList<Recovery> Recoveries,
    IReadOnlyList<PointCount> Points)
{
    public bool IsBroken => Verdicts.Any(v => v.Standing is Standing.Broken);

    /// <summary>Everything that can be judged was judged and is good.</summary>
    public bool IsGood => Counts && Verdicts.All(v => v.Standing is Standing.Passed or Standing.NotBuilt or Standing.NotDriven);
}

/// <summary>
/// Judges a history. Reads nothing but the file; shares nothing with the driver or the product but the form of its lines. Each verdict is
/// linear in the history (I4 looks up times by halving).
/// </summary>
public static class RunChecker
{
    public static CheckedRun Check(IEnumerable<HistoryEvent> events)
    {
        var facts = RunFacts.Of(events);
        var acknowledged = facts.Operations.Values.Count(o => o.Acknowledged is not null);
        var perSecond = facts.Ended is { LoadMs: > 0 } ended ? acknowledged / (ended.LoadMs / 1000) : 0;
        return new(
            facts.Began?.Seed ?? 0,
            facts.Began?.Defect ?? "",
            facts.Ended is not null,
            acknowledged,
            facts.Operations.Values.Count(o => o.Acknowledged is null && o.HasUnknown),
            facts.Operations.Values.Count(o => o.Acknowledged is null && !o.HasUnknown),
            perSecond,
            facts.Began is not null && facts.Ended is not null && perSecond >= facts.Began.FloorPerSecond && (facts.Points.Count == 0 || facts.Points.Any(p => p.Reached)),
            [
                CommandVerdicts.AcknowledgedOnce(facts),
                CommandVerdicts.RefusedNever(facts),
                CommandVerdicts.VersionsWithoutGap(facts),
                ReadVerdict.Check(facts),
                CommandVerdicts.OneAnswer(facts),
                FeedVerdict.Check(facts),
                AroundVerdicts.FollowUps(facts),
                Verdict.NotDriven("I8", "each released person hides among k for every coalition: not driven by this rig, releases are not in its load"),
                Verdict.NotDriven("I9", "no row of a person leaves after the withdrawal: not driven by this rig, releases are not in its load"),
                AroundVerdicts.NoIdentifier(facts),
                AroundVerdicts.AuditIsWhole(facts),
                AroundVerdicts.Recovers(facts),
                CommandVerdicts.DecidedOnPredecessor(facts),
                AroundVerdicts.NothingLeft(facts),
                PlanVerdict.Check(facts),
            ],
            Recoveries(facts),
            [.. facts.Points.GroupBy(p => p.Point).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new PointCount(g.Key, g.Count(p => p.Reached), g.Count(p => !p.Reached)))]);
    }

    private static IReadOnlyList<Recovery> Recoveries(RunFacts facts) =>
    [
        .. facts.Operations.Values
            .Where(o => o.Invoked.Fault is { } number && facts.Faults.ContainsKey(number))
            .GroupBy(o => facts.Faults[o.Invoked.Fault!.Value].Fault)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new Recovery(
                g.Key,
                [.. g.Select(o => o.AcknowledgedMs - Math.Max(o.Invoked.AtMs, facts.Faults[o.Invoked.Fault!.Value].AtMs)).Order()],
                [.. g.Select(o => Math.Max(0, o.AcknowledgedMs - facts.HealedMs.GetValueOrDefault(o.Invoked.Fault!.Value, double.NaN))).Order()])),
    ];
}
