using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Dosing;

internal static class PassDosing
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var to = Given.Clinic("--to", "clinics/{clinic} that becomes the dosing site");
        var mutation = new Mutation(timed: false);
        return new CliCommand("pass", "Make another clinic the dosing site, at once. For the dosing site.",
            "dosing pass patients/p-1 --to clinics/harbour --site clinics/hillside")
            .With(patient, to)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Dosing.PassDosingAsync(new() { RequestId = id, Patient = run.Of(patient), ToSite = run.Of(to) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{answer.Dosing.Site} may dose without the network until {Show.Instant(answer.Dosing.ExpiresAt)}: ");
                });
            });
    }
}
