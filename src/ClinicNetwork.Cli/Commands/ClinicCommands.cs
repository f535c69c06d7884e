using ClinicNetwork.Cli.Commands.Clinics;

namespace ClinicNetwork.Cli.Commands;

internal static class ClinicCommands
{
    internal static CliCommand Build() =>
        new CliCommand("clinic", "The network's sites: register, roster, worklist, today, outcomes, protocols.", "clinic list").With(
        RegisterClinic.Build(), ConfigureClinic.Build(), ListClinics.Build(), ShowClinic.Build(), ListRoster.Build(), ListWorklist.Build(), ShowToday.Build(), ShowOutcomes.Build(), ListProtocols.Build());
}
