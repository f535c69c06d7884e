using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// Readings were taken in a session: a fact. The answer tells what they mean: the session's stage (an emergency among them) and what is due. Refused: SESSION_UNKNOWN,
/// VITALS_EMPTY, VITALS_OUT_OF_RANGE, BLOOD_PRESSURE_OUT_OF_RANGE, OCCURRED_BEFORE_START, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY, TOO_MANY.
/// </summary>
[GenerateSerializer, Immutable, Alias("record-vitals")]
public sealed record RecordVitals([property: Id(0)] SessionId Session, [property: Id(1)] Vitals Vitals)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordVitals);

    /// <summary>Of one session: every minute for four hours.</summary>
    public const int ReadingsMax = 240;

    public static Decision<VitalsAnswer> Decide(PatientState state, RecordVitals command, DateTimeOffset now)
    {
        if ((command.Vitals.Check() ?? ClinicTime.CheckOccurred(command.Vitals.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (state.FindSession(command.Session) is not { } session)
        {
            return Refusal.Precondition("SESSION_UNKNOWN", "session_id", "Start the session first.");
        }

        if (command.Vitals.OccurredAt < session.StartedAt)
        {
            return Refusal.Invalid("OCCURRED_BEFORE_START", "occurred_at", "Readings of a session are taken after it started.");
        }

        if (state.MonitoringOf(session.Id).Vitals.Length >= ReadingsMax)
        {
            return Refusal.Precondition("TOO_MANY", "session_id", $"A session has at most {ReadingsMax} sets of readings.");
        }

        var recorded = new VitalsRecorded(command.Session, command.Vitals);
        var after = PatientState.Evolve(state.InCourseOf(session.Id), recorded);
        return Decision<VitalsAnswer>.Accept(new VitalsAnswer(SessionCourse.StageOf(after, session), SessionCourse.FirstMissing(after, session)?.Minute), recorded);
    }
}

/// <param name="Stage">With these readings.</param>
/// <param name="DueMinute">The first of the protocol's times whose readings are not all there, minutes from the dose; null when none is missing.</param>
[GenerateSerializer, Immutable, Alias("vitals-answer")]
public sealed record VitalsAnswer([property: Id(0)] SessionStage Stage, [property: Id(1)] int? DueMinute);
