using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RescheduleVisit
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var visit = Given.Required(Given.Text("--visit", "Name of the visit, as calendar and worklist show it", 80));
        var day = Given.Required(Given.Option("--day", "New day in its window, at the home clinic, YYYY-MM-DD", "DAY", text => Parse.Day(text) is null ? null : text));
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var mutation = new Mutation();
        return new CliCommand(
            "reschedule", "Move a follow-up visit, or the session that is expected, to another day of its window.",
            "patient reschedule patients/p-1 --visit phq9-two-weekly/1/3 --day 2025-09-04 --reason \"Away that week\"")
            .With(patient, visit, day, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RescheduleVisitAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            Visit = run.Of(visit),
                            Day = run.Of(day),
                            Reason = run.Of(reason),
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(visit)} planned for {run.Of(day)}: ");
                });
            });
    }
}
