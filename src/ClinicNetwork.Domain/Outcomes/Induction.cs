namespace ClinicNetwork.Domain.Outcomes;

/// <summary>The doses that count as the induction: in order, up to the number planned, within 28 days of the first.</summary>
/// <param name="FirstDose">Clinical day of the first dose.</param>
/// <param name="LastDose">Clinical day of the last induction dose so far.</param>
public record Induction(DateOnly FirstDose, DateOnly LastDose, int Doses)
{
    /// <summary>4 to 8 doses in 7 to 28 days (McInnes 2022).</summary>
    public bool IsComplete =>
        Doses is >= MilestoneSchedule.InductionDosesMin and <= MilestoneSchedule.InductionDosesMax
        && LastDose.DayNumber - FirstDose.DayNumber is >= MilestoneSchedule.InductionDaysMin and <= MilestoneSchedule.InductionDaysMax;

    /// <param name="doseDays">At least one, in order.</param>
    /// <param name="planned">1 or more; doses beyond it are maintenance.</param>
    public static Induction Of(IReadOnlyList<DateOnly> doseDays, int planned)
    {
        var days = doseDays.TakeWhile(d => d <= doseDays[0].AddDays(MilestoneSchedule.InductionDaysMax)).Take(planned).ToArray();
        return new(days[0], days[^1], days.Length);
    }
}
