using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Transfers;

internal static class DeclineTransfer
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var number = Given.TransferNumber();
        var reason = Given.Required(Given.Text("--reason", "Why; the home clinic reads it", 500));
        var mutation = new Mutation(timed: false);
        return new CliCommand("decline", "Do not take a patient who is offered.", "transfer decline patients/p-1 --number 1 --reason \"no place before autumn\" --site clinics/hillside")
            .With(patient, number, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Transfers.DeclineTransferAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Number = run.Of(number), Reason = run.Of(reason) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"transfer {run.Of(number)} declined: ");
                });
            });
    }
}
