using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A serious event in or after a session, of whatever drug: a fact. Refused: CRITERIA_MISSING, CRITERIA_REPEATED, TEXT_INVALID, SESSION_UNKNOWN, OCCURRED_BEFORE_START,
/// OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY, TOO_MANY.
/// </summary>
/// <param name="Criteria">What makes it serious: at least one, each once.</param>
/// <param name="Description">1 to 1,000 characters.</param>
/// <param name="OccurredAt">When it began.</param>
[GenerateSerializer, Immutable, Alias("record-serious-event")]
public sealed record RecordSeriousEvent(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] ImmutableArray<SeriousCriterion> Criteria,
    [property: Id(2)] string Description,
    [property: Id(3)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordSeriousEvent);

    private const int EventsMax = 1_000;

    public static Decision<Accepted> Decide(PatientState state, RecordSeriousEvent command, DateTimeOffset now)
    {
        if (command.Criteria.IsEmpty)
        {
            return Refusal.Invalid("CRITERIA_MISSING", "criteria", "Say what makes the event serious; what is not is a side effect.");
        }

        if (command.Criteria.Distinct().Count() < command.Criteria.Length)
        {
            return Refusal.Invalid("CRITERIA_REPEATED", "criteria", "Give each criterion at most once.");
        }

        if ((Texts.Check(command.Description, 1, 1000, "description") ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (state.FindSession(command.Session) is not { } session)
        {
            return Refusal.Precondition("SESSION_UNKNOWN", "session_id", "Start the session first.");
        }

        return command.OccurredAt < session.StartedAt
                ? Refusal.Invalid("OCCURRED_BEFORE_START", "occurred_at", "An event of a session begins after the session started.")
            : state.SeriousEvents.Length >= EventsMax ? Refusal.Precondition("TOO_MANY", "patient", $"A patient has at most {EventsMax} serious events.")
            : Decision<Accepted>.Accept(
                Accepted.Instance,
                new SeriousEventRecorded(new(RecordedFacts.NextNumber(state, FactKind.SeriousEvent), command.Session, command.Criteria, command.Description, command.OccurredAt)));
    }
}
