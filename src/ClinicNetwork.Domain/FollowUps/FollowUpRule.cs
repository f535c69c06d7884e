using System.Collections.Immutable;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.FollowUps;

/// <summary>What the windows of a rule count from.</summary>
public enum FollowUpAnchor
{
    /// <summary>The first dose; the window ends at it.</summary>
    BeforeFirstDose,

    /// <summary>Each later dose; the window ends at it and begins no earlier than the dose before. The next dose is expected by the phase's spacing.</summary>
    BeforeLaterDoses,

    /// <summary>The first dose; windows begin after it.</summary>
    FirstDose,

    /// <summary>The last induction dose, once none can follow.</summary>
    LastInductionDose,

    /// <summary>The last dose, once treatment has ended.</summary>
    LastDose,

    /// <summary>The last PHQ-9 of a clinical day whose item 9 asks for a risk screen; the window begins with it.</summary>
    RiskAnswer,
}

/// <summary>Clinical days from the anchor's, both included; or hours from its instant, from the first up to the last.</summary>
/// <param name="Milestone">The milestone whose window this is; a missed visit recorded for it tells the reason.</param>
public sealed record FollowUpWindow(int First, int Last, Milestone? Milestone = null)
{
    public bool InHours { get; init; }

    /// <summary>A milestone's own days.</summary>
    public static FollowUpWindow Of(Milestone milestone)
    {
        var days = MilestoneSchedule.WindowOf(milestone, DateOnly.MinValue);
        return new(days.FirstDay.DayNumber, days.LastDay.DayNumber, milestone);
    }

    /// <summary>Around a week after the end of induction, which is counted from the centre of its window as milestones are.</summary>
    public static FollowUpWindow Week(int week, int toleranceDays)
    {
        var centre = MilestoneSchedule.EndCentreDay + (7 * week);
        return new(centre - toleranceDays, centre + toleranceDays);
    }
}

/// <summary>A rule of the follow-up calendar: versioned data. A change of scale, anchor or window is a new version.</summary>
/// <param name="Scale">The scale to answer; null where a safety check is to be done.</param>
/// <param name="Windows">In order of time, without overlap; one occurrence each. One alone where the anchor itself comes again.</param>
/// <param name="ChaseDays">Clinical days for which it is overdue after its window; then it is missed. It is missed before that when the next one opens.</param>
/// <param name="Source">Where it comes from; [K] marks what was not checked against the source.</param>
public sealed record FollowUpRule(
    string Id,
    int Version,
    string Title,
    ScaleKind? Scale,
    FollowUpAnchor Anchor,
    ImmutableArray<FollowUpWindow> Windows,
    int ChaseDays,
    string Source)
{
    /// <summary>The last window comes again every so many days, as long as treatment goes on; 0: it does not.</summary>
    public int RepeatDays { get; init; }

    /// <summary>What opens more days after the day on which the calendar is looked at is not shown yet; 0: all is.</summary>
    public int ShownDaysAhead { get; init; }

    /// <summary>The safety check to be done; null where a scale is to be answered.</summary>
    public SafetyCheckKind? Check { get; init; }

    /// <summary>What would open after the end of treatment is not asked for.</summary>
    public bool WhileTreated { get; init; }

    /// <summary>It is asked for only where the consultation says that pregnancy is possible.</summary>
    public bool IfPregnancyPossible { get; init; }

    /// <summary>An answer completes it also while it is overdue.</summary>
    public bool LateCounts { get; init; }

    /// <summary><c>id/version</c>.</summary>
    public string Key => $"{Id}/{Version}";
}
