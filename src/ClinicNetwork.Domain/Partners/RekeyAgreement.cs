using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Partners;

/// <summary>
/// The key of the recipient's pseudonyms leaked: others take their place, told by a signed list. One person may, since nobody is given more by it. Refused: PARTNER_NOT_FOUND,
/// AGREEMENT_NOT_FOUND, AGREEMENT_NOT_ACTIVE, AGREEMENT_ENDED, EPOCH_CHANGED, TEXT_INVALID.
/// </summary>
/// <param name="Epoch">Of the key that leaked, which is the present one: asked for twice, there is one new key.</param>
/// <param name="Reason">1 to 500 characters.</param>
[GenerateSerializer, Immutable, Alias("rekey-agreement")]
public sealed record RekeyAgreement([property: Id(0)] AgreementId Agreement, [property: Id(1)] int Epoch, [property: Id(2)] string Reason)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RekeyAgreement);

    public static Decision<Accepted> Decide(PartnerState state, RekeyAgreement command, DateTimeOffset now)
    {
        if (!state.Exists || state.Find(command.Agreement) is not { } agreement)
        {
            return state.Exists ? PartnerState.RefuseUnknownAgreement("agreement") : PartnerState.RefuseUnknown("agreement");
        }

        return agreement.RefuseNotInForce(now) is { } refusal ? refusal
            : command.Epoch != agreement.Epoch ? Refusal.Stale("EPOCH_CHANGED", "epoch", "Its key is another one already; read the agreement.")
            : Texts.Check(command.Reason, 1, 500, "reason") is { } text ? text
            : Decision<Accepted>.Accept(Accepted.Instance, new AgreementRekeyed(command.Agreement, agreement.Epoch + 1, command.Reason, now));
    }
}
