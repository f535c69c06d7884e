using System.CommandLine;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Cli.Tables;

namespace ClinicNetwork.Cli.Commands.Tables.Hierarchies;

internal static class CheckHierarchies
{
    /// <summary>Faults, doubts or rows listed of one file; the rest are counted.</summary>
    private const int Shown = 20;

    internal static CliCommand Build()
    {
        var files = new Argument<string[]>("files") { Description = "Hierarchy files", Arity = ArgumentArity.OneOrMore };
        var data = Given.File("--data", "A table whose values must be in them");
        var column = HierarchyCommand.Column("Its column; without it each file is that of the column with its name, NAME.csv");
        var delimiter = Given.Delimiter(";");
        return new CliCommand(
            "check", "Check hierarchy files: equal rows, each value once, no cycles, * at the end; and that they have every value of a table. Exit code 2 when one does not.",
            "hierarchy check docs/examples/hierarchies/age.csv", "hierarchy check docs/examples/hierarchies/age.csv docs/examples/hierarchies/sex.csv --data docs/examples/clinic.csv")
            .With(files, data, column, delimiter)
            .Runs(run =>
            {
                var (paths, separator) = (run.Of(files), HierarchyCommand.Of(run, delimiter));
                if (run.Has(column) && (!run.Has(data) || paths.Length > 1))
                    throw new InputException("--column", "goes with --data and one file; leave it out for several");
                var problems = new List<Problem>();
                foreach (var path in paths)
                    problems.AddRange(Check(run, path, run.Of(data), run.Of(column) ?? Path.GetFileNameWithoutExtension(path), separator));
                return problems.Count == 0
                    ? Task.CompletedTask
                    : throw new InputException(problems[0].File, problems[0].What + (problems.Count > 1 ? $" (and {Show.Count(problems.Count - 1, "more problem")}, see above)" : ""));
            });
    }

    private static IReadOnlyList<Problem> Check(Invocation run, string path, string? data, string column, char delimiter)
    {
        var rows = HierarchyFiles.Rows(path, delimiter);
        Problem[] faults = [.. HierarchyCheck.Faults(rows).Select(fault => new Problem(path, $"{fault}"))];
        if (faults.Length > 0)
        {
            List(run.Terminal, faults);
            return faults;
        }
        HierarchyWriter.Describe(run.Terminal, path, rows);
        List(run.Terminal, [.. HierarchyCheck.Doubts(rows).Select(doubt => new Problem(path, $"{doubt} (permitted)"))]);
        return data is null ? [] : Missing(run, path, rows, data, column, delimiter);
    }

    private static IReadOnlyList<Problem> Missing(Invocation run, string path, List<string[]> rows, string data, string column, char delimiter)
    {
        var leaves = rows.Select(row => row[0]).ToHashSet(StringComparer.Ordinal);
        var values = ColumnValues.Read(data, column, delimiter, run.Cancelled);
        var missing = Enumerable.Range(0, values.Count).Where(row => !leaves.Contains(values[row])).ToArray();
        if (missing.Length == 0)
        {
            run.Terminal.Line($"{path}: has every value of column {column} of {data}, {Show.Count(values.Count, "row")}");
            return [];
        }
        var different = missing.Select(row => values[row]).Distinct(StringComparer.Ordinal).Count();
        var more = missing.Length > Shown ? $" and {missing.Length - Shown} more" : "";
        run.Terminal.Line($"{path}: lacks {Show.Count(different, "value")} of column {column} of {data}, in {Show.Count(missing.Length, "row")}: {string.Join(", ", missing.Take(Shown).Select(row => row + 1))}{more}");
        return [new(data, $"row {missing[0] + 1}, column {column}: the value is not in {path}; add it there, or correct it")];
    }

    private static void List(Terminal terminal, Problem[] problems)
    {
        foreach (var (file, what) in problems.Take(Shown))
            terminal.Line($"{file}: {what}");
        if (problems.Length > Shown)
            terminal.Line($"and {problems.Length - Shown} more");
    }

    private sealed record Problem(string File, string What);
}
