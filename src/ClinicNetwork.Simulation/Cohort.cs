namespace ClinicNetwork.Simulation;

/// <summary>Draws virtual cohorts. Pure: the spec decides everything.</summary>
public static class Cohort
{
    /// <returns>Patients 0 to n - 1, each with events in order of time.</returns>
    /// <exception cref="ArgumentException">The spec has <see cref="CohortSpec.Problems"/>; ask for them first to show them all.</exception>
    public static IReadOnlyList<VirtualPatient> Draw(CohortSpec spec)
    {
        if (spec.Problems() is [var problem, ..])
            throw new ArgumentException($"{problem.Field}: {problem.Message}", nameof(spec));
        var chances = OutcomeChances.For(spec.Baseline, spec.Course.Outcomes);
        var enrolmentDays = OpenDays.Of(spec.FirstDay, spec.EnrolmentDays);
        var patients = new VirtualPatient[spec.Patients];
        for (var index = 0; index < patients.Length; index++)
            patients[index] = DrawPatient(spec, chances, enrolmentDays, index);
        return patients;
    }

    private static VirtualPatient DrawPatient(CohortSpec spec, OutcomeChances chances, IReadOnlyList<DateOnly> enrolmentDays, int index)
    {
        SeededGenerator Stream(DrawStream purpose) => SeededGenerator.For(spec.Seed, index, purpose);

        var person = PersonDraw.Draw(spec, Stream(DrawStream.Person));
        var calendar = Stream(DrawStream.Calendar);
        var intake = IntakeCalendar.Draw(enrolmentDays, calendar);
        var truth = chances.Draw(person.Row.Phq9Total, Stream(DrawStream.Outcome));
        var missing = Stream(DrawStream.Missing);
        var given = LeavingDraw.SessionsGiven(spec.Course.Visits, person.Treatment, missing);
        var sessionDays = InductionSchedule.Draw(intake.FirstDose, person.Treatment, calendar)[..given];
        var leaves = given < person.Treatment.Sessions;
        var answers = Stream(DrawStream.Answers);

        var events = new List<VirtualEvent>(48);
        IntakeDraw.Add(events, intake, person, calendar);
        InductionDraw.Add(events, spec.Course, person, intake, truth, sessionDays, Stream(DrawStream.Session), answers, missing);
        if (leaves)
            LeavingDraw.Add(events, sessionDays[^1], missing);
        else
            FollowUpDraw.Add(events, spec, truth, sessionDays[^1], calendar, answers, missing);
        ParticipationDraw.Add(events, spec, person.ClinicIndex, sessionDays, leaves, Stream(DrawStream.Participation));
        events.Sort((a, b) => a.Day != b.Day ? a.Day.CompareTo(b.Day) : a.Time.CompareTo(b.Time));

        return new VirtualPatient(
            index, person.ClinicIndex, person.GivenName, person.FamilyName, RecordNumber(person.ClinicIndex, index), person.Row.Sex,
            person.Row.AgeYears, PersonDraw.BirthDate(intake.Enrolled, person), person.Treatment, person.WeightTenthsKg / 10m, truth, events);
    }

    private static string RecordNumber(int clinic, int index) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"C{clinic:000}-{index:000000}");
}
