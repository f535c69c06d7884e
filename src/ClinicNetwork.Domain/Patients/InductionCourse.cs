using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The doses that count as the induction: in order, up to the number planned, within 28 days of the first.</summary>
/// <param name="FirstDose">Clinical day of the first dose.</param>
/// <param name="LastDose">Clinical day of the last induction dose so far.</param>
/// <param name="FirstDoseAt">Instant of the first dose; what comes before it can be a baseline.</param>
public sealed record InductionCourse(DateOnly FirstDose, DateOnly LastDose, int Doses, DateTimeOffset FirstDoseAt)
{
    /// <summary>4 to 8 doses in 7 to 28 days (McInnes 2022).</summary>
    public bool IsComplete =>
        Doses is >= MilestoneSchedule.InductionDosesMin and <= MilestoneSchedule.InductionDosesMax
        && LastDose.DayNumber - FirstDose.DayNumber is >= MilestoneSchedule.InductionDaysMin and <= MilestoneSchedule.InductionDaysMax;

    /// <summary>Null before the first dose.</summary>
    public static InductionCourse? Of(PatientState state)
    {
        var instants = state.Sessions.Where(s => s.DosedAt is not null).Select(s => s.DosedAt!.Value).Order().ToArray();
        if (instants.Length == 0)
        {
            return null;
        }

        var first = state.DayOf(instants[0]);
        var planned = state.Plan?.InductionSessions ?? MilestoneSchedule.InductionDosesMax;
        var days = instants
            .Select(state.DayOf)
            .TakeWhile(d => d <= first.AddDays(MilestoneSchedule.InductionDaysMax))
            .Take(planned)
            .ToArray();
        return new(first, days[^1], days.Length, instants[0]);
    }
}
