namespace ClinicNetwork.Domain.Patients;

/// <summary>Somebody tried to reach the patient: a fact with how and what came of it. One that reached ends a loss to follow-up. Refused: PATIENT_DIED, TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
/// <param name="Note">At most 500 characters.</param>
[GenerateSerializer, Immutable, Alias("record-contact")]
public sealed record RecordContact(
    [property: Id(0)] ContactWay Way, [property: Id(1)] ContactResult Result, [property: Id(2)] string Note, [property: Id(3)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordContact);

    public static Decision<Accepted> Decide(PatientState state, RecordContact command, DateTimeOffset now)
    {
        var refusal = Texts.Check(command.Note, 0, 500, "note")
            ?? ClinicTime.CheckOccurred(command.OccurredAt, now)
            ?? (command.Result == ContactResult.Reached ? Death.RefuseAfter(state, command.OccurredAt) : null);
        return refusal is not null
            ? refusal
            : Decision<Accepted>.Accept(
                Accepted.Instance, new ContactRecorded(new(RecordedFacts.NextNumber(state, FactKind.Contact), command.Way, command.Result, command.Note, command.OccurredAt)));
    }
}
