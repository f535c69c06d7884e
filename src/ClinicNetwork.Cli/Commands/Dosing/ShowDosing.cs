using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Dosing;

internal static class ShowDosing
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        return new CliCommand("show", "Show which clinic may dose without the network, and until when.", "dosing show patients/p-1")
            .With(patient)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var dosing = (await network.Dosing.GetDosingAsync(new() { Patient = run.Of(patient) }, cancellationToken: run.Cancelled)).Dosing;
                run.Terminal.Line(dosing.Site.Length == 0
                    ? "no clinic may dose without the network"
                    : $"{dosing.Site} may dose without the network until {Show.Instant(dosing.ExpiresAt)}, since {Show.Instant(dosing.TakenAt)}");
            });
    }
}
