using System.Globalization;
using ClinicNetwork.Cli.Import;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;

namespace ClinicNetwork.Cli.Commands;

internal static class ImportCsv
{
    /// <summary>Problems listed; the rest are counted.</summary>
    private const int ProblemsShown = 20;

    internal static CliCommand Build()
    {
        var file = Given.Argument(
            "file", "a CSV file with the columns " + string.Join(',', PatientCsv.Columns), text => File.Exists(text) ? text : null);
        var clinic = Given.Clinic("--clinic", "Home clinic of all rows, clinics/{clinic}");
        var delimiter = Given.Delimiter(",");
        var dryRun = Given.Flag("--dry-run", "Check every row and send nothing");
        return new CliCommand(
            "csv", "Enrol the patients of a CSV file. All rows are checked first; nothing is sent if one is bad. A repeat is harmless.",
            "import csv patients.csv --clinic clinics/harbour --dry-run", "import csv patients.csv --clinic clinics/harbour")
            .With(file, clinic, delimiter, dryRun)
            .Runs(async run =>
            {
                var read = PatientCsv.Read(run.Of(file), (run.Of(delimiter) ?? ",")[0]);
                Refuse(run.Terminal, read.Problems, read.RowCount);
                if (run.Of(dryRun))
                {
                    run.Terminal.Line($"{read.Rows.Count} rows are good; nothing was sent");
                    return ExitCodes.Done;
                }
                using var network = run.Connect(run.Of(clinic));
                var import = new PatientImport(network, run.Of(clinic), read);
                Refuse(run.Terminal, await import.CheckDaysAsync(run.Cancelled), read.RowCount);
                var refused = await Progress.ShowAsync(run.Terminal, "patients", progress => import.SendAsync(progress, run.Cancelled));
                foreach (var problem in refused.Take(ProblemsShown))
                    run.Terminal.Line($"{problem}");
                run.Terminal.Line($"{read.Rows.Count - refused.Count} of {read.Rows.Count} patients are enrolled at {run.Of(clinic)}");
                if (refused.Count > 0)
                    throw new InputException("file", $"the network refused {Show.Count(refused.Count, "row")}; first: {refused[0]}");
                return ExitCodes.Done;
            });
    }

    private static void Refuse(Terminal terminal, IReadOnlyList<RowProblem> problems, int rows)
    {
        if (problems.Count == 0)
            return;
        foreach (var problem in problems.Take(ProblemsShown))
            terminal.Line($"{problem}");
        if (problems.Count > ProblemsShown)
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"and {problems.Count - ProblemsShown} more"));
        var bad = problems.Select(problem => problem.Line).Distinct().Count();
        throw new InputException("file", $"{Show.Count(problems.Count, "problem")} in {bad} of {Show.Count(rows, "row")}, nothing was sent; first: {problems[0]}");
    }
}
