using System.Globalization;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Grains.Releases;

/// <summary>
/// From the record to what may leave: an allow-list of derived, banded values. No identifier, date or free text passes, and no score but the total of the PHQ-9. Each function takes the whole
/// patient and looks at the first course: a person is in one cell for ever. What a milestone is mapped to depends on nothing that happens after the day on which it closes.
/// </summary>
public static class ReleaseMapper
{
    /// <summary>Quarter of first treatment in the home clinic's days, for example <c>2025-Q3</c>; groups cells, is never published.</summary>
    public static string Quarter(PatientState state)
    {
        var day = FirstCourse(state).FirstDose;
        return string.Create(CultureInfo.InvariantCulture, $"{day.Year}-Q{(day.Month + 2) / 3}");
    }

    /// <summary>Of the first dose: a plan that moves later changes no cell and no row. One of <see cref="ReleasedOutcome.Treatments"/>.</summary>
    public static string TreatmentLeaf(PatientState state) => LeafOf(FirstProtocol(state.InCourse(1)));

    /// <summary>Of the first dose; before one, of the plan.</summary>
    internal static TreatmentProtocol FirstProtocol(PatientState course) =>
        course.Sessions.Where(s => s.DosedAt is not null).OrderBy(s => s.DosedAt).FirstOrDefault() is { } first ? course.ProtocolOf(first) : course.Plan!.MadeFrom;

    private static string LeafOf(TreatmentProtocol protocol) => (protocol.Drug, protocol.Route) switch
    {
        (Drug.KetamineRacemic, Route.Intravenous) => "ketamine-iv",
        (Drug.KetamineRacemic, Route.Intramuscular) => "ketamine-im",
        (Drug.KetamineRacemic, Route.Subcutaneous) => "ketamine-sc",
        (Drug.KetamineRacemic, Route.Sublingual) => "ketamine-sublingual",
        (Drug.Esketamine, Route.Nasal) => "esketamine-nasal",
        _ => throw new InvalidOperationException($"The grid has no leaf for {protocol.Drug} by {protocol.Route}."),
    };

    /// <summary>Leaves of the grid: sex, age at the first dose, treatment, severity before it.</summary>
    public static IReadOnlyList<string> QuasiIdentifiers(PatientState state) =>
    [
        state.Sex switch { Sex.Female => "female", Sex.Male => "male", _ => "other" },
        PublicOutcomes.AgeLeaf(Age.InYears(state.BirthDate, FirstCourse(state).FirstDose)),
        TreatmentLeaf(state),
        OutcomeEvaluation.Baseline(state.InCourse(1)) is { } baseline ? Phq9.Name(Phq9.Severity(baseline)) : "NOT_RECORDED",
    ];

    /// <param name="outcome">Of a milestone of the first course that has closed.</param>
    public static ReleasedOutcome Map(PatientState state, MilestoneOutcome outcome)
    {
        var course = FirstCourse(state);
        var closes = CloseMilestone.DueAt(state.InCourse(1), outcome.Milestone);
        return new ReleasedOutcome(
        [
            outcome.Measured ? "MEASURED" : "MISSING",
            outcome.Missing is { } reason ? Name(reason) : "",
            YesNo(outcome, outcome.Response),
            YesNo(outcome, outcome.Remission),
            YesNo(outcome, outcome.Worsening),
            outcome.Phq9 is { } score ? Phq9.Name(Phq9.Severity(score)) : "",
            course.Doses switch { <= 3 => "1-3", <= 8 => "4-8", _ => "9+" },
            WorstSideEffect(state, course),
            CoursesBegun(state, closes) switch { 1 => "1", 2 => "2", _ => "3+" },
            TreatmentAt(state, closes),
            SessionsSince(state, outcome.Milestone, closes) switch { 0 => "0", <= 3 => "1-3", <= 8 => "4-8", _ => "9+" },
            outcome.Phq9 is { } total ? total.ToString(CultureInfo.InvariantCulture) : "",
        ]);
    }

    private static InductionCourse FirstCourse(PatientState state) => InductionCourse.Of(state.InCourse(1))!;

    /// <summary>A course begins with its first dose.</summary>
    private static int CoursesBegun(PatientState state, DateTimeOffset by) =>
        Enumerable.Range(1, state.CourseNumber()).Count(n => SessionsIn(state, n).Any(s => s.DosedAt < by));

    /// <summary>Of the last dose before a time, as long as the course that it belongs to goes on.</summary>
    private static string TreatmentAt(PatientState state, DateTimeOffset by)
    {
        var number = Enumerable.Range(1, state.CourseNumber()).Last(n => SessionsIn(state, n).Any(s => s.DosedAt < by));
        var course = state.InCourse(number);
        return course.EndedAt < by || state.Death?.OccurredAt < by ? "none" : LeafOf(state.ProtocolOf(course.Sessions.Where(s => s.DosedAt < by).MaxBy(s => s.DosedAt)!));
    }

    /// <summary>Doses of all courses since the milestone before closed; for the first, since the last induction dose.</summary>
    private static int SessionsSince(PatientState state, Milestone milestone, DateTimeOffset by)
    {
        var induction = FirstCourse(state);
        var doses = state.SessionsOfAllCourses().Where(s => s.DosedAt < by).Select(s => s.DosedAt!.Value).Order();
        return milestone == MilestoneSchedule.All[0]
            ? doses.Skip(induction.Doses).Count()
            : doses.Count(d => d >= CloseMilestone.DueAt(state.InCourse(1), MilestoneSchedule.All[IndexOf(milestone) - 1]));
    }

    private static int IndexOf(Milestone milestone) => MilestoneSchedule.All.Index().First(m => m.Item == milestone).Index;

    private static IEnumerable<Session> SessionsIn(PatientState state, int course) =>
        course == state.CourseNumber() ? state.Sessions : state.EarlierCourses[course - 1].Sessions;

    public static string Name(Milestone milestone) => milestone switch
    {
        Milestone.EndOfInduction => "END_OF_INDUCTION",
        Milestone.Week4 => "WEEK_4",
        Milestone.Week8 => "WEEK_8",
        Milestone.Week12 => "WEEK_12",
        Milestone.Week26 => "WEEK_26",
        Milestone.Week52 => "WEEK_52",
        Milestone.Year2 => "YEAR_2",
        Milestone.Year3 => "YEAR_3",
        Milestone.Year4 => "YEAR_4",
        Milestone.Year5 => "YEAR_5",
        _ => throw new ArgumentOutOfRangeException(nameof(milestone)),
    };

    private static string Name(MissingReason reason) => reason switch
    {
        MissingReason.NotAttended => "NOT_ATTENDED",
        // The profile has no value for a death, and one alone in its cell would be told by it.
        MissingReason.LeftTreatment or MissingReason.Died => "LEFT_TREATMENT",
        MissingReason.InductionIncomplete => "INDUCTION_INCOMPLETE",
        MissingReason.Declined => "DECLINED",
        MissingReason.Unreachable or MissingReason.LostToFollowUp => "UNREACHABLE",
        MissingReason.BaselineMissing => "BASELINE_MISSING",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    private static string YesNo(MilestoneOutcome outcome, bool value) => !outcome.Measured ? "" : value ? "yes" : "no";

    /// <summary>Worst side effect in the sessions up to the last induction dose.</summary>
    private static string WorstSideEffect(PatientState state, InductionCourse course)
    {
        var sessions = SessionsIn(state, 1).Where(s => state.DayOf(s.StartedAt) <= course.LastDose).Select(s => s.Id).ToHashSet();
        return state.SideEffects.Where(e => sessions.Contains(e.Session)).Select(e => (int)e.Severity).DefaultIfEmpty(0).Max() switch
        {
            0 => "NONE",
            1 => "MILD",
            2 => "MODERATE",
            _ => "SEVERE",
        };
    }
}
