using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>How far a goal with a measure has come; on all its scales less is better. Derived, never stored.</summary>
/// <param name="Measure">Null when the goal has none; then there are no totals.</param>
/// <param name="Target">Reached at or below this total.</param>
/// <param name="Baseline">As outcomes read it; null when there is none.</param>
/// <param name="Latest">The latest total of the course, else the baseline.</param>
/// <param name="ReachedOn">The first clinical day of the course with a total at or below the target.</param>
/// <param name="DaysLeft">Clinical days to the goal's date, negative after it; null without one.</param>
public sealed record GoalProgress(ScaleKind? Measure, int? Target, int? Baseline, int? Latest, DateOnly? ReachedOn, int? DaysLeft)
{
    /// <summary>The date is over, and the target was not reached.</summary>
    public bool IsOverdue => DaysLeft < 0 && Target is not null && ReachedOn is null;

    public static GoalProgress Of(PatientState state, Goal goal, DateTimeOffset now)
    {
        var daysLeft = goal.TargetDate?.DayNumber - state.DayOf(now).DayNumber;
        var (measure, target) = goal.TargetPhq9 is { } phq9 ? (ScaleKind.Phq9, phq9) : (goal.Measure, goal.TargetTotal);
        if (measure is not { } scale || PatientSeries.Of(state) is not { } series)
        {
            return new(measure, target, null, null, null, daysLeft);
        }

        int? baseline = series.Baselines.TryGetValue(scale, out var before) ? before : null;
        var totals = series.Totals.Where(t => t.Scale == scale).ToArray();
        var reached = totals.Where(t => t.Total <= target).Select(t => (DateOnly?)t.Day).FirstOrDefault();
        return new(scale, target, baseline, totals.Length > 0 ? totals[^1].Total : baseline, reached, daysLeft);
    }

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(GoalProgress);
}
