using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Partners;

/// <summary>A recipient of releases becomes known to the network. Refused: PARTNER_EXISTS, TEXT_INVALID.</summary>
[GenerateSerializer, Immutable, Alias("register-partner")]
public sealed record RegisterPartner([property: Id(0)] PartnerId Partner, [property: Id(1)] string DisplayName, [property: Id(2)] RecipientClass Class)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RegisterPartner);

    public static Decision<Accepted> Decide(PartnerState state, RegisterPartner command, DateTimeOffset now) =>
        state.Exists ? Refusal.Exists("PARTNER_EXISTS", "partner.name", "Choose another id, or read the partner that is there.")
        : Texts.Check(command.DisplayName, 1, 120, "partner.display_name") is { } text ? text
        : Decision<Accepted>.Accept(Accepted.Instance, new PartnerRegistered(command.Partner, command.DisplayName, command.Class, now));
}
