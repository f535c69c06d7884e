using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordAssessment
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var assessment = Given.Id("assessment");
        var items = Given.Required(
            Given.Option("--items", "the nine PHQ-9 answers in order, each 0 to 3, by comma", "ITEMS", Parse.Phq9Items));
        var mutation = new Mutation();
        return new CliCommand("assess", "Record an answered PHQ-9.", "patient assess patients/p-1 a-1 --items 2,2,3,2,1,2,2,1,0")
            .With(patient, assessment, items)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordAssessmentAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            AssessmentId = run.Of(assessment),
                            Items = { run.Of(items) },
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    if (answer.SuicideRiskScreenDue)
                        run.Terminal.Line("item 9 is 1 or more: a suicide-risk screen is due today");
                    return (answer.Receipt, $"PHQ-9 {answer.Total}, {answer.Severity}: ");
                });
            });
    }
}
