namespace ClinicNetwork.Simulation;

/// <summary>
/// Who is not seen. All rates are shares 0-1 and assumptions: McInnes 2022 could evaluate 537 of 9,016 treated (6 %), which says nothing
/// about a clinic that follows its patients up on purpose.
/// </summary>
public sealed record VisitRates
{
    /// <summary>Leave before the fourth session. Assumption.</summary>
    public double LeftInduction { get; init; } = 0.08;

    /// <summary>Miss the questionnaire at the end of induction, of those who had four sessions. Assumption.</summary>
    public double MissedEndOfInduction { get; init; } = 0.15;

    /// <summary>Assumption.</summary>
    public double MissedWeek4 { get; init; } = 0.20;

    /// <summary>Assumption.</summary>
    public double MissedWeek8 { get; init; } = 0.25;

    /// <summary>Assumption.</summary>
    public double MissedWeek12 { get; init; } = 0.30;

    /// <summary>A session (from the second) without its questionnaire. Assumption.</summary>
    public double MissedBeforeSession { get; init; } = 0.05;

    /// <summary>
    /// How many times as often a non-responder misses a milestone (0-20; the product is cut at 0.95). 1, the default: missing is
    /// independent of the outcome, so that rates of the measured compare with the published ones. 2: the released rates flatter.
    /// </summary>
    public double NonResponderMissRatio { get; init; } = 1;

    internal double Missed(VirtualMilestone milestone, bool responder)
    {
        var rate = milestone switch
        {
            VirtualMilestone.EndOfInduction => MissedEndOfInduction,
            VirtualMilestone.Week4 => MissedWeek4,
            VirtualMilestone.Week8 => MissedWeek8,
            VirtualMilestone.Week12 => MissedWeek12,
            _ => throw new ArgumentOutOfRangeException(nameof(milestone)),
        };
        return responder || NonResponderMissRatio == 1 ? rate : Math.Min(0.95, rate * NonResponderMissRatio);
    }

    internal IEnumerable<SpecProblem> Problems()
    {
        foreach (var problem in SpecProblem.OfShares(
            ("course.visits.left_induction", LeftInduction), ("course.visits.missed_end_of_induction", MissedEndOfInduction),
            ("course.visits.missed_week_4", MissedWeek4), ("course.visits.missed_week_8", MissedWeek8),
            ("course.visits.missed_week_12", MissedWeek12), ("course.visits.missed_before_session", MissedBeforeSession)))
            yield return problem;
        if (!(NonResponderMissRatio is >= 0 and <= 20))
            yield return new SpecProblem("course.visits.non_responder_miss_ratio", "a ratio from 0 to 20");
    }
}
