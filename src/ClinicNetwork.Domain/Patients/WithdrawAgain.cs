using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A withdrawal that a restore lost and the disclosure ledger kept is recorded again. Sent by the due loop. Refused: nothing.</summary>
/// <param name="Permitted">What was still permitted, as <see cref="ReleasePermission"/>'s bits.</param>
/// <param name="Until">End of its period; null: none.</param>
/// <param name="OccurredAt">When it was taken back.</param>
[GenerateSerializer, Immutable, Alias("withdraw-again")]
public sealed record WithdrawAgain([property: Id(0)] int Permitted, [property: Id(1)] DateTimeOffset? Until, [property: Id(2)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(WithdrawAgain);

    public static Decision<Accepted> Decide(PatientState state, WithdrawAgain command, DateTimeOffset now)
    {
        _ = now;
        ResearchConsentSet withdrawn = new([], command.OccurredAt);
        return Decision<Accepted>.Accept(Accepted.Instance, state.PresentConsent() is { } present ? Narrowed(present, command) ?? withdrawn : withdrawn);
    }

    /// <summary>Null: nothing is left.</summary>
    private static ResearchConsentSet? Narrowed(ResearchConsentSet present, WithdrawAgain command)
    {
        ImmutableArray<RecipientClass> recipients = [.. present.Recipients.Where(r => (command.Permitted & (int)r) != 0)];
        ImmutableArray<ResearchPurpose> purposes = [.. present.GivenPurposes.Where(p => (command.Permitted & (int)p) != 0)];
        return recipients.IsEmpty || purposes.IsEmpty
            ? null
            : new(recipients, command.OccurredAt) { Purposes = purposes, Until = command.Until is null || present.Until < command.Until ? present.Until : command.Until };
    }
}
