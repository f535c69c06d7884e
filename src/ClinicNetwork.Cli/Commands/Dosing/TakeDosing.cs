using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Dosing;

internal static class TakeDosing
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var mutation = new Mutation(timed: false);
        return new CliCommand("take", "Become the dosing site, or stay it for another time: to the day of the next session, at most 72 hours.",
            "dosing take patients/p-1 --site clinics/hillside")
            .With(patient)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Dosing.TakeDosingAsync(new() { RequestId = id, Patient = run.Of(patient) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{answer.Dosing.Site} may dose without the network until {Show.Instant(answer.Dosing.ExpiresAt)}: ");
                });
            });
    }
}
