using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;

namespace ClinicNetwork.Domain.Tests.Support;

/// <summary>A registry and terms of an agreement with it, well-formed.</summary>
internal static class Partnership
{
    public static readonly PartnerId Partner = new("eu");

    public static readonly AgreementId One = new(Partner, "one");

    public static readonly AgreementId Two = new(Partner, "two");

    public static readonly DateTimeOffset At = new(2025, 2, 3, 9, 0, 0, TimeSpan.Zero);

    public static readonly AgreementTerms Terms = new(
        "public-outcomes", ResearchPurpose.Research, [.. ReleaseProfiles.Always, "response"], At, At.AddDays(400), 0, "DUA 2025-17", "");

    public static readonly PartnerState Registered =
        Fold(PartnerState.Empty, RegisterPartner.Decide(PartnerState.Empty, new(Partner, "European registry", RecipientClass.ResearchRegistry), At));

    public static PartnerState Fold<TAnswer>(PartnerState state, Decision<TAnswer> decision)
        where TAnswer : class =>
        decision.Refusal is { } refusal
            ? throw new InvalidOperationException($"Refused: {refusal.Reason}.")
            : decision.Events.Aggregate(state, PartnerState.Evolve);
}
