using System.Collections.Immutable;
using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Reads a patient's outcome at a milestone by the published definitions.</summary>
public static class OutcomeEvaluation
{
    /// <summary>A baseline is at most this old at the first dose, clinical days ([K], our rule).</summary>
    public const int BaselineDaysMax = 30;

    private static readonly ImmutableArray<string> DefinitionKeys = [.. OutcomeDefinition.All.Select(d => d.Key)];

    /// <summary>Total of the last PHQ-9 before the first dose, not older than <see cref="BaselineDaysMax"/>; null when there is none.</summary>
    public static int? Baseline(PatientState state, InductionCourse course) => state.Assessments
        .Where(a => a.OccurredAt < course.FirstDoseAt && state.DayOf(a.OccurredAt) >= course.FirstDose.AddDays(-BaselineDaysMax))
        .MaxBy(a => a.OccurredAt)?.Total;

    /// <summary>Measured by the first PHQ-9 inside the window, else missing with the most telling reason. Null when no dose was ever given: such a patient is not of the treated.</summary>
    public static MilestoneOutcome? Evaluate(PatientState state, Milestone milestone)
    {
        if (InductionCourse.Of(state) is not { } course)
        {
            return null;
        }

        if (Baseline(state, course) is not { } baseline)
        {
            return Missing(milestone, null, MissingReason.BaselineMissing);
        }

        if (!course.IsComplete)
        {
            return Missing(milestone, baseline, state.EndedAt is null ? MissingReason.InductionIncomplete : MissingReason.LeftTreatment);
        }

        var window = MilestoneSchedule.WindowOf(milestone, course.LastDose);
        var measured = state.Assessments.Where(a => window.Holds(state.DayOf(a.OccurredAt))).MinBy(a => a.OccurredAt);
        return measured is null
            ? Missing(milestone, baseline, ReasonFor(state, milestone, window))
            : new MilestoneOutcome(
                milestone,
                null,
                baseline,
                measured.Total,
                OutcomeDefinition.Response.IsMet(baseline, measured.Total),
                OutcomeDefinition.Remission.IsMet(baseline, measured.Total),
                OutcomeDefinition.AnyWorsening.IsMet(baseline, measured.Total),
                DefinitionKeys);
    }

    private static MissingReason ReasonFor(PatientState state, Milestone milestone, MilestoneWindow window) =>
        state.MissedVisits.LastOrDefault(m => m.Milestone == milestone)?.Reason
        ?? (state.EndedAt is { } ended && state.DayOf(ended) <= window.LastDay ? MissingReason.LeftTreatment : MissingReason.NotAttended);

    private static MilestoneOutcome Missing(Milestone milestone, int? baseline, MissingReason reason) =>
        new(milestone, reason, baseline, null, false, false, false, DefinitionKeys);
}
