using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.Cli.Commands.Transfers;

internal static class OfferTransfer
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var to = Given.Clinic("--to", "clinics/{clinic} that takes the patient");
        var reason = Given.Required(Given.Text("--reason", "Why; the other clinic reads it", 500));
        var keeps = Given.MayBeOneOf<KeptAccess>("--keep", "What the home clinic may do afterwards, without it read");
        var days = Given.Whole("--days", "Days until it expires", 1, 30, 14);
        var mutation = new Mutation(timed: false);
        return new CliCommand("offer", "Offer a patient to another clinic; nothing moves before it accepts. For the home clinic.",
            "transfer offer patients/p-1 --to clinics/hillside --reason \"moves there in June\" --site clinics/harbour",
            "transfer offer patients/p-1 --to clinics/hillside --reason \"moved away\" --keep none --days 7 --site clinics/harbour")
            .With(patient, to, reason, keeps, days)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Transfers.OfferTransferAsync(
                        new() { RequestId = id, Patient = run.Of(patient), ToClinic = run.Of(to), Reason = run.Of(reason), Keeps = run.Of(keeps), Days = run.Of(days) },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"transfer {answer.Number} waits for {run.Of(to)} until {Show.Instant(answer.ExpiresAt)}: ");
                });
            });
    }
}
