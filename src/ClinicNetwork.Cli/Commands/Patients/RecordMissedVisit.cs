using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordMissedVisit
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var milestone = Given.OneOf<Milestone>("--milestone", "Which visit");
        var reason = Given.OneOf<MissingReason>("--reason", "Why (not-attended, declined and unreachable can be recorded)");
        var mutation = new Mutation();
        return new CliCommand(
            "missed", "Record why a follow-up visit did not happen.", "patient missed patients/p-1 --milestone week-4 --reason unreachable")
            .With(patient, milestone, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordMissedVisitAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            Milestone = run.Of(milestone),
                            Reason = run.Of(reason),
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{Show.Words(run.Of(milestone))} missed, {Show.Words(run.Of(reason))}: ");
                });
            });
    }
}
