namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A person declares the patient lost to follow-up, after as many failed attempts as <see cref="LossRule"/> asks for. No session until the patient is reached; what falls due
/// meanwhile is missing with this reason. Refused: PATIENT_DIED, PATIENT_LOST, CONTACTS_TOO_FEW, TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
/// <param name="Note">At most 500 characters.</param>
[GenerateSerializer, Immutable, Alias("declare-lost")]
public sealed record DeclareLost([property: Id(0)] string Note, [property: Id(1)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(DeclareLost);

    public static Decision<Accepted> Decide(PatientState state, DeclareLost command, DateTimeOffset now)
    {
        if ((Texts.Check(command.Note, 0, 500, "note") ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (state.Death is not null)
        {
            return Death.Died;
        }

        if (state.PresentLoss() is not null)
        {
            return Refusal.Precondition("PATIENT_LOST", "patient", "The patient is declared lost to follow-up already.");
        }

        var rule = LossRule.Newest;
        return LossToFollowUp.FailedAttempts(state, command.OccurredAt, rule) < rule.AttemptsMin
            ? Refusal.Precondition(
                "CONTACTS_TOO_FEW", "patient", $"Record {rule.AttemptsMin} failed attempts since the patient was last reached, at least {rule.ApartDaysMin} days apart.")
            : Decision<Accepted>.Accept(Accepted.Instance, new LossDeclared(new(RecordedFacts.NextNumber(state, FactKind.Loss), rule.Version, command.Note, command.OccurredAt)));
    }
}
