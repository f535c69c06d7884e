using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.My;

internal static class ExplainVisit
{
    internal static CliCommand Build()
    {
        var patient = MyCommands.Patient();
        var rule = Given.Required(Given.Text("--rule", "Rule of the visit, as 'clinicnet follow-ups' names it", 60));
        var number = Given.Required(Given.Whole("--no", "Number of the visit, as 'patient calendar' shows it", 1, 1_000_000, 1));
        var reason = Given.OneOf<VisitReason>("--reason", "Why");
        var note = Given.Text("--note", "More about it", 300);
        var mutation = new Mutation();
        return new CliCommand("why-missed", "Tell why a visit of the calendar was not answered.", "my why-missed --rule phq9-two-weekly/1 --no 2 --reason unwell")
            .With(patient, rule, number, reason, note)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Voice.ExplainVisitAsync(
                        new()
                        {
                            RequestId = id, Patient = run.Me(patient), Rule = run.Of(rule), Occurrence = run.Of(number), Reason = run.Of(reason), Note = run.Of(note) ?? "", OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(rule)} {run.Of(number)}, {Show.Words(run.Of(reason))}: ");
                });
            });
    }
}
