using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Partners;

/// <summary>
/// Nothing is given by the agreement from now on; one person may, two resume it. Refused: PARTNER_NOT_FOUND, AGREEMENT_NOT_FOUND, AGREEMENT_NOT_ACTIVE, AGREEMENT_SUSPENDED,
/// AGREEMENT_ENDED, TEXT_INVALID.
/// </summary>
/// <param name="Reason">1 to 500 characters.</param>
[GenerateSerializer, Immutable, Alias("suspend-agreement")]
public sealed record SuspendAgreement([property: Id(0)] AgreementId Agreement, [property: Id(1)] string Reason)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(SuspendAgreement);

    public static Decision<Accepted> Decide(PartnerState state, SuspendAgreement command, DateTimeOffset now)
    {
        if (!state.Exists || state.Find(command.Agreement) is not { } agreement)
        {
            return state.Exists ? PartnerState.RefuseUnknownAgreement("agreement") : PartnerState.RefuseUnknown("agreement");
        }

        return agreement.RefuseNotInForce(now) is { } refusal ? refusal
            : agreement.Status == AgreementStatus.Suspended ? Refusal.Precondition("AGREEMENT_SUSPENDED", "agreement", "It is suspended already; read it.")
            : Texts.Check(command.Reason, 1, 500, "reason") is { } text ? text
            : Decision<Accepted>.Accept(Accepted.Instance, new AgreementSuspended(command.Agreement, command.Reason, now));
    }
}
