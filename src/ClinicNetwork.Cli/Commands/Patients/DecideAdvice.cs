using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class DecideAdvice
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var advice = Given.Required(Given.Text("--advice", "Id of the advice, as patient advice shows it", 1_000));
        var verdict = Given.OneOf<AdviceVerdict>("--verdict", "What was decided");
        var reason = Given.Required(Given.Text("--reason", "Why", 1_000));
        var revision = Given.Whole("--plan-revision", "The plan's revision that follows it, when the plan was changed", 2, 1_000_000, 2);
        var mutation = new Mutation(timed: false);
        return new CliCommand("decide-advice", "Record what a clinician decided on advice; the plan is changed by patient revise, before.",
            "patient decide-advice patients/p-1 --advice \"add-anti-nausea/1@side-effects/1\" --verdict followed --reason \"ondansetron before the next dose\"")
            .With(patient, advice, verdict, reason, revision)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                var request = new RecordAdviceDecisionRequest
                {
                    Patient = run.Of(patient),
                    AdviceId = run.Of(advice),
                    Verdict = run.Of(verdict),
                    Reason = run.Of(reason),
                    PlanRevision = run.Has(revision) ? run.Of(revision) : 0,
                };
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    request.RequestId = id;
                    var answer = await network.Patients.RecordAdviceDecisionAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"decision {answer.Decision}, {Show.Words(request.Verdict)}: ");
                });
            });
    }
}
