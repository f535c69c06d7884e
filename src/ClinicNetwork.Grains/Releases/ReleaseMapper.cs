using System.Globalization;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Grains.Releases;

/// <summary>From the record to what may leave: an allow-list of derived, banded values. No identifier, date, score or free text passes.</summary>
public static class ReleaseMapper
{
    /// <summary>Quarter of first treatment in the home clinic's days, for example <c>2025-Q3</c>; groups cells, is never published.</summary>
    public static string Quarter(PatientState state)
    {
        var day = InductionCourse.Of(state)!.FirstDose;
        return string.Create(CultureInfo.InvariantCulture, $"{day.Year}-Q{(day.Month + 2) / 3}");
    }

    /// <summary>Null: the grid's first version knows no such treatment, and nothing of it is released.</summary>
    public static string? TreatmentLeaf(PatientState state) => FirstProtocol(state) switch
    {
        { Drug: Drug.Esketamine, Route: Route.Nasal } => "esketamine-nasal",
        { Drug: Drug.KetamineRacemic, Route: Route.Intravenous } => "ketamine-iv",
        _ => null,
    };

    /// <summary>Of the first dose: a plan that moves later changes no cell and no row.</summary>
    private static TreatmentProtocol FirstProtocol(PatientState state) =>
        state.Sessions.Where(s => s.DosedAt is not null).OrderBy(s => s.DosedAt).FirstOrDefault() is { } first ? state.ProtocolOf(first) : state.Plan!.MadeFrom;

    /// <summary>Leaves of the grid: sex, age at the first dose, treatment, severity before it.</summary>
    public static IReadOnlyList<string> QuasiIdentifiers(PatientState state)
    {
        var course = InductionCourse.Of(state)!;
        return
        [
            state.Sex switch { Sex.Female => "female", Sex.Male => "male", _ => "other" },
            PublicOutcomes.AgeLeaf(Age.InYears(state.BirthDate, course.FirstDose)),
            TreatmentLeaf(state) ?? throw new InvalidOperationException("The grid has no leaf for this treatment."),
            OutcomeEvaluation.Baseline(state) is { } baseline ? Phq9.Name(Phq9.Severity(baseline)) : "NOT_RECORDED",
        ];
    }

    public static ReleasedOutcome Map(PatientState state, MilestoneOutcome outcome)
    {
        var course = InductionCourse.Of(state)!;
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
        ]);
    }

    public static string Name(Milestone milestone) => milestone switch
    {
        Milestone.EndOfInduction => "END_OF_INDUCTION",
        Milestone.Week4 => "WEEK_4",
        Milestone.Week8 => "WEEK_8",
        Milestone.Week12 => "WEEK_12",
        Milestone.Week26 => "WEEK_26",
        Milestone.Week52 => "WEEK_52",
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
        var sessions = state.Sessions.Where(s => state.DayOf(s.StartedAt) <= course.LastDose).Select(s => s.Id).ToHashSet();
        return state.SideEffects.Where(e => sessions.Contains(e.Session)).Select(e => (int)e.Severity).DefaultIfEmpty(0).Max() switch
        {
            0 => "NONE",
            1 => "MILD",
            2 => "MODERATE",
            _ => "SEVERE",
        };
    }
}
