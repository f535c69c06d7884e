using System.CommandLine;
using ClinicNetwork.Cli.Commands.Tables.Hierarchies;
using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Tables;

internal static class HierarchyCommand
{
    internal static CliCommand Build() => new CliCommand(
        "hierarchy", "Make a hierarchy file for a column of a table, as 'clinicnet anonymise' takes it, or check one: no header, one row per value, most specific first, the last level *.",
        "hierarchy numbers --from 18 --to 89 --top 90 --widths 5,10,20 --out age.csv", "hierarchy check age.csv --data docs/examples/clinic.csv")
        .With(MakeNumbers.Build(), MakeDates.Build(), MakePostcodes.Build(), MakeCategories.Build(), CheckHierarchies.Build());

    internal static Option<string> Out() => Given.Required(Given.Option("--out", "The hierarchy: DIR/NAME.csv for the column NAME; an old file is replaced", "FILE", NotEmpty));

    internal static Option<string?> Column(string description) => Given.Option("--column", description, "COLUMN", NotEmpty)!;

    internal static char Of(Invocation run, Option<string?> delimiter) => (run.Of(delimiter) ?? ";")[0];

    private static string? NotEmpty(string text) => text.Length > 0 ? text : null;
}
