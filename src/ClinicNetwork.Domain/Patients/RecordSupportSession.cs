using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A session of psychotherapy or of a support group was attended, or missed: a fact, planned or not. Refused: TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY,
/// OCCURRED_BEFORE_BIRTH, SUPPORT_SESSION_EXISTS.
/// </summary>
/// <param name="MissedReason">Why it was missed, at most 500 characters; empty: attended.</param>
[GenerateSerializer, Immutable, Alias("record-support-session")]
public sealed record RecordSupportSession(
    [property: Id(0)] SupportSessionId Session,
    [property: Id(1)] SupportKind Kind,
    [property: Id(2)] string MissedReason,
    [property: Id(3)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordSupportSession);

    public static Decision<Accepted> Decide(PatientState state, RecordSupportSession command, DateTimeOffset now)
    {
        if ((Texts.Check(command.MissedReason, 0, 500, "missed_reason") ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (state.DayOf(command.OccurredAt) < state.BirthDate)
        {
            return Refusal.Invalid("OCCURRED_BEFORE_BIRTH", "occurred_at", "Give a time in the patient's life.");
        }

        return RecordedFacts.WasRecorded(state, new(FactKind.SupportSession, command.Session.Value, 0))
            ? Refusal.Exists("SUPPORT_SESSION_EXISTS", "support_session_id", "Choose a new id.")
            : Decision<Accepted>.Accept(
                Accepted.Instance,
                new SupportSessionRecorded(new(command.Session, command.Kind, command.OccurredAt, command.MissedReason.Length > 0 ? command.MissedReason : null)));
    }
}
