using ClinicNetwork.Cli.Commands.Approvals;
using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Partners;

internal static class ProposeAgreement
{
    /// <param name="name">Of the command: one call brings a draft into force and resumes what is suspended.</param>
    internal static CliCommand Build(string name, string description)
    {
        var agreement = Given.Agreement();
        var approval = Given.Approval();
        var etag = Given.Required(Given.Option("--etag", "the agreement's etag, as show prints it: what was not read is not proposed", "ETAG", text => text.Length > 0 ? text : null));
        var reason = Given.Required(Given.Text("--reason", "Why; the second person reads it", 500));
        var hours = ProposeErasure.Hours();
        var mutation = new Mutation(timed: false);
        return new CliCommand(name, description, $"agreement {name} eu-registry/outcomes approvals/{name}-eu-1 --etag ETAG --reason \"signed by both sides\"")
            .With(agreement, approval, etag, reason, hours)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Partners.ProposeAgreementAsync(
                        new() { RequestId = id, Agreement = run.Of(agreement), Approval = run.Of(approval), Etag = run.Of(etag), Reason = run.Of(reason), Hours = run.Of(hours) },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(approval)} waits for another person until {Show.Instant(answer.ExpiresAt)}: ");
                });
            });
    }
}
