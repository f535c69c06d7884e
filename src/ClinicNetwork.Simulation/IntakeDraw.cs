namespace ClinicNetwork.Simulation;

/// <summary>Enrolment, consultation, goals and plan.</summary>
internal static class IntakeDraw
{
    private static readonly string[] Drugs =
        ["sertraline", "escitalopram", "fluoxetine", "venlafaxine", "duloxetine", "bupropion", "mirtazapine", "vortioxetine", "nortriptyline"];

    private static readonly string[] Goals =
    [
        "PHQ-9 below 5", "Back to work part-time", "Sleep through most nights", "Take the children to school again", "Leave the house every day",
        "Meet a friend once a week", "Cook a warm meal every day", "Finish the term",
    ];

    internal static void Add(List<VirtualEvent> events, IntakeCalendar intake, DrawnPerson person, SeededGenerator random)
    {
        var enrolled = 9 * 60 + random.Below(90);
        events.Add(new Enrolled(intake.Enrolled, OpenDays.Time(enrolled)));
        events.Add(new Consulted(
            intake.Enrolled, OpenDays.Time(enrolled + random.Between(15, 40)), Diagnosis(person.Row.Phq9Total, random), Earlier(random),
            RisksDiscussed: true, TreatmentConsent: true));
        var agreed = 13 * 60 + random.Below(60);
        events.Add(new GoalsAgreed(intake.Planned, OpenDays.Time(agreed), Distinct(Goals, random.Between(1, 3), random)));
        events.Add(new PlanChosen(intake.Planned, OpenDays.Time(agreed + random.Between(10, 30)), person.Treatment));
    }

    /// <summary>Moderate below 15, severe from 20, either between; one in three a first episode. Assumption.</summary>
    private static string Diagnosis(int phq9, SeededGenerator random)
    {
        var (firstEpisode, either) = (random.Below(3) == 0, random.Below(2) == 0);
        var severe = phq9 >= 20 || (phq9 >= 15 && either);
        return (firstEpisode ? "F32." : "F33.") + (severe ? "2" : "1");
    }

    /// <summary>Two adequate trials without enough response make it treatment-resistant; up to two more of any kind, the earliest first.</summary>
    private static EarlierTreatment[] Earlier(SeededGenerator random)
    {
        var failed = 2 + random.Below(2);
        var drugs = Distinct(Drugs, failed + random.Below(2), random);
        return [.. drugs.Select((drug, index) => index < drugs.Count - failed ? AnyTrial(drug, random) : FailedTrial(drug, random))];
    }

    private static EarlierTreatment FailedTrial(string drug, SeededGenerator random) =>
        new(drug, Adequate: true, random.Below(3) == 0 ? EarlierResponse.Partial : EarlierResponse.None);

    /// <summary>Broken off early, or helpful in an earlier episode.</summary>
    private static EarlierTreatment AnyTrial(string drug, SeededGenerator random) => random.Below(2) == 0
        ? new(drug, Adequate: false, EarlierResponse.None)
        : new(drug, Adequate: true, EarlierResponse.Full);

    private static List<string> Distinct(IReadOnlyList<string> from, int count, SeededGenerator random)
    {
        var left = from.ToList();
        var chosen = new List<string>(count);
        while (chosen.Count < count)
        {
            var at = random.Below(left.Count);
            chosen.Add(left[at]);
            left.RemoveAt(at);
        }
        return chosen;
    }
}
