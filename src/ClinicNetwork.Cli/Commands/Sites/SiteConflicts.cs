using ClinicNetwork.Cli.Commands.Patients;

namespace ClinicNetwork.Cli.Commands.Sites;

internal static class SiteConflicts
{
    internal static CliCommand Build()
    {
        var folder = new SiteFolder();
        return new CliCommand("conflicts", "Show what contradicts each other in the plans, side by side.", "site conflicts --folder hillside").With(folder.Options).Runs(run =>
        {
            using var replica = folder.Open(run);
            var any = false;
            foreach (var (patient, conflict) in replica.Patients().SelectMany(name => (replica.Find(name)?.OpenConflicts ?? []).Select(conflict => (name, conflict))))
            {
                run.Terminal.Line(patient);
                ConflictSheet.Write(run.Terminal, conflict);
                any = true;
            }
            if (!any)
                run.Terminal.Line("no conflict");
            return Task.CompletedTask;
        });
    }
}
