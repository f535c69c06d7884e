using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Approvals;

internal static class ProposeKeyDestruction
{
    internal static CliCommand Build()
    {
        var approval = Given.Approval();
        var clinic = Given.Clinic();
        var reason = Given.Required(Given.Text("--reason", "Why; the second person reads it", 500));
        var hours = ProposeErasure.Hours();
        var mutation = new Mutation(timed: false);
        return new CliCommand(
            "propose-key-destruction", "Propose that a clinic's key be destroyed: it acts no more, and patients that no other clinic may read are lost.",
            "approvals propose-key-destruction approvals/close-harbour clinics/harbour --reason \"left the network\"")
            .With(approval, clinic, reason, hours)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Approvals.ProposeKeyDestructionAsync(
                        new() { RequestId = id, Approval = run.Of(approval), Clinic = run.Of(clinic), Reason = run.Of(reason), Hours = run.Of(hours) },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(approval)} waits for another person until {Show.Instant(answer.ExpiresAt)}: ");
                });
            });
    }
}
