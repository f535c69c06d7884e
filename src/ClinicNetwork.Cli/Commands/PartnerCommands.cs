using ClinicNetwork.Cli.Commands.Partners;

namespace ClinicNetwork.Cli.Commands;

internal static class PartnerCommands
{
    internal static CliCommand Build() => new CliCommand(
        "partner", "Recipients of anonymised outcomes.", "partner list", "partner show partners/eu-registry").With(RegisterPartner.Build(), ShowPartner.Build(), ListPartners.Build());
}
