namespace ClinicNetwork.Domain.Patients;

/// <summary>The period for which consent to research was given is over: that is a withdrawal, for good. Sent by the due loop. Refused: CONSENT_NOT_OVER.</summary>
[GenerateSerializer, Immutable, Alias("end-research-consent")]
public sealed record EndResearchConsent
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(EndResearchConsent);

    public static Decision<Accepted> Decide(PatientState state, EndResearchConsent command, DateTimeOffset now)
    {
        _ = command;
        return state.PresentConsent()?.Until is { } until && until <= now
            ? Decision<Accepted>.Accept(Accepted.Instance, new ResearchConsentSet([], until))
            : Refusal.Precondition("CONSENT_NOT_OVER", "patient", "There is no consent whose period is over.");
    }
}
