using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The clinic that the patient is offered to does not take the patient. Refused: SITE_MISSING, SITE_NOT_RECEIVER, TEXT_INVALID, TRANSFER_UNKNOWN, TRANSFER_CLOSED, TRANSFER_EXPIRED.</summary>
/// <param name="Number">Of the offer, 1..n of this patient.</param>
/// <param name="Reason">1 to 500 characters; the home clinic reads it.</param>
/// <param name="Site">The site that acts, from the connection.</param>
/// <param name="Actor">Who acts, from the connection.</param>
[GenerateSerializer, Immutable, Alias("decline-transfer")]
public sealed record DeclineTransfer(
    [property: Id(0)] int Number, [property: Id(1)] string Reason, [property: Id(2)] ClinicId? Site = null, [property: Id(3)] string Actor = "")
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(DeclineTransfer);

    public static Decision<Accepted> Decide(PatientState state, DeclineTransfer command, DateTimeOffset now) =>
        (TransferRules.CheckReceiver(state, command.Number, command.Site)
            ?? Texts.Check(command.Reason, 1, OfferTransfer.ReasonLengthMax, "reason")
            ?? TransferRules.CheckOpen(state, command.Number, now)) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new TransferDeclined(command.Number, command.Reason, command.Actor, now));
}
