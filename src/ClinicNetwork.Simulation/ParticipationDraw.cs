namespace ClinicNetwork.Simulation;

/// <summary>Research consent, and a second clinic for a few. Consent is asked at enrolment; these later events come after 16:00.</summary>
internal static class ParticipationDraw
{
    internal static void Add(
        List<VirtualEvent> events, CohortSpec spec, int clinic, IReadOnlyList<DateOnly> sessionDays, bool leaves, SeededGenerator random)
    {
        var rates = spec.Course.Participation;
        var consulted = events.OfType<Consulted>().Single();
        var end = sessionDays[^1].AddDays(spec.Milestones.Max(milestone => MilestoneVisit.LatestDay(milestone)));

        var (consents, withdraws) = (random.Chance(rates.ResearchConsent), random.Chance(rates.ConsentWithdrawn));
        var (asked, withdrawn) = (random.Between(1, 20), Later(sessionDays[0], end, 16 * 60 + 5));
        if (consents)
            events.Add(new ResearchConsentGiven(consulted.Day, consulted.Time.AddMinutes(asked)));
        if (consents && withdraws)
            events.Add(new ResearchConsentWithdrawn(withdrawn.Day, withdrawn.Time));

        var second = random.Fraction();
        if (spec.Clinics == 1 || leaves)
            return;
        var other = (clinic + 1 + random.Below(spec.Clinics - 1)) % spec.Clinics;
        if (second < rates.PlanShared)
        {
            var (day, time) = Later(sessionDays[0], end, 16 * 60 + 30);
            events.Add(new PlanShared(day, time, other));
        }
        else if (second < rates.PlanShared + rates.Transferred)
        {
            var (day, time) = Later(sessionDays[^1], sessionDays[^1].AddDays(TransferDaysMax), 16 * 60 + 30);
            events.Add(new Transferred(day, time, other));
        }

        (DateOnly Day, TimeOnly Time) Later(DateOnly after, DateOnly last, int fromMinutes)
        {
            var days = OpenDays.Of(after.AddDays(1), last.DayNumber - after.DayNumber);
            return (random.Pick(days), OpenDays.Time(fromMinutes + random.Below(25)));
        }
    }

    /// <summary>A transfer comes at most so many days after the last session, before the end of induction is measured.</summary>
    private const int TransferDaysMax = 13;
}
