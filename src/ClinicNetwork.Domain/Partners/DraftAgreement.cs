using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Partners;

/// <summary>
/// The terms of a new agreement, or others for one that nobody has approved: an open proposal of those before can then no longer be carried out. Refused: PARTNER_NOT_FOUND,
/// AGREEMENT_EXISTS, AGREEMENT_NOT_FOUND, AGREEMENT_FIXED, AGREEMENT_CHANGED, TOO_MANY_AGREEMENTS, and
/// for the terms PROFILE_UNKNOWN, FIELD_UNKNOWN, FIELD_DOUBLED, FIELD_MISSING, PERIOD_INVALID, QUOTA_INVALID, TEXT_INVALID, FINDING_NOT_NEEDED.
/// </summary>
/// <param name="Revision">Of the terms that were read; 0: the agreement is new.</param>
[GenerateSerializer, Immutable, Alias("draft-agreement")]
public sealed record DraftAgreement([property: Id(0)] AgreementId Agreement, [property: Id(1)] AgreementTerms Terms, [property: Id(2)] int Revision)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(DraftAgreement);

    public static Decision<Accepted> Decide(PartnerState state, DraftAgreement command, DateTimeOffset now)
    {
        if ((state.Exists ? RefuseFor(state, command) : PartnerState.RefuseUnknown("agreement")) is { } refusal)
        {
            return refusal;
        }

        return command.Terms.Check(now) is { } invalid
            ? invalid
            : Decision<Accepted>.Accept(Accepted.Instance, new AgreementDrafted(command.Agreement, command.Terms.InOrder(), command.Revision + 1, now));
    }

    private static Refusal? RefuseFor(PartnerState state, DraftAgreement command) => (state.Find(command.Agreement), command.Revision) switch
    {
        (null, 0) => state.Agreements.Length >= PartnerState.AgreementsMax
            ? Refusal.Precondition("TOO_MANY_AGREEMENTS", "agreement", $"The partner has {PartnerState.AgreementsMax} agreements; register it anew under another id.")
            : null,
        (null, _) => PartnerState.RefuseUnknownAgreement("agreement"),
        (_, 0) => Refusal.Exists("AGREEMENT_EXISTS", "agreement", "Choose another id, or read the agreement and send its etag to change its terms."),
        ({ Status: not (AgreementStatus.Draft or AgreementStatus.Proposed) }, _) =>
            Refusal.Precondition("AGREEMENT_FIXED", "agreement", "Two persons wanted its terms as they are; end it and draft another."),
        ({ } found, var read) => found.Revision == read ? null : Partners.Agreement.RefuseChanged("etag"),
    };
}
