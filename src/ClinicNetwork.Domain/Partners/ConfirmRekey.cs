using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Partners;

/// <summary>The signed list that replaces the recipient's pseudonyms is published. Sent by the due loop. Refused: AGREEMENT_NOT_FOUND.</summary>
/// <param name="Epoch">Of the key that was asked for.</param>
[GenerateSerializer, Immutable, Alias("confirm-rekey")]
public sealed record ConfirmRekey([property: Id(0)] AgreementId Agreement, [property: Id(1)] int Epoch)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ConfirmRekey);

    public static Decision<Accepted> Decide(PartnerState state, ConfirmRekey command, DateTimeOffset now) => state.Find(command.Agreement) is null
        ? PartnerState.RefuseUnknownAgreement("agreement")
        : Decision<Accepted>.Accept(Accepted.Instance, new RekeyPublished(command.Agreement, command.Epoch, now));
}
