using ClinicNetwork.Cli.Commands.Sites;

namespace ClinicNetwork.Cli.Commands;

internal static class SiteCommands
{
    internal static CliCommand Build() =>
        new CliCommand(
            "site", "What a site of the network sees; and its own copy, for work with and without the network.", "site watch clinics/hillside --cursor hillside.cursor", "site run --folder hillside")
            .With(WatchSite.Build(), InitSite.Build(), RunSite.Build(), ShowSite.BuildStatus(), ShowSite.BuildPatients(), ShowSite.BuildPatient(), SiteConflicts.Build(), SiteOutbox.Build())
            .With(SiteRecording.Build());
}
