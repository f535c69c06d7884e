using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// Consent to research is given, changed or (empty) withdrawn. A withdrawal always works, whatever the state. Refused:
/// RECIPIENTS_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
[GenerateSerializer, Immutable, Alias("set-research-consent")]
public sealed record SetResearchConsent([property: Id(0)] ImmutableArray<RecipientClass> Recipients, [property: Id(1)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(SetResearchConsent);

    public static Decision<Accepted> Decide(PatientState state, SetResearchConsent command, DateTimeOffset now)
    {
        _ = state;
        if (command.Recipients.Distinct().Count() != command.Recipients.Length)
        {
            return Refusal.Invalid("RECIPIENTS_INVALID", "recipients", "Name each class of recipients once.");
        }

        return ClinicTime.CheckOccurred(command.OccurredAt, now) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new ResearchConsentSet([.. command.Recipients.Order()], command.OccurredAt));
    }
}
