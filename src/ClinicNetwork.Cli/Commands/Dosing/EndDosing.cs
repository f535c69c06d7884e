using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Dosing;

internal static class EndDosing
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var mutation = new Mutation(timed: false);
        return new CliCommand("end", "Be the dosing site no more. For the dosing site.", "dosing end patients/p-1 --site clinics/hillside")
            .With(patient)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Dosing.EndDosingAsync(new() { RequestId = id, Patient = run.Of(patient) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, "no clinic may dose without the network: ");
                });
            });
    }
}
