using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Transfers;

internal static class AcceptTransfer
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var number = Given.TransferNumber();
        var record = Given.Required(Given.Text("--record", "Record number of the patient in this clinic", 60));
        var mutation = new Mutation(timed: false);
        return new CliCommand("accept", "Take a patient who is offered: this clinic is the home clinic at once.",
            "transfer accept patients/p-1 --number 1 --record H-2041 --site clinics/hillside")
            .With(patient, number, record)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Transfers.AcceptTransferAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Number = run.Of(number), RecordNumber = run.Of(record) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(patient)} is at home here: ");
                });
            });
    }
}
