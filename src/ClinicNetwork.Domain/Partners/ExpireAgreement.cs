using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Partners;

/// <summary>The agreement's period is over; it gives nothing any more by itself. Sent by the due loop. Refused: AGREEMENT_NOT_FOUND, AGREEMENT_ENDED,
/// AGREEMENT_NOT_ACTIVE, AGREEMENT_OPEN.</summary>
[GenerateSerializer, Immutable, Alias("expire-agreement")]
public sealed record ExpireAgreement([property: Id(0)] AgreementId Agreement)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ExpireAgreement);

    public static Decision<Accepted> Decide(PartnerState state, ExpireAgreement command, DateTimeOffset now) =>
        state.Find(command.Agreement) is not { } agreement ? PartnerState.RefuseUnknownAgreement("agreement")
        : agreement.Status is AgreementStatus.Ended or AgreementStatus.Expired ? Partners.Agreement.RefuseOver()
        : agreement.Status is not (AgreementStatus.Active or AgreementStatus.Suspended) ? agreement.RefuseNotInForce(now)!
        : now < agreement.Terms.ValidTo ? Refusal.Precondition("AGREEMENT_OPEN", "agreement", "Its period is not over; wait for it, or end it.")
        : Decision<Accepted>.Accept(Accepted.Instance, new AgreementExpired(command.Agreement, now));
}
