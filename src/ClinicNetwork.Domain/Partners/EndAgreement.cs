using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Partners;

/// <summary>The agreement is over, in whatever state it was; there is no way back. Refused: PARTNER_NOT_FOUND, AGREEMENT_NOT_FOUND, AGREEMENT_ENDED, TEXT_INVALID.</summary>
/// <param name="Reason">1 to 500 characters.</param>
[GenerateSerializer, Immutable, Alias("end-agreement")]
public sealed record EndAgreement([property: Id(0)] AgreementId Agreement, [property: Id(1)] string Reason)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(EndAgreement);

    public static Decision<Accepted> Decide(PartnerState state, EndAgreement command, DateTimeOffset now)
    {
        if (!state.Exists || state.Find(command.Agreement) is not { } agreement)
        {
            return state.Exists ? PartnerState.RefuseUnknownAgreement("agreement") : PartnerState.RefuseUnknown("agreement");
        }

        return agreement.StatusAt(now) is AgreementStatus.Ended or AgreementStatus.Expired ? Partners.Agreement.RefuseOver()
            : Texts.Check(command.Reason, 1, 500, "reason") is { } text ? text
            : Decision<Accepted>.Accept(Accepted.Instance, new AgreementEnded(command.Agreement, command.Reason, now));
    }
}
