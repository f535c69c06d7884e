namespace ClinicNetwork.Simulation;

/// <summary>Baseline, sessions, the questionnaires before them, and side effects.</summary>
internal static class InductionDraw
{
    /// <summary>A session's earliest start is 09:45, the latest 13:30: with at most 150 minutes of observation it ends by 16:00.</summary>
    private const int EarliestStart = 9 * 60 + 45, LatestStart = 13 * 60 + 30;

    internal static void Add(
        List<VirtualEvent> events, CourseModel course, DrawnPerson person, IntakeCalendar intake, CourseTruth truth, IReadOnlyList<DateOnly> days,
        SeededGenerator random, SeededGenerator answers, SeededGenerator missing)
    {
        if (intake.Baseline != intake.FirstDose)
            events.Add(Answered(intake.Baseline, 15 * 60 + answers.Below(60), Phq9Purpose.Baseline, truth.BaselinePhq9, answers));
        for (var session = 1; session <= days.Count; session++)
        {
            var day = days[session - 1];
            var start = random.Between(EarliestStart, LatestStart);
            AddQuestionnaire(day, session, start - answers.Between(15, 30));
            var given = Session(course.Pressure, person, day, session, start, random);
            events.Add(given);
            SideEffectDraw.Add(events, course.SideEffects, person.Treatment.Drug, given, random);
        }

        void AddQuestionnaire(DateOnly day, int session, int minutes)
        {
            if (session == 1 && day == intake.Baseline)
                events.Add(Answered(day, minutes, Phq9Purpose.Baseline, truth.BaselinePhq9, answers));
            if (session == 1)
                return;
            var total = ScoreDraw.BeforeSession(truth, session, person.Treatment.Sessions, answers);
            var questionnaire = Answered(day, minutes, Phq9Purpose.BeforeSession, total, answers);
            if (!missing.Chance(course.Visits.MissedBeforeSession))
                events.Add(questionnaire);
        }
    }

    internal static Phq9Answered Answered(DateOnly day, int minutes, Phq9Purpose purpose, int total, SeededGenerator answers) =>
        new(day, OpenDays.Time(minutes), purpose, ItemDraw.Draw(total, answers));

    private static SessionGiven Session(PressureModel pressure, DrawnPerson person, DateOnly day, int session, int start, SeededGenerator random)
    {
        var weight = (person.WeightTenthsKg + random.Between(-5, 5)) / 10m;
        var (before, after) = pressure.Draw(person.Pressure, person.Treatment.Drug, random);
        var observed = person.Treatment.ObservedMinutesMin + random.Below(31);
        return new SessionGiven(
            day, OpenDays.Time(start), session, weight, person.Treatment.DoseMg(session, weight), person.Treatment.InfusionMinutes, before, after,
            OpenDays.Time(start + observed));
    }
}
