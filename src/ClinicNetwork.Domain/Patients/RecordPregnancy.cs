namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A pregnancy was found or is over, or breastfeeding began or ended: a fact. A pregnancy stops doses, unless a clinician gives the reason to go on, and raises an alert.
/// Refused: NOTHING_TO_END, PATIENT_DIED, TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
/// <param name="Note">At most 500 characters.</param>
[GenerateSerializer, Immutable, Alias("record-pregnancy")]
public sealed record RecordPregnancy([property: Id(0)] PregnancyFinding Finding, [property: Id(1)] string Note, [property: Id(2)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordPregnancy);

    public static Decision<Accepted> Decide(PatientState state, RecordPregnancy command, DateTimeOffset now)
    {
        var refusal = Texts.Check(command.Note, 0, 500, "note")
            ?? ClinicTime.CheckOccurred(command.OccurredAt, now)
            ?? Death.RefuseAfter(state, command.OccurredAt)
            ?? (EndsNothing(state, command) ? Refusal.Precondition("NOTHING_TO_END", "finding", "Record first what began, and when.") : null);
        return refusal is not null
            ? refusal
            : Decision<Accepted>.Accept(
                Accepted.Instance, new PregnancyRecorded(new(RecordedFacts.NextNumber(state, FactKind.Pregnancy), command.Finding, command.Note, command.OccurredAt)));
    }

    private static bool EndsNothing(PatientState state, RecordPregnancy command) =>
        (command.Finding == PregnancyFinding.Ended && !state.IsPregnant(command.OccurredAt))
        || (command.Finding == PregnancyFinding.BreastfeedingEnded && !state.IsBreastfeeding(command.OccurredAt));
}
