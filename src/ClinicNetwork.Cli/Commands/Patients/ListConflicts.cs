using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ListConflicts
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var all = Given.Flag("--all", "Those that were resolved too");
        var json = Given.Json();
        return new CliCommand("conflicts", "Show what contradicts each other in the plan, side by side.", "patient conflicts patients/p-1", "patient conflicts patients/p-1 --all")
            .With(patient, all, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var answer = await network.Patients.GetPatientAsync(new() { Name = run.Of(patient), Read = new() { Confirmed = true } }, cancellationToken: run.Cancelled);
                var shown = answer.PlanConflicts.Where(c => run.Of(all) || c.Resolution is null).ToArray();
                if (run.Of(json))
                {
                    run.Terminal.Line(Show.JsonArray(shown));
                    return;
                }
                foreach (var conflict in shown)
                    ConflictSheet.Write(run.Terminal, conflict);
                if (shown.Length == 0)
                    run.Terminal.Line("no conflict");
            });
    }
}
