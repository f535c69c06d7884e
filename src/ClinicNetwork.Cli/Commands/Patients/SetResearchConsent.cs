using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class SetResearchConsent
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var recipients = Given.ManyOf<RecipientClass>("--to", "Who may receive anonymised outcomes");
        var purposes = Given.ManyOf<ResearchPurpose>("--for", "What they may use them for; research unless told");
        var until = Given.Instant("--until", "When consent ends by itself");
        var withdraw = Given.Flag("--withdraw", "Permit nobody: after the answer no delivery holds the person");
        var mutation = new Mutation();
        return new CliCommand("consent", "Give, change or withdraw consent to research.",
            "patient consent patients/p-1 --to research-registry", "patient consent patients/p-1 --to public-health --for safety-monitoring --until 2027-01-01T00:00:00Z", "patient consent patients/p-1 --withdraw")
            .With(patient, recipients, purposes, until, withdraw)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                if (run.Of(withdraw) == run.Of(recipients).Length > 0)
                    throw new InputException("--to", "give the recipients, or --withdraw");
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.SetResearchConsentAsync(
                        new() { RequestId = id, Patient = run.Of(patient), OccurredAt = at, Recipients = { run.Of(recipients) }, Purposes = { run.Of(purposes) }, Until = run.Of(until) },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{(run.Of(withdraw) ? "research consent withdrawn" : "research consent recorded")}; permitted now: {ShowPatient.Told(answer.Permitted)}: ");
                });
            });
    }
}
