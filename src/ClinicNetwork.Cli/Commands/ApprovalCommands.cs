using ClinicNetwork.Cli.Commands.Approvals;

namespace ClinicNetwork.Cli.Commands;

internal static class ApprovalCommands
{
    internal static CliCommand Build() => new CliCommand(
        "approvals", "What two persons have to want: one proposes, another approves.", "approvals list", "approvals show approvals/erase-7").With(
        ProposeErasure.Build(), ProposeKeyDestruction.Build(), ListApprovals.Build(), ShowApproval.Build(), Approve.Build(), Reject.Build());
}
