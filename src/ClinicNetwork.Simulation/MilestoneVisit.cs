namespace ClinicNetwork.Simulation;

/// <summary>When a milestone's visit takes place, in days after the last induction dose.</summary>
internal static class MilestoneVisit
{
    /// <summary>The end of induction is measured on day 14-31 (McInnes 2022); its middle is day 22 of the later windows.</summary>
    private const int EndOfInductionFrom = 14, EndOfInductionTo = 31, Origin = 22;

    /// <summary>Later windows are their centre ± 7 days; visits are planned within ± 3, a day more past a Sunday.</summary>
    private const int PlannedWithin = 3;

    internal static int Weeks(VirtualMilestone milestone) => milestone switch
    {
        VirtualMilestone.EndOfInduction => 0,
        VirtualMilestone.Week4 => 4,
        VirtualMilestone.Week8 => 8,
        VirtualMilestone.Week12 => 12,
        _ => throw new ArgumentOutOfRangeException(nameof(milestone)),
    };

    internal static int LatestDay(VirtualMilestone milestone) => milestone == VirtualMilestone.EndOfInduction
        ? EndOfInductionTo
        : Origin + 7 * Weeks(milestone) + PlannedWithin + 1;

    internal static DateOnly Draw(VirtualMilestone milestone, DateOnly lastDose, SeededGenerator random)
    {
        var days = milestone == VirtualMilestone.EndOfInduction
            ? random.Between(EndOfInductionFrom, EndOfInductionTo - 1)
            : Origin + 7 * Weeks(milestone) + random.Between(-PlannedWithin, PlannedWithin);
        return OpenDays.AtOrAfter(lastDose.AddDays(days));
    }
}
