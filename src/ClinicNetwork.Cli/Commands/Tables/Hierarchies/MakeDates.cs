using System.CommandLine;
using ClinicNetwork.Anonymisation.Tables.Hierarchies;
using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Tables.Hierarchies;

internal static class MakeDates
{
    private const string Usual = "month,quarter,year,decade";

    internal static CliCommand Build()
    {
        var from = Day("--from", "First day, YYYY-MM-DD");
        var to = Day("--to", "Last day, YYYY-MM-DD");
        var levels = Given.Option("--levels", $"What days are merged to, some of {Usual} in this order; without it all", "NAMES", text => Periods(text) is null ? null : text);
        var output = HierarchyCommand.Out();
        var delimiter = Given.Delimiter(";");
        return new CliCommand(
            "dates", "Days in months, quarters, years and decades: 2026-03-15;2026-03;2026-Q1;2026;2020s;*",
            "hierarchy dates --from 1930-01-01 --to 2026-12-31 --levels month,year,decade --out birth_date.csv")
            .With(from, to, levels, output, delimiter)
            .Runs(run =>
            {
                HierarchyWriter.Write(run, run.Of(output), HierarchyCommand.Of(run, delimiter), [], () => DateHierarchy.Make(
                    Parse.Day(run.Of(from))!.Value, Parse.Day(run.Of(to))!.Value, Periods(run.Of(levels) ?? Usual)!));
                return Task.CompletedTask;
            });
    }

    private static Option<string> Day(string name, string description) =>
        Given.Required(Given.Option(name, description, "DAY", text => Parse.Day(text) is null ? null : text));

    private static DatePeriod[]? Periods(string text)
    {
        var words = Usual.Split(',');
        var periods = text.Split(',').Select(word => Array.IndexOf(words, word)).ToArray();
        return periods.Contains(-1) ? null : [.. periods.Select(period => (DatePeriod)period)];
    }
}
