using ClinicNetwork.Cli.Commands.Registry;

namespace ClinicNetwork.Cli.Commands;

internal static class RegistryCommands
{
    internal static CliCommand Build() => new CliCommand(
        "registry", "Anonymised outcomes, as a research registry gets them.", "registry pull --out release", "registry status", "registry verify release")
        .With(PullRelease.Build(), ShowFeedStatus.Build(), VerifyRelease.Build(), ShowDictionary.Build(), ShowStatistics.Build(), ListLate.Build());
}
