using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The patient left a session without being discharged: a fact, whatever is missing, and never a discharge. Refused: SESSION_UNKNOWN, SESSION_COMPLETED, TEXT_INVALID,
/// OCCURRED_BEFORE_START, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
[GenerateSerializer, Immutable, Alias("record-leaving")]
public sealed record RecordLeaving(
    [property: Id(0)] SessionId Session, [property: Id(1)] LeavingKind Kind, [property: Id(2)] string Reason, [property: Id(3)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordLeaving);

    public static Decision<Accepted> Decide(PatientState state, RecordLeaving command, DateTimeOffset now)
    {
        if ((Texts.Check(command.Reason, 1, 500, "reason") ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (state.FindSession(command.Session) is not { } session)
        {
            return Refusal.Precondition("SESSION_UNKNOWN", "session_id", "Start the session first.");
        }

        return session.CompletedAt is not null ? Refusal.Precondition("SESSION_COMPLETED", "session_id", "This session is over already.")
            : command.OccurredAt < session.StartedAt ? Refusal.Invalid("OCCURRED_BEFORE_START", "occurred_at", "A session ends after it started.")
            : Decision<Accepted>.Accept(Accepted.Instance, new LeftWithoutDischarge(command.Session, command.Kind, command.Reason, command.OccurredAt));
    }
}
