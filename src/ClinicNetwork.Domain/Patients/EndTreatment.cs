namespace ClinicNetwork.Domain.Patients;

/// <summary>Treatment ended: a fact with its reason. Refused: TREATMENT_ENDED, TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY. Follow-up goes on.</summary>
[GenerateSerializer, Immutable, Alias("end-treatment")]
public sealed record EndTreatment([property: Id(0)] string Reason, [property: Id(1)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(EndTreatment);

    public static Decision<Accepted> Decide(PatientState state, EndTreatment command, DateTimeOffset now)
    {
        if (state.EndedAt is not null)
        {
            return Refusal.Precondition("TREATMENT_ENDED", "patient", "Treatment has ended already.");
        }

        return (Texts.Check(command.Reason, 1, 500, "reason") ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new TreatmentEnded(command.Reason, command.OccurredAt));
    }
}
