using ClinicNetwork.Cli.Commands.Audit;

namespace ClinicNetwork.Cli.Commands;

internal static class AuditCommands
{
    internal static CliCommand Build() => new CliCommand(
        "audit", "What was changed, read, released and refused, and whether that record is whole.", "audit verify", "audit of patients/anna")
        .With(VerifyAudit.Build(), ListAccesses.Build());
}
