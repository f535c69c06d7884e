namespace ClinicNetwork.Simulation;

/// <summary>
/// The days of an induction: three a week (days 0, 2, 4 of each week) or two (0, 3), one in twelve a day late, never on Sunday, at least
/// two days apart. Four to eight treatments in 7 to 28 days, which is what McInnes 2022 counts as an induction.
/// </summary>
internal static class InductionSchedule
{
    /// <summary>From first to last session: esketamine's day 24, a day late, then past a Sunday.</summary>
    internal const int SpanDaysMax = 26;

    private const int DaysApartMin = 2;

    internal static DateOnly[] Draw(DateOnly first, VirtualTreatment treatment, SeededGenerator random)
    {
        var days = new DateOnly[treatment.Sessions];
        days[0] = first;
        for (var session = 1; session < days.Length; session++)
        {
            var week = session / treatment.SessionsPerWeek;
            var inWeek = session % treatment.SessionsPerWeek;
            var planned = first.AddDays(7 * week + inWeek * (treatment.SessionsPerWeek == 3 ? 2 : 3) + (random.Below(12) == 0 ? 1 : 0));
            var earliest = days[session - 1].AddDays(DaysApartMin);
            days[session] = OpenDays.AtOrAfter(planned > earliest ? planned : earliest);
        }
        return days;
    }
}
