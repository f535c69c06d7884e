using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Partners;

internal static class RegisterPartner
{
    internal static CliCommand Build()
    {
        var partner = Given.Partner();
        var displayName = Given.Required(Given.Text("--display-name", "Name for people", 120));
        var kind = Given.OneOf<RecipientClass>("--class", "What it is, as persons permit it; it never changes");
        var mutation = new Mutation(timed: false);
        return new CliCommand("register", "Register a recipient of anonymised outcomes.",
            "partner register partners/eu-registry --display-name \"European registry\" --class research-registry")
            .With(partner, displayName, kind)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Partners.RegisterPartnerAsync(
                        new() { RequestId = id, Partner = new() { Name = run.Of(partner), DisplayName = run.Of(displayName), RecipientClass = run.Of(kind) } },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"registered {run.Of(partner)}: ");
                });
            });
    }
}
