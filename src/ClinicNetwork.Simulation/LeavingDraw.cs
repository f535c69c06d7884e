namespace ClinicNetwork.Simulation;

/// <summary>Who gives up during induction, when and why. Independent of the outcome; reasons evenly spread (assumption).</summary>
internal static class LeavingDraw
{
    private const int DaysAfterLastSessionMax = 5;

    private static readonly LeavingReason[] Reasons = Enum.GetValues<LeavingReason>();

    /// <summary>All planned sessions, or 1 to 3 for those who leave.</summary>
    internal static int SessionsGiven(VisitRates visits, VirtualTreatment treatment, SeededGenerator missing)
    {
        var (leaves, sessions) = (missing.Chance(visits.LeftInduction), missing.Between(1, 3));
        return leaves ? sessions : treatment.Sessions;
    }

    internal static void Add(List<VirtualEvent> events, DateOnly lastSession, SeededGenerator missing)
    {
        var day = OpenDays.AtOrAfter(lastSession.AddDays(missing.Between(1, DaysAfterLastSessionMax)));
        events.Add(new TreatmentLeft(day, OpenDays.Time(missing.Between(9 * 60, 16 * 60 - 1)), missing.Pick(Reasons)));
    }
}
