using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Partners;

/// <summary>
/// The first of two persons wants that a draft come into force as it was read, or that a suspended agreement be resumed. A later proposal takes the place of an earlier one.
/// Refused: PARTNER_NOT_FOUND, AGREEMENT_NOT_FOUND, AGREEMENT_ACTIVE, AGREEMENT_ENDED, AGREEMENT_CHANGED, AGREEMENT_IN_FORCE, PERIOD_INVALID, TEXT_INVALID, HOURS_INVALID,
/// NOT_A_PERSON.
/// </summary>
/// <param name="Revision">Of the terms that were read.</param>
/// <param name="Approval">A new one, which a second person approves.</param>
/// <param name="Reason">1 to 500 characters; the second person reads it.</param>
/// <param name="Hours">As <see cref="Propose"/>.</param>
[GenerateSerializer, Immutable, Alias("propose-agreement")]
public sealed record ProposeAgreement(
    [property: Id(0)] AgreementId Agreement,
    [property: Id(1)] int Revision,
    [property: Id(2)] ApprovalId Approval,
    [property: Id(3)] string Reason,
    [property: Id(4)] int Hours)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ProposeAgreement);

    public static Decision<Accepted> Decide(PartnerState state, ProposeAgreement command, Person by, DateTimeOffset now)
    {
        if (!state.Exists || state.Find(command.Agreement) is not { } agreement)
        {
            return state.Exists ? PartnerState.RefuseUnknownAgreement("agreement") : PartnerState.RefuseUnknown("agreement");
        }

        return (RefuseFor(agreement, command, now) ?? state.RefuseSecond(agreement, now) ?? Propose.Check(command.Reason, command.Hours, by)) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new AgreementProposed(command.Agreement, command.Approval, Propose.EndOf(command.Hours, now), now));
    }

    private static Refusal? RefuseFor(Agreement agreement, ProposeAgreement command, DateTimeOffset now) => agreement.StatusAt(now) switch
    {
        AgreementStatus.Active => Refusal.Precondition("AGREEMENT_ACTIVE", "agreement", "It is in force already; read it."),
        AgreementStatus.Ended or AgreementStatus.Expired => Partners.Agreement.RefuseOver(),
        _ when command.Revision != agreement.Revision => Partners.Agreement.RefuseChanged("etag"),
        _ when now >= agreement.Terms.ValidTo => Refusal.Precondition("PERIOD_INVALID", "agreement", "Its period is over; draft it with another."),
        _ => null,
    };
}
