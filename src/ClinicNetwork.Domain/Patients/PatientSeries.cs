using System.Collections.Immutable;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A patient's course as outcome definitions read it.</summary>
public static class PatientSeries
{
    /// <summary>A baseline is at most this old at the first dose, clinical days ([K], our rule).</summary>
    public const int BaselineDaysMax = 30;

    /// <summary>Null before the first dose: such a patient is not of the treated.</summary>
    public static CourseSeries? Of(PatientState state)
    {
        if (InductionCourse.Of(state) is not { } course)
        {
            return null;
        }

        var totals = Totals(state).OrderBy(t => t.At).ToArray();
        return new(
            [.. state.Sessions.Where(s => s.DosedAt is not null).Select(s => s.DosedAt!.Value).Order().Select(state.DayOf)],
            state.Plan?.InductionSessions ?? MilestoneSchedule.InductionDosesMax,
            totals
                .Where(t => t.At < course.FirstDoseAt && state.DayOf(t.At) >= course.FirstDose.AddDays(-BaselineDaysMax))
                .GroupBy(t => t.Scale)
                .ToImmutableDictionary(g => g.Key, g => g.Last().Total),
            [.. totals.Where(t => t.At >= course.FirstDoseAt).Select(t => new DatedTotal(state.DayOf(t.At), t.Scale, t.Total))],
            state.EndedAt is { } ended ? state.DayOf(ended) : null,
            MissedVisits(state).GroupBy(m => m.Milestone).ToImmutableDictionary(g => g.Key, g => g.Last().Reason))
        {
            DiedOn = state.Death is { } death ? state.DayOf(death.OccurredAt) : null,
            Lost =
            [
                .. state.Losses.Select(l => (
                    state.DayOf(l.OccurredAt),
                    state.Contacts.Where(c => c.Result == ContactResult.Reached && c.OccurredAt >= l.OccurredAt).Min(c => (DateTimeOffset?)c.OccurredAt) is { } reached
                        ? state.DayOf(reached)
                        : (DateOnly?)null)),
            ],
        };
    }

    /// <summary>Of the PHQ-9, as <see cref="Of"/> has it, without the rest. Of two answers of one instant the one recorded later counts.</summary>
    /// <param name="firstDose">Instant of the first dose.</param>
    public static int? BaselinePhq9(PatientState state, DateTimeOffset firstDose) =>
        state.Assessments.Where(a => a.OccurredAt < firstDose).OrderBy(a => a.OccurredAt).LastOrDefault() is { } last && state.DayOf(last.OccurredAt) >= state.DayOf(firstDose).AddDays(-BaselineDaysMax)
            ? last.Total
            : null;

    /// <summary>That a milestone's visit of the calendar was declined, and after it what was recorded for the milestone itself. Any other explanation says no more than what is derived.</summary>
    private static IEnumerable<MissedVisit> MissedVisits(PatientState state) =>
    [
        .. state.ExplanationsOfCourse().GroupBy(e => (e.Rule, e.Occurrence), (_, told) => told.Last())
            .Where(e => e is { Milestone: not null, Missing: MissingReason.Declined }).Select(e => new MissedVisit(e.Milestone!.Value, e.Missing)),
        .. state.MissedVisits,
    ];

    /// <summary>Every total that is recorded, of every scale; one that was answered without a total has none.</summary>
    private static IEnumerable<(DateTimeOffset At, ScaleKind Scale, int Total)> Totals(PatientState state) =>
    [
        .. state.Assessments.Select(a => (a.OccurredAt, ScaleKind.Phq9, a.Total)),
        .. state.AnsweredScales.Where(a => a.Total is not null).Select(a => (a.OccurredAt, a.Scale, a.Total!.Value)),
    ];
}
