using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Transfers;

internal static class WithdrawTransfer
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var number = Given.TransferNumber();
        var mutation = new Mutation(timed: false);
        return new CliCommand("withdraw", "Take an offer back. For the home clinic.", "transfer withdraw patients/p-1 --number 1 --site clinics/harbour")
            .With(patient, number)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Transfers.WithdrawTransferAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Number = run.Of(number) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"transfer {run.Of(number)} withdrawn: ");
                });
            });
    }
}
