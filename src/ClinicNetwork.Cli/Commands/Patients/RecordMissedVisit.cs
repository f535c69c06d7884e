using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordMissedVisit
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var milestone = Given.MayBeOneOf<Milestone>("--milestone", "Which visit, by its milestone");
        var visit = Given.Text("--visit", "Which visit, by its name, as calendar and worklist show it", 80);
        var reason = Given.OneOf<MissingReason>("--reason", "Why (not-attended, declined and unreachable can be recorded)");
        var mutation = new Mutation();
        return new CliCommand(
            "missed", "Record why a follow-up visit did not happen.", "patient missed patients/p-1 --milestone week-4 --reason unreachable",
            "patient missed patients/p-1 --visit phq9-two-weekly/1/3 --reason declined")
            .With(patient, milestone, visit, reason)
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
                            Visit = run.Of(visit) ?? "",
                            Reason = run.Of(reason),
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(visit) ?? Show.Words(run.Of(milestone))} missed, {Show.Words(run.Of(reason))}: ");
                });
            });
    }
}
