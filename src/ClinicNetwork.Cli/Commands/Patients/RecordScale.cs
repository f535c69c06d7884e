using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordScale
{
    /// <param name="own">Of the patient itself: names another than its certificate does; null: the command of a clinic.</param>
    internal static CliCommand Build(Option<string?>? own = null)
    {
        var patient = Given.Patient();
        var assessment = Given.Id("assessment");
        var kind = Given.OneOf<ScaleKind>("--scale", "Which scale");
        var answers = Given.Required(Given.Option(
            "--items", "the answers in the order of 'clinicnet scales', by comma, - for what was not answered", "ITEMS", Parse.ScaleAnswers));
        var mutation = new Mutation();
        var command = own is null
            ? new CliCommand(
                "scale", "Record an answered scale.",
                "patient scale patients/p-1 g-1 --scale gad-7 --items 1,1,0,2,1,0,1",
                "patient scale patients/p-1 c-1 --scale cssrs-screener --items 1,0,-,-,-,0,-").With(patient)
            : new CliCommand("scale", "Answer a scale at home.", "my scale g-1 --scale gad-7 --items 1,1,0,2,1,0,1").With(own);
        return command
            .With(assessment, kind, answers)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                var scale = (await ListScales.AllAsync(run, network)).Single(s => s.Kind == run.Of(kind));
                var items = ItemsOf(scale, run.Of(answers));
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordScaleAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = own is null ? run.Of(patient) : run.Me(own),
                            AssessmentId = run.Of(assessment),
                            Scale = scale.Kind,
                            Items = { items },
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    if (answer.OverlapsEarlier)
                        run.Terminal.Line($"an answer of the {Show.Count(scale.RecallDays, "day")} before speaks of some of the same days: this is no independent measure");
                    if (answer.OutsideWindow)
                        run.Terminal.Line("no visit of the calendar asked for it now; it is recorded and marked");
                    foreach (var followUp in answer.FollowUps)
                        run.Terminal.Line(Words(followUp));
                    return (answer.Receipt, $"{Told(scale, answer)}: ");
                });
            });
    }

    internal static IEnumerable<ScaleItem> ItemsOf(Scale scale, int?[] answers) =>
        answers.Length > scale.Items.Count
            ? throw new InputException("--items", $"give at most {scale.Items.Count} answers of {scale.Id}, in the order of 'clinicnet scales'")
            : answers.Zip(scale.Items, (value, item) => (value, item.Key)).Where(a => a.value is not null).Select(a => new ScaleItem { Key = a.Key, Value = a.value!.Value });

    private static string Told(Scale scale, RecordScaleResponse answer)
    {
        string?[] parts =
        [
            answer.HasTotal ? $"{answer.Total} of {scale.TotalMax}" : null,
            answer.Band.Length > 0 ? answer.Band : null,
            answer.Triage != RiskTriage.Unspecified ? $"risk {Show.Words(answer.Triage)}" : null,
            answer.Prorated ? "prorated" : null,
        ];
        return $"{scale.Id} {string.Join(", ", parts.OfType<string>())}".TrimEnd();
    }

    private static string Words(ScaleFollowUp followUp) => followUp switch
    {
        ScaleFollowUp.RiskScreen => "a suicide-risk screen is due today",
        ScaleFollowUp.RiskEvaluation => "a further evaluation of the suicide risk is due",
        ScaleFollowUp.ImmediateRiskEvaluation => "HIGH suicide risk: evaluate at once, and do not leave the patient alone until then",
        ScaleFollowUp.SafetyReview => "a clinician is to look at what may be harm of long treatment",
        _ => Show.Words(followUp),
    };
}
