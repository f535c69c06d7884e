using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Partners;

internal static class RekeyAgreement
{
    internal static CliCommand Build()
    {
        var agreement = Given.Agreement();
        var epoch = Given.Required(Given.Whole("--epoch", "Epoch of the key that leaked, as show prints it", 1, 1_000_000, 0));
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var mutation = new Mutation(timed: false);
        return new CliCommand("rekey", "Answer a leaked key of pseudonyms: the recipient gets others, and a signed list of old and new.",
            "agreement rekey eu-registry/outcomes --epoch 1 --reason \"key file mailed by mistake\"")
            .With(agreement, epoch, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Partners.RekeyAgreementAsync(
                        new() { RequestId = id, Agreement = run.Of(agreement), Epoch = run.Of(epoch), Reason = run.Of(reason) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"rekeyed {run.Of(agreement)}: ");
                });
            });
    }
}
