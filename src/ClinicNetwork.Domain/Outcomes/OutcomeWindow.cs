namespace ClinicNetwork.Domain.Outcomes;

/// <summary>Where the days of a window count from.</summary>
public enum WindowFrom
{
    FirstDose,

    /// <summary>The last dose of a complete induction; without one nothing is measured.</summary>
    LastInductionDose,

    /// <summary>The day on which <see cref="OutcomeDefinition.After"/> was met.</summary>
    Entry,
}

/// <summary>Which totals in the window must meet the rule.</summary>
public enum WindowTotals
{
    /// <summary>The first.</summary>
    First,

    /// <summary>Any one.</summary>
    Any,

    /// <summary>Two that follow each other, <see cref="OutcomeWindow.ApartDaysMin"/> to <see cref="OutcomeWindow.ApartDaysMax"/> days apart.</summary>
    TwoInARow,

    /// <summary>The first of each week, in <see cref="OutcomeWindow.WeeksMin"/> weeks or more.</summary>
    Weekly,
}

/// <summary>The clinical days whose totals a definition judges, both included, and which of them count.</summary>
/// <param name="Milestone">The milestone whose window this is; a visit missed there tells why nothing was measured.</param>
public sealed record OutcomeWindow(WindowFrom From, int FirstDay, int LastDay, WindowTotals Totals = WindowTotals.First, Milestone? Milestone = null)
{
    public int ApartDaysMin { get; init; }

    public int ApartDaysMax { get; init; }

    public int WeeksMin { get; init; }

    public static OutcomeWindow Of(Milestone milestone)
    {
        var window = MilestoneSchedule.WindowOf(milestone, DateOnly.MinValue);
        return new(WindowFrom.LastInductionDose, window.FirstDay.DayNumber, window.LastDay.DayNumber, WindowTotals.First, milestone);
    }

    public MilestoneWindow DaysFrom(DateOnly day) => new(day.AddDays(FirstDay), day.AddDays(LastDay));
}
