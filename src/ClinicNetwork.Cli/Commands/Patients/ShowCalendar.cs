using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ShowCalendar
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var json = Given.Json();
        var command = new CliCommand(
            "calendar", "Show the whole follow-up calendar: what was done, missed, is due and comes.", "patient calendar patients/p-1");
        return command.With(patient, json).Runs(async run =>
        {
            using var network = run.Connect();
            var answer = await network.Patients.GetPatientAsync(new() { Name = run.Of(patient) }, cancellationToken: run.Cancelled);
            if (run.Of(json))
                run.Terminal.Line(Show.JsonArray(answer.FollowUps));
            else if (answer.FollowUps.Count == 0)
                run.Terminal.Line("Nothing yet: the calendar begins with the first dose.");
            else
                CalendarSheet.Write(run.Terminal, answer.FollowUps);
        });
    }
}
