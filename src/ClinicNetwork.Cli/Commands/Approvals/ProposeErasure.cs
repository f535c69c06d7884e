using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Admin.V1;

namespace ClinicNetwork.Cli.Commands.Approvals;

internal static class ProposeErasure
{
    internal static CliCommand Build()
    {
        var approval = Given.Approval();
        var patient = Given.Patient();
        var reason = Given.Required(Given.Text("--reason", "Why; it outlives the record, so nothing of the patient belongs here", 500));
        var ground = Given.MayBeOneOf<ErasureGround>("--ground", "What asks for it although the record would have to be kept");
        var hours = Hours();
        var mutation = new Mutation(timed: false);
        return new CliCommand("propose-erasure", "Propose that a patient's key be destroyed, and with it the record everywhere.",
            "approvals propose-erasure approvals/erase-7 patients/p-1 --reason \"asked for in writing\" --ground persons-right")
            .With(approval, patient, reason, ground, hours)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Approvals.ProposeErasureAsync(
                        new() { RequestId = id, Approval = run.Of(approval), Patient = run.Of(patient), Reason = run.Of(reason), Hours = run.Of(hours), Ground = run.Of(ground) },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(approval)} waits for another person until {Show.Instant(answer.ExpiresAt)}: ");
                });
            });
    }

    internal static Option<int> Hours() => Given.Whole("--hours", "Hours until it expires", 1, 168, 72);
}
