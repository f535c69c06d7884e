using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Rems;

/// <summary>What the programme for esketamine (Spravato REMS) asks of a patient's sessions, by what was recorded.</summary>
public static class RemsRules
{
    private const int RecordsMax = 2_000;

    /// <summary>A dose of esketamine is told to the programme; racemic ketamine has none.</summary>
    public static bool Asks(PatientState state, Session session) => session.DosedAt is not null && state.ProtocolOf(session).Drug == Drug.Esketamine;

    /// <summary>The first instant after the last day on which the form may be sent, in the home clinic's days; sessions that the programme asks for alone.</summary>
    public static DateTimeOffset DueBy(PatientState state, Session session) =>
        ClinicTime.StartOf(state.DayOf(session.DosedAt!.Value).AddDays(RemsForms.DueDays + 1), state.TimeZone);

    /// <summary>The site that the programme knows the patient to be treated at: of the latest enrolment or notice up to a time.</summary>
    public static RemsEnrolment? SiteAt(PatientState state, DateTimeOffset at) =>
        state.RemsEnrolments.Where(e => e.OccurredAt <= at).OrderBy(e => e.OccurredAt).ThenBy(e => e.Number).LastOrDefault();

    /// <summary>
    /// The latest enrolment or notice when it is of a former home clinic and of before the transfer: the programme was not told that the patient has moved. Null: it was told, it never knew the
    /// patient, or it knows a site that is not concerned.
    /// </summary>
    public static RemsEnrolment? NoticeMissing(PatientState state) =>
        state.EarlierHomes is [.., var former] && state.Death is null
        && SiteAt(state, DateTimeOffset.MaxValue) is { } known && known.OccurredAt < former.Until && known.Clinic != state.HomeClinic && state.EarlierHomes.Any(h => h.Clinic == known.Clinic)
            ? known
            : null;

    /// <summary>The first that was sent; null: it is open.</summary>
    public static RemsSubmission? SubmissionOf(PatientState state, SessionId session) =>
        state.RemsSubmissions.Where(s => s.Session == session).OrderBy(s => s.OccurredAt).FirstOrDefault();

    /// <summary>Null when something may be recorded for a session's form.</summary>
    internal static Refusal? CheckAsked(PatientState state, SessionId id, DateTimeOffset occurredAt, int recorded) =>
        state.FindSession(id) is not { } session ? Refusal.Precondition("SESSION_UNKNOWN", "session_id", "Start the session first.")
        : !Asks(state, session) ? Refusal.Precondition("REMS_NOT_ASKED", "session_id", "The programme asks for sessions with a dose of esketamine alone.")
        : occurredAt < session.StartedAt ? Refusal.Invalid("OCCURRED_BEFORE_START", "occurred_at", "What is told of a session happens after it started.")
        : recorded >= RecordsMax ? Refusal.Precondition("TOO_MANY", "patient", $"A patient has at most {RecordsMax} of these records.")
        : null;
}
