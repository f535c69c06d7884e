using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Partners;

/// <summary>What one person may do alone: it only takes away.</summary>
internal static class StopAgreement
{
    internal static CliCommand Suspend() => Build(
        "suspend", "Give nothing by an agreement from now on; two persons resume it.", "suspended",
        async (network, id, agreement, reason, cancelled) =>
            (await network.Partners.SuspendAgreementAsync(new() { RequestId = id, Agreement = agreement, Reason = reason }, cancellationToken: cancelled)).Receipt);

    internal static CliCommand End() => Build(
        "end", "End an agreement, for good.", "ended",
        async (network, id, agreement, reason, cancelled) =>
            (await network.Partners.EndAgreementAsync(new() { RequestId = id, Agreement = agreement, Reason = reason }, cancellationToken: cancelled)).Receipt);

    private static CliCommand Build(
        string name, string description, string done, Func<ClinicNetworkClient, string, string, string, CancellationToken, Task<Receipt>> send)
    {
        var agreement = Given.Agreement();
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var mutation = new Mutation(timed: false);
        return new CliCommand(name, description, $"agreement {name} eu-registry/outcomes --reason \"asked for by the partner\"")
            .With(agreement, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                    (await send(network, id, run.Of(agreement), run.Of(reason)!, run.Cancelled), $"{done} {run.Of(agreement)}: "));
            });
    }
}
