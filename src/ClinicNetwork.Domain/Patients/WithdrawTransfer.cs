using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The home clinic takes its offer back. Refused: SITE_MISSING, SITE_NOT_HOME, TRANSFER_UNKNOWN, TRANSFER_CLOSED, TRANSFER_EXPIRED.</summary>
/// <param name="Number">Of the offer, 1..n of this patient.</param>
/// <param name="Site">The site that acts, from the connection.</param>
/// <param name="Actor">Who acts, from the connection.</param>
[GenerateSerializer, Immutable, Alias("withdraw-transfer")]
public sealed record WithdrawTransfer([property: Id(0)] int Number, [property: Id(1)] ClinicId? Site = null, [property: Id(2)] string Actor = "")
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(WithdrawTransfer);

    public static Decision<Accepted> Decide(PatientState state, WithdrawTransfer command, DateTimeOffset now) =>
        (TransferRules.CheckHome(state, command.Site) ?? TransferRules.CheckOpen(state, command.Number, now)) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new TransferWithdrawn(command.Number, command.Actor, now));
}
