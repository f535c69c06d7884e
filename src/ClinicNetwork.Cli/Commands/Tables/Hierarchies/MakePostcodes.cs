using System.CommandLine;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Anonymisation.Tables.Hierarchies;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Tables;

namespace ClinicNetwork.Cli.Commands.Tables.Hierarchies;

internal static class MakePostcodes
{
    internal static CliCommand Build()
    {
        Option<string> data = Given.Required(Given.File("--data", "A table that has the postcodes: yours, or a list of all with a header"))!;
        Option<string> column = Given.Required(HierarchyCommand.Column("Its column"))!;
        var lengths = Given.Option(
            "--lengths", "First characters to keep, from many to few, by comma; without it 3,2,1 with --population, else all below the longest", "N,N,…",
            text => text.Split(',').All(IsLength) ? text : null);
        var population = Given.File("--population", "Persons by postcode, or by its first characters: two columns without a header, code and persons");
        var least = Given.Whole(
            "--population-min", "First characters (as many as the first of --lengths) with no more persons than this become 000*, or * where these are too few too; 45 CFR 164.514(b)(2)(i)(B) has 20000",
            0, int.MaxValue, (int)PopulationTable.SafeHarbourPersons);
        var output = HierarchyCommand.Out();
        var delimiter = Given.Delimiter(";");
        return new CliCommand(
            "postcodes", "Postcodes by their first characters: 02139;021*;02*;0*;*",
            "hierarchy postcodes --data docs/examples/clinic.csv --column postcode --lengths 3,2,1 --out postcode.csv",
            "hierarchy postcodes --data docs/examples/clinic.csv --column postcode --population docs/examples/population.csv --out postcode.csv")
            .With(data, column, lengths, population, least, output, delimiter)
            .Runs(run =>
            {
                if (run.Has(least) && !run.Has(population))
                    throw new InputException("--population-min", "goes with --population; give both or neither");
                var (separator, table) = (HierarchyCommand.Of(run, delimiter), run.Of(data));
                var codes = ColumnValues.Read(table, run.Of(column), separator, run.Cancelled);
                var persons = run.Of(population) is { } file ? new PopulationTable(Population(file, separator), run.Of(least)) : null;
                var made = HierarchyWriter.Write(
                    run, run.Of(output), separator, [table, .. run.Of(population) is { } read ? (string[])[read] : []],
                    () => PostcodeHierarchy.Make(codes, run.Of(lengths)?.Split(',').Select(int.Parse).ToArray(), persons),
                    error => error.Field == "codes" ? ColumnValues.Refusal(table, error.Fault.Row, run.Of(column), error.Fault.Rule) : null);
                if (persons is not null && made.Rows.Count(IsMerged) is > 0 and var merged)
                    run.Terminal.Line($"{merged} of {Show.Count(made.Rows.Count, "code")} are where too few persons live, or where the population file has nobody: 000* or * above them");
                return Task.CompletedTask;
            });
    }

    private static bool IsMerged(IReadOnlyList<string> row) => row[1] is LeafHierarchy.Root || !row[0].StartsWith(row[1].TrimEnd('*'), StringComparison.Ordinal);

    private static bool IsLength(string text) => Parse.Whole(text, 1, PostcodeHierarchy.CodeCharsMax) is not null;

    private static List<(string Code, long Persons)> Population(string path, char delimiter)
    {
        var population = new List<(string Code, long Persons)>();
        foreach (var row in HierarchyFiles.Rows(path, delimiter))
        {
            if (row.Length != 2)
                throw new InputException(path, $"row 1: has {Show.Count(row.Length, "column")}; give two, code and persons (see --delimiter)");
            population.Add((row[0], Parse.Whole(row[1], 0, int.MaxValue) is { } persons
                ? persons
                : throw ColumnValues.Refusal(path, population.Count + 1, "2", "is no whole number of persons; correct it (there is no header)")));
        }
        return population;
    }
}
