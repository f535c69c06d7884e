namespace ClinicNetwork.Cli.Commands;

internal static class ImportCommands
{
    internal static CliCommand Build() =>
        new CliCommand(
            "import", "Bring patients in from files.", "import csv patients.csv --clinic clinics/harbour").With(ImportCsv.Build());
}
