using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The patient is ready to leave. Refused: SESSION_UNKNOWN, SESSION_COMPLETED, PATIENT_DIED, OBSERVATION_TOO_SHORT,
/// BLOOD_PRESSURE_OUT_OF_RANGE, VITALS_OUT_OF_RANGE, OCCURRED_BEFORE_START, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY. A session without a dose (held, declined) can be completed at any
/// time but in an emergency. When the protocol asks for it: EMERGENCY_OPEN, VITALS_MISSING, SIDE_EFFECT_UNRESOLVED, CHECKLIST_INCOMPLETE, BLOOD_PRESSURE_NOT_FALLING,
/// BLOOD_PRESSURE_NOT_NEAR_BASELINE.
/// </summary>
/// <param name="Checklist">Null when the protocol asks for none.</param>
[GenerateSerializer, Immutable, Alias("complete-session")]
public sealed record CompleteSession(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] BloodPressure BloodPressure,
    [property: Id(2)] DateTimeOffset OccurredAt,
    [property: Id(20)] DischargeChecklist? Checklist = null)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(CompleteSession);

    public static Decision<Accepted> Decide(PatientState state, CompleteSession command, DateTimeOffset now)
    {
        if ((command.BloodPressure.Check() ?? command.Checklist?.Check() ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (state.FindSession(command.Session) is not { } session)
        {
            return Refusal.Precondition("SESSION_UNKNOWN", "session_id", "Start the session first.");
        }

        if (session.CompletedAt is not null)
        {
            return Refusal.Precondition("SESSION_COMPLETED", "session_id", "This session is completed already.");
        }

        if (command.OccurredAt < session.StartedAt)
        {
            return Refusal.Invalid("OCCURRED_BEFORE_START", "occurred_at", "A session ends after it started.");
        }

        if (Death.RefuseAfter(state, command.OccurredAt) is { } died)
        {
            return died;
        }

        var observationMinutes = state.Plan!.MadeFrom.ObservationMinutesMin;
        if (session.DosedAt is { } dosedAt && command.OccurredAt < dosedAt.AddMinutes(observationMinutes))
        {
            return Refusal.Precondition("OBSERVATION_TOO_SHORT", "occurred_at", $"Observe the patient for at least {observationMinutes} minutes from the beginning of the dose.");
        }

        // Both: readings of a later time may be there already, and may say otherwise.
        if (SessionCourse.IsEmergency(state, session, command.OccurredAt) || SessionCourse.IsEmergency(state, session, DateTimeOffset.MaxValue))
        {
            return Refusal.Precondition("EMERGENCY_OPEN", "session_id", "Give emergency care; record readings, and the end of respiratory depression, once it is over.");
        }

        var completed = new SessionCompleted(command.Session, command.BloodPressure, command.OccurredAt);
        if (session.DoseMg is null || !state.Plan.MadeFrom.Rules.AsksForDischarge)
        {
            return Decision<Accepted>.Accept(Accepted.Instance, completed);
        }

        return DischargeRules.Check(state, session, command) is { } held
            ? held
            : Decision<Accepted>.Accept(Accepted.Instance, completed, new SessionDischarged(command.Session, command.Checklist!));
    }
}
