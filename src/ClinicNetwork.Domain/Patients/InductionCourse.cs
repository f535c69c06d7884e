using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A patient's induction.</summary>
/// <param name="FirstDoseAt">Instant of the first dose; what comes before it can be a baseline.</param>
public sealed record InductionCourse(DateOnly FirstDose, DateOnly LastDose, int Doses, DateTimeOffset FirstDoseAt) : Induction(FirstDose, LastDose, Doses)
{
    /// <summary>Null before the first dose.</summary>
    public static InductionCourse? Of(PatientState state)
    {
        var instants = state.Sessions.Where(s => s.DosedAt is not null).Select(s => s.DosedAt!.Value).Order().ToArray();
        if (instants.Length == 0)
        {
            return null;
        }

        var induction = Of([.. instants.Select(state.DayOf)], state.Plan?.InductionSessions ?? MilestoneSchedule.InductionDosesMax);
        return new(induction.FirstDose, induction.LastDose, induction.Doses, instants[0]);
    }
}
