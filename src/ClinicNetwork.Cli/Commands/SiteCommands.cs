namespace ClinicNetwork.Cli.Commands;

internal static class SiteCommands
{
    internal static CliCommand Build() =>
        new CliCommand(
            "site", "What a site of the network sees.", "site watch clinics/hillside --cursor hillside.cursor").With(WatchSite.Build());
}
