using ClinicNetwork.Cli.Commands.Dosing;

namespace ClinicNetwork.Cli.Commands;

internal static class DosingCommands
{
    internal static CliCommand Build() => new CliCommand(
        "dosing", "The dosing site of a plan: one clinic at a time may start sessions while it is cut off from the network.",
        "dosing take patients/p-1 --site clinics/hillside", "dosing show patients/p-1").With(
        TakeDosing.Build(), PassDosing.Build(), EndDosing.Build(), ShowDosing.Build());
}
