using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class SetResearchConsent
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var recipients = Given.ManyOf<RecipientClass>("--to", "Who may receive anonymised outcomes");
        var withdraw = Given.Flag("--withdraw", "Permit nobody: after the answer no delivery holds the person");
        var mutation = new Mutation();
        return new CliCommand("consent", "Give, change or withdraw consent to research.",
            "patient consent patients/p-1 --to research-registry", "patient consent patients/p-1 --withdraw")
            .With(patient, recipients, withdraw)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                if (run.Of(withdraw) == run.Of(recipients).Length > 0)
                    throw new InputException("--to", "give the recipients, or --withdraw");
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.SetResearchConsentAsync(
                        new() { RequestId = id, Patient = run.Of(patient), OccurredAt = at, Recipients = { run.Of(recipients) } },
                        cancellationToken: run.Cancelled);
                    var permitted = Show.Count(run.Of(recipients).Length, "class of recipients", "classes of recipients");
                    var told = run.Of(withdraw) ? "research consent withdrawn: " : $"research permitted for {permitted}: ";
                    return (answer.Receipt, told);
                });
            });
    }
}
