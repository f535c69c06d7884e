using System.Collections.Immutable;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Reads a patient's outcome at a milestone by the published definitions.</summary>
public static class OutcomeEvaluation
{
    private static readonly ImmutableArray<string> DefinitionKeys = [.. OutcomeCatalogue.OfMilestones.Select(d => d.Key)];

    /// <summary>Total of the last PHQ-9 before the first dose, not older than <see cref="PatientSeries.BaselineDaysMax"/>; null when there is none.</summary>
    public static int? Baseline(PatientState state) =>
        InductionCourse.Of(state) is { } course ? PatientSeries.BaselinePhq9(state, course.FirstDoseAt) : null;

    /// <summary>Measured by the first PHQ-9 inside the window, else missing with the most telling reason. Null when no dose was ever given: such a patient is not of the treated.</summary>
    public static MilestoneOutcome? Evaluate(PatientState state, Milestone milestone)
    {
        if (PatientSeries.Of(state) is not { } series)
        {
            return null;
        }

        if (!series.Baselines.TryGetValue(ScaleKind.Phq9, out var baseline))
        {
            return Missing(milestone, null, MissingReason.BaselineMissing);
        }

        if (!series.Induction.IsComplete)
        {
            return Missing(milestone, baseline, OutcomeJudging.ReasonWithoutInduction(series));
        }

        var days = MilestoneSchedule.WindowOf(milestone, series.Induction.LastDose);
        return OutcomeJudging.FirstIn(series, ScaleKind.Phq9, days) is not { } measured
            ? Missing(milestone, baseline, OutcomeJudging.ReasonFor(series, milestone, days))
            : new MilestoneOutcome(
                milestone,
                null,
                baseline,
                measured.Total,
                OutcomeCatalogue.Response.IsMet(baseline, measured.Total),
                OutcomeCatalogue.Remission.IsMet(baseline, measured.Total),
                OutcomeCatalogue.AnyWorsening.IsMet(baseline, measured.Total),
                DefinitionKeys);
    }

    private static MilestoneOutcome Missing(Milestone milestone, int? baseline, MissingReason reason) =>
        new(milestone, reason, baseline, null, false, false, false, DefinitionKeys);
}
