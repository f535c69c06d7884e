using ClinicNetwork.Cli.Commands.Partners;

namespace ClinicNetwork.Cli.Commands;

internal static class AgreementCommands
{
    internal static CliCommand Build() => new CliCommand(
        "agreement", "Data-use agreements with partners: drafted, wanted by two persons, suspended, ended.", "agreement list partners/eu-registry", "agreement show eu-registry/outcomes").With(
        DraftAgreement.Build(),
        ProposeAgreement.Build("propose", "Propose that a draft come into force as it was read; another person approves it (approvals show, approvals approve)."),
        StopAgreement.Suspend(),
        ProposeAgreement.Build("resume", "Propose that a suspended agreement be resumed; another person approves it (approvals show, approvals approve)."),
        StopAgreement.End(), RekeyAgreement.Build(), ShowAgreement.Build(), ListAgreements.Build());
}
