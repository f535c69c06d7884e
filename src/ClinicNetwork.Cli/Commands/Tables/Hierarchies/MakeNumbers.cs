using System.CommandLine;
using System.Globalization;
using ClinicNetwork.Anonymisation.Tables.Hierarchies;
using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Tables.Hierarchies;

internal static class MakeNumbers
{
    internal static CliCommand Build()
    {
        var from = Number("--from", "First number");
        var to = Number("--to", "Last number");
        var data = Given.File("--data", "A table to take the first and the last number from, with --column");
        var column = HierarchyCommand.Column("Its column");
        var step = Number("--step", "From one number to the next; without it 1. Numbers are written with its decimals");
        var widths = Given.Option(
            "--widths", "Widths of the intervals, from narrow to wide, each a multiple of the one before, by comma; they begin at multiples of their width", "N,N,…",
            text => text.Split(',').All(IsNumber) ? text : null);
        var top = Number("--top", "From this number on all are one on every level above the values, such as 90+; one step above --to, 90+ is a value, as in a table that is so coded already");
        var output = HierarchyCommand.Out();
        var delimiter = Given.Delimiter(";");
        return new CliCommand(
            "numbers", "Ages and other numbers in intervals: 23;20-24;20-29;20-39;*",
            "hierarchy numbers --from 18 --to 89 --top 90 --widths 5,10,20 --out age.csv", "hierarchy numbers --from 30 --to 200 --step 0.5 --widths 5,10,50 --out weight.csv",
            "hierarchy numbers --data docs/examples/clinic.csv --column age --widths 5,10,20 --out age.csv")
            .With(from, to, data, column, step, widths, top, output, delimiter)
            .Runs(run =>
            {
                var separator = HierarchyCommand.Of(run, delimiter);
                if (run.Has(from) != run.Has(to) || run.Has(data) != run.Has(column) || run.Has(from) == run.Has(data))
                    throw new InputException("--from", "give --from and --to, or --data and --column");
                var (first, last) = run.Of(data) is { } table ? Ends(table, run.Of(column)!, separator, run.Cancelled) : (Value(run.Of(from)!), Value(run.Of(to)!));
                HierarchyWriter.Write(run, run.Of(output), separator, run.Of(data) is { } file ? [file] : [], () => NumberHierarchy.Make(
                    first, last, Value(run.Of(step) ?? "1"), [.. (run.Of(widths)?.Split(',') ?? []).Select(Value)], run.Of(top) is { } above ? Value(above) : null));
                return Task.CompletedTask;
            });
    }

    private static (decimal First, decimal Last) Ends(string path, string column, char delimiter, CancellationToken cancellationToken)
    {
        var values = ColumnValues.Read(path, column, delimiter, cancellationToken);
        var notNumber = values.FindIndex(value => !IsNumber(value));
        return notNumber < 0
            ? (values.Min(Value), values.Max(Value))
            : throw ColumnValues.Refusal(path, notNumber + 1, column, "is no number; correct it, or give --from and --to");
    }

    private static Option<string?> Number(string name, string description) => Given.Option(name, description, "N", text => IsNumber(text) ? text : null)!;

    private static bool IsNumber(string text) => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    private static decimal Value(string text) => decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
