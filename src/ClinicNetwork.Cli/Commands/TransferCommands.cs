using ClinicNetwork.Cli.Commands.Transfers;

namespace ClinicNetwork.Cli.Commands;

internal static class TransferCommands
{
    internal static CliCommand Build() => new CliCommand(
        "transfer", "A patient's care goes to another clinic: the home clinic offers, the other one accepts.",
        "transfer list clinics/hillside", "transfer show patients/p-1").With(
        OfferTransfer.Build(), WithdrawTransfer.Build(), AcceptTransfer.Build(), DeclineTransfer.Build(), ListTransfers.Build(), ShowTransfer.Build());
}
