using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A follow-up visit did not happen: a fact with its reason. A later answer inside the window still counts. Refused: REASON_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
[GenerateSerializer, Immutable, Alias("record-missed-visit")]
public sealed record RecordMissedVisit(
    [property: Id(0)] Milestone Milestone,
    [property: Id(1)] MissingReason Reason,
    [property: Id(2)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordMissedVisit);

    public static Decision<Accepted> Decide(PatientState state, RecordMissedVisit command, DateTimeOffset now)
    {
        _ = state;
        if (command.Reason is not (MissingReason.NotAttended or MissingReason.Declined or MissingReason.Unreachable))
        {
            return Refusal.Invalid("REASON_INVALID", "reason", "Give NOT_ATTENDED, DECLINED or UNREACHABLE; the other reasons are derived.");
        }

        return ClinicTime.CheckOccurred(command.OccurredAt, now) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new VisitMissed(command.Milestone, command.Reason, command.OccurredAt));
    }
}
