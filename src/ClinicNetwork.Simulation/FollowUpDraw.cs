namespace ClinicNetwork.Simulation;

/// <summary>The milestones after a completed induction: answered, or missed with a reason.</summary>
internal static class FollowUpDraw
{
    /// <summary>Not attended, unreachable, declined: 60, 30, 10 %. Assumption.</summary>
    private static readonly int[] ReasonWeights = [60, 30, 10];

    internal static void Add(
        List<VirtualEvent> events, CohortSpec spec, CourseTruth truth, DateOnly lastDose, SeededGenerator calendar, SeededGenerator answers,
        SeededGenerator missing)
    {
        foreach (var milestone in spec.Milestones)
        {
            var day = MilestoneVisit.Draw(milestone, lastDose, calendar);
            var minutes = calendar.Between(9 * 60, 16 * 60 - 1);
            var total = milestone == VirtualMilestone.EndOfInduction ? truth.EndpointPhq9 : ScoreDraw.FollowUp(truth, milestone, answers);
            var answered = InductionDraw.Answered(day, minutes, Purpose(milestone), total, answers);
            var missed = missing.Chance(spec.Course.Visits.Missed(milestone, truth.Responder));
            var reason = MissedReason.NotAttended + missing.Weighted(ReasonWeights);
            events.Add(missed ? new VisitMissed(day, OpenDays.Time(minutes), milestone, reason) : answered);
        }
    }

    private static Phq9Purpose Purpose(VirtualMilestone milestone) => milestone switch
    {
        VirtualMilestone.EndOfInduction => Phq9Purpose.EndOfInduction,
        VirtualMilestone.Week4 => Phq9Purpose.Week4,
        VirtualMilestone.Week8 => Phq9Purpose.Week8,
        VirtualMilestone.Week12 => Phq9Purpose.Week12,
        _ => throw new ArgumentOutOfRangeException(nameof(milestone)),
    };
}
