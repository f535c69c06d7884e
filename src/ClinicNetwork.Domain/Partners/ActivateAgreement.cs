using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Partners;

/// <summary>
/// Two persons wanted exactly these terms: the agreement comes into force, or is resumed. Sent by the approval. Refused: PARTNER_NOT_FOUND, AGREEMENT_NOT_FOUND,
/// AGREEMENT_CHANGED, AGREEMENT_ENDED, AGREEMENT_IN_FORCE.
/// </summary>
/// <param name="Revision">Of the terms that the second person read.</param>
[GenerateSerializer, Immutable, Alias("activate-agreement")]
public sealed record ActivateAgreement([property: Id(0)] AgreementId Agreement, [property: Id(1)] int Revision, [property: Id(2)] ApprovalId Approval)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ActivateAgreement);

    public static Decision<Accepted> Decide(PartnerState state, ActivateAgreement command, DateTimeOffset now)
    {
        if (!state.Exists || state.Find(command.Agreement) is not { } agreement)
        {
            return state.Exists ? PartnerState.RefuseUnknownAgreement("agreement") : PartnerState.RefuseUnknown("agreement");
        }

        // The proposal was approved in its time, whenever this comes; the agreement's own period is another matter.
        return agreement.Status is AgreementStatus.Ended or AgreementStatus.Expired || now >= agreement.Terms.ValidTo ? Partners.Agreement.RefuseOver()
            : agreement.Revision != command.Revision || agreement.Proposal?.Approval != command.Approval ? Partners.Agreement.RefuseChanged("agreement")
            : state.RefuseSecond(agreement, now) is { } second ? second
            : Decision<Accepted>.Accept(Accepted.Instance, new AgreementActivated(command.Agreement, command.Approval, now));
    }
}
