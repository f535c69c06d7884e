using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A follow-up visit did not happen: a fact with its reason. A later answer inside the window still counts. Refused: REASON_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY; of a visit
/// that is named: VISIT_AMBIGUOUS, TEXT_INVALID, VISIT_UNKNOWN, VISIT_ANSWERED, VISIT_IS_SESSION.
/// </summary>
/// <param name="Milestone">Which; 0 when <paramref name="Visit"/> tells it.</param>
/// <param name="Visit">As <see cref="FollowUpVisit.Name"/>; null or empty when <paramref name="Milestone"/> tells it.</param>
[GenerateSerializer, Immutable, Alias("record-missed-visit")]
public sealed record RecordMissedVisit(
    [property: Id(0)] Milestone Milestone,
    [property: Id(1)] MissingReason Reason,
    [property: Id(2)] DateTimeOffset OccurredAt,
    [property: Id(20)] string? Visit = null)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordMissedVisit);

    public static Decision<Accepted> Decide(PatientState state, RecordMissedVisit command, DateTimeOffset now)
    {
        if (command.Reason is not (MissingReason.NotAttended or MissingReason.Declined or MissingReason.Unreachable))
        {
            return Refusal.Invalid("REASON_INVALID", "reason", "Give NOT_ATTENDED, DECLINED or UNREACHABLE; the other reasons are derived.");
        }

        return ClinicTime.CheckOccurred(command.OccurredAt, now) is { } refusal ? refusal
            : string.IsNullOrEmpty(command.Visit) ? Decision<Accepted>.Accept(Accepted.Instance, new VisitMissed(command.Milestone, command.Reason, command.OccurredAt))
            : DecideNamed(state, command, command.Visit, now);
    }

    private static Decision<Accepted> DecideNamed(PatientState state, RecordMissedVisit command, string name, DateTimeOffset now)
    {
        if (command.Milestone != default)
        {
            return Refusal.Invalid("VISIT_AMBIGUOUS", "visit", "Give the milestone or the visit, not both.");
        }

        if (Texts.Check(name, 1, RescheduleVisit.VisitLengthMax, "visit") is { } refusal)
        {
            return refusal;
        }

        if (FollowUpCalendar.Find(state, name, now) is not { } visit)
        {
            return RescheduleVisit.Unknown;
        }

        return visit.IsSession
            ? Refusal.Precondition("VISIT_IS_SESSION", "visit", "A session that did not take place is still expected; reschedule it, or end treatment.")
            : visit.State == FollowUpState.Done
            ? Refusal.Precondition("VISIT_ANSWERED", "visit", "This visit took place: it is answered.")
            : visit.Milestone is { } milestone
            ? Decision<Accepted>.Accept(Accepted.Instance, new VisitMissed(milestone, command.Reason, command.OccurredAt))
            : Decision<Accepted>.Accept(Accepted.Instance, new FollowUpMissed(new(RecordedFacts.NextNumber(state, FactKind.FollowUpMiss), name, command.Reason, command.OccurredAt)));
    }
}
