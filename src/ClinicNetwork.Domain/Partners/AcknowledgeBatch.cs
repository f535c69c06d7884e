using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Partners;

/// <summary>
/// The partner has stored a batch and all before it, and did what their manifests tell. Also when the agreement is over: what was given before is still to be honoured.
/// Refused: PARTNER_NOT_FOUND, AGREEMENT_NOT_FOUND, BATCH_INVALID.
/// </summary>
/// <param name="Number">Of a batch that the recipient was given, 1..n; whoever asks has seen that there is one.</param>
[GenerateSerializer, Immutable, Alias("acknowledge-batch")]
public sealed record AcknowledgeBatch([property: Id(0)] AgreementId Agreement, [property: Id(1)] int Number)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(AcknowledgeBatch);

    public static Decision<BatchAnswer> Decide(PartnerState state, AcknowledgeBatch command, DateTimeOffset now)
    {
        if (!state.Exists || state.Find(command.Agreement) is not { } agreement)
        {
            return state.Exists ? PartnerState.RefuseUnknownAgreement("name") : PartnerState.RefuseUnknown("name");
        }

        return command.Number < 1
            ? Refusal.Invalid("BATCH_INVALID", "name", "Give the number of a batch, 1 or more.")
            : Decision<BatchAnswer>.Accept(
                new BatchAnswer(Math.Max(agreement.Acknowledged, command.Number)), new BatchesAcknowledged(command.Agreement, command.Number, now));
    }
}

/// <param name="Acknowledged">Number of the last batch that is acknowledged now.</param>
[GenerateSerializer, Immutable, Alias("batch-answer")]
public sealed record BatchAnswer([property: Id(0)] int Acknowledged);
