using System.Collections.Immutable;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Clinics;

/// <summary>How long a jurisdiction asks clinics to keep a patient's record, as versioned data.</summary>
/// <param name="Id">1 to 40 of a-z, 0-9 and inner dashes.</param>
/// <param name="Years">After the last contact.</param>
public sealed record RetentionRule(string Id, int Version, int Years, string Source);

/// <summary>The rules that clinics choose from, every version of each. None was checked against its law: for the clinic's lawyers to sign off.</summary>
public static class Retention
{
    /// <summary>Of clinics that have chosen none.</summary>
    public const string GeneralRule = "general";

    /// <summary>A clinic's own number of years at most.</summary>
    public const int YearsMax = 100;

    public static readonly ImmutableArray<RetentionRule> All =
    [
        new(GeneralRule, 1, 10, "[K], our default"),
        new("de", 1, 10, "[K], section 630f of the German civil code: ten years after the end of treatment"),
        new("gb", 1, 20, "[K], NHS records management code: 20 years for mental health records"),
        new("us-hipaa", 1, 6, "[K], 45 CFR 164.316 for the documentation that HIPAA asks for; states ask for more"),
        new("us-ca", 1, 7, "[K], California Health and Safety Code 123145"),
    ];

    /// <summary>The latest version; null when there is no such rule.</summary>
    public static RetentionRule? Find(string id) => All.Where(r => r.Id == id).MaxBy(r => r.Version);

    /// <summary>The clinic's own years, else those of its rule.</summary>
    public static int YearsOf(ClinicState clinic) => clinic.RetentionYears ?? Find(clinic.RetentionRule)!.Years;

    /// <summary>When the patient was last seen or heard of, as far as it is recorded; null: nothing says so.</summary>
    public static DateTimeOffset? LastContact(PatientState state) => new[]
    {
        state.IntakeAt,
        state.EndedAt,
        state.EarlierCourses.Max(c => c.EndedAt),
        state.Death?.OccurredAt,
        state.Contacts.Where(c => c.Result == ContactResult.Reached).Max(c => (DateTimeOffset?)c.OccurredAt),
        state.SafetyChecks.Max(c => (DateTimeOffset?)c.OccurredAt),
        state.DoseRequests.Max(r => (DateTimeOffset?)r.OccurredAt),
        state.SupportSessions.Max(s => (DateTimeOffset?)s.OccurredAt),
        state.Voice.Journal.Max(e => (DateTimeOffset?)e.OccurredAt),
        state.Voice.Diary.Max(e => (DateTimeOffset?)e.OccurredAt),
        state.SessionsOfAllCourses().Max(s => (DateTimeOffset?)s.StartedAt),
        state.SessionsOfAllCourses().Max(s => s.DosedAt),
        state.SessionsOfAllCourses().Max(s => s.CompletedAt),
        state.Assessments.Max(a => (DateTimeOffset?)a.OccurredAt),
        state.AnsweredScales.Max(a => (DateTimeOffset?)a.OccurredAt),
        state.SideEffects.Max(e => (DateTimeOffset?)e.OccurredAt),
        state.SideEffects.Max(e => e.OverAt),
        state.Monitoring.SelectMany(m => m.Vitals).Max(v => (DateTimeOffset?)v.OccurredAt),
        state.RemsEnrolments.Max(e => (DateTimeOffset?)e.OccurredAt),
        state.SeriousEvents.Max(e => (DateTimeOffset?)e.OccurredAt),
    }.Max();

    /// <summary>The first clinic day on which the record need not be kept any more.</summary>
    /// <param name="now">Stands for the last contact when nothing tells of one.</param>
    public static DateOnly EndsOn(PatientState state, int years, DateTimeOffset now) => state.DayOf(LastContact(state) ?? now).AddYears(years);

    /// <summary>Null: the record need not be kept any more.</summary>
    public static Refusal? RefuseKept(PatientState state, int years, DateTimeOffset now)
    {
        var day = EndsOn(state, years, now);
        return now < ClinicTime.StartOf(day, state.TimeZone)
            ? Refusal.Precondition("RETENTION_NOT_OVER", "patient", $"Keep the record until {day:yyyy-MM-dd}, or name the legal ground that asks for its erasure before.")
            : null;
    }
}
