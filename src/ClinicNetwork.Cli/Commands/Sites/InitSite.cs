using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Sites;

internal static class InitSite
{
    internal static CliCommand Build()
    {
        var clinic = Given.Clinic();
        var folder = new SiteFolder();
        return new CliCommand("init", "Make the folder of a site's own copy, with its key.", "site init clinics/hillside --folder hillside", "site init clinics/hillside --folder hillside --key /media/stick/hillside.key")
            .With(clinic)
            .With(folder.Options)
            .Runs(run =>
            {
                using var replica = folder.Create(run, run.Of(clinic));
                run.Terminal.Line($"{replica.Clinic} in {folder.Of(run)}; keep a copy of its key elsewhere. Next: clinicnet site run --folder {folder.Of(run)}");
                return Task.CompletedTask;
            });
    }
}
