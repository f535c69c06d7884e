namespace ClinicNetwork.Domain.Outcomes;

/// <summary>Clinical days between which a milestone may be measured, both included.</summary>
[GenerateSerializer, Immutable, Alias("milestone-window")]
public readonly record struct MilestoneWindow([property: Id(0)] DateOnly FirstDay, [property: Id(1)] DateOnly LastDay)
{
    public bool Holds(DateOnly day) => day >= FirstDay && day <= LastDay;
}

/// <summary>
/// When milestones are measured and when they close. Measured relative to the last induction dose, because that is what the published
/// window says; closed at a day counted from the first dose alone, so that the day on which a record becomes ready says nothing about
/// how the treatment went.
/// </summary>
public static class MilestoneSchedule
{
    /// <summary>End of induction is read on days 14 to 31 after the last induction dose (McInnes 2022, 10.1016/j.jad.2021.12.097).</summary>
    public const int EndFirstDay = 14;

    /// <inheritdoc cref="EndFirstDay"/>
    public const int EndLastDay = 31;

    /// <summary>Induction takes 7 to 28 days from first to last dose (McInnes 2022).</summary>
    public const int InductionDaysMin = 7;

    /// <inheritdoc cref="InductionDaysMin"/>
    public const int InductionDaysMax = 28;

    /// <summary>Induction has 4 to 8 doses (McInnes 2022).</summary>
    public const int InductionDosesMin = 4;

    /// <inheritdoc cref="InductionDosesMin"/>
    public const int InductionDosesMax = 8;

    /// <summary>Centre of days 14 to 31: where later weeks count from.</summary>
    public const int EndCentreDay = 22;

    /// <summary>In order of time.</summary>
    public static readonly IReadOnlyList<Milestone> All =
    [
        Milestone.EndOfInduction, Milestone.Week4, Milestone.Week8, Milestone.Week12, Milestone.Week26, Milestone.Week52,
        Milestone.Year2, Milestone.Year3, Milestone.Year4, Milestone.Year5,
    ];

    /// <summary>The days on which the milestone may be measured.</summary>
    public static MilestoneWindow WindowOf(Milestone milestone, DateOnly lastInductionDose)
    {
        if (milestone == Milestone.EndOfInduction)
        {
            return new(lastInductionDose.AddDays(EndFirstDay), lastInductionDose.AddDays(EndLastDay));
        }

        var centre = lastInductionDose.AddDays(EndCentreDay + 7 * WeeksOf(milestone));
        return new(centre.AddDays(-ToleranceDaysOf(milestone)), centre.AddDays(ToleranceDaysOf(milestone)));
    }

    /// <summary>The first day after every possible window: the milestone closes at its start.</summary>
    public static DateOnly ClosesOn(Milestone milestone, DateOnly firstDose) =>
        WindowOf(milestone, firstDose.AddDays(InductionDaysMax)).LastDay.AddDays(1);

    private static int WeeksOf(Milestone milestone) => milestone switch
    {
        Milestone.EndOfInduction => 0,
        Milestone.Week4 => 4,
        Milestone.Week8 => 8,
        Milestone.Week12 => 12,
        Milestone.Week26 => 26,
        Milestone.Week52 => 52,
        Milestone.Year2 => 104,
        Milestone.Year3 => 156,
        Milestone.Year4 => 208,
        Milestone.Year5 => 260,
        _ => throw new ArgumentOutOfRangeException(nameof(milestone)),
    };

    /// <summary>Half-width of a later window, days: 7 up to week 12, 14 up to week 52, then 28 ([K], our rule).</summary>
    private static int ToleranceDaysOf(Milestone milestone) => milestone switch
    {
        Milestone.Week26 or Milestone.Week52 => 14,
        >= Milestone.Year2 => 28,
        _ => 7,
    };
}
