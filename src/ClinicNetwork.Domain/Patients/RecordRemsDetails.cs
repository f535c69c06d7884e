using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Rems;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// What a session's monitoring form asks for and nothing else of the session tells; recorded again it replaces what was there. Refused: TEXT_INVALID, MEDICATION_REPEATED,
/// READY_OUT_OF_RANGE, SESSION_UNKNOWN, REMS_NOT_ASKED, OCCURRED_BEFORE_START, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY, TOO_MANY.
/// </summary>
/// <param name="LotNumber">Of the devices, at most 40 characters; empty: not known.</param>
/// <param name="Taking">Classes that the patient takes, each once; the others are answered with no.</param>
/// <param name="ReadyMinutes">0 to 1,440 from the beginning of the dose; null: not judged.</param>
/// <param name="MonitoredBy">Who watched the patient, 1 to 120 characters.</param>
[GenerateSerializer, Immutable, Alias("record-rems-details")]
public sealed record RecordRemsDetails(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] string LotNumber,
    [property: Id(2)] ImmutableArray<RemsMedication> Taking,
    [property: Id(3)] int? ReadyMinutes,
    [property: Id(4)] string MonitoredBy,
    [property: Id(5)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordRemsDetails);

    private const int ReadyMinutesMax = 24 * 60;

    public static Decision<Accepted> Decide(PatientState state, RecordRemsDetails command, DateTimeOffset now)
    {
        if ((Texts.Check(command.LotNumber, 0, 40, "lot_number")
            ?? Texts.Check(command.MonitoredBy, 1, 120, "monitored_by")
            ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (command.Taking.Distinct().Count() < command.Taking.Length)
        {
            return Refusal.Invalid("MEDICATION_REPEATED", "taking", "Give each class at most once.");
        }

        if (command.ReadyMinutes is < 0 or > ReadyMinutesMax)
        {
            return Refusal.Invalid("READY_OUT_OF_RANGE", "ready_minutes", $"Give 0 to {ReadyMinutesMax} minutes.");
        }

        return RemsRules.CheckAsked(state, command.Session, command.OccurredAt, state.RemsDetails.Length) is { } notAsked
            ? notAsked
            : Decision<Accepted>.Accept(Accepted.Instance, new RemsDetailsRecorded(new(
                RecordedFacts.NextNumber(state, FactKind.RemsDetails), command.Session, command.LotNumber, command.Taking, command.ReadyMinutes, command.MonitoredBy, command.OccurredAt)));
    }
}
