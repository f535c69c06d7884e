using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Tables;

namespace ClinicNetwork.Cli.Commands.Tables;

internal static class VerifyCommand
{
    private const int CountMax = 1_000_000_000;

    private static readonly Option<string[]> Data = Given.Required(Given.Many(
        "--data", "The anonymised table; several times: batches, each anonymous by itself and each person in one", "FILE", NotEmpty));
    private static readonly Option<string[]> Originals = Given.Many(
        "--original", "The table that it was made from, in the same order of rows, one for each --data; without it coverage is not checked", "FILE", NotEmpty);
    private static readonly Option<string?> Hierarchies = Given.Option(
        "--hierarchies", "Folder with NAME.csv for each column of --qi; without it no cell is checked and no loss measured", "DIR", NotEmpty)!;
    private static readonly Option<IReadOnlyList<string>> Quasi = Given.Required(Given.Names("--qi", "Quasi-identifiers: what others may know of a person"))!;
    private static readonly Option<string?> Person = Given.Option("--person", "Column that says whose a row is, of the original or else of the data; without it every row is another person's", "COLUMN", NotEmpty)!;
    private static readonly Option<string?> Sensitive = Given.Option("--sensitive", "Column that nobody may learn of a person", "COLUMN", NotEmpty)!;
    private static readonly Option<int> K = Given.Required(Given.Whole("--k", "Persons that share the quasi-identifiers of each row, at least", 1, CountMax, 0));
    private static readonly Option<int> DistinctL = Given.Whole("--distinct-l", "Distinct sensitive values of each class, at least", 1, CountMax, 1);
    private static readonly Option<double> T = Given.Number("--t", "Distance between a class's sensitive values and the table's, at most; without it any", 0, 1);
    private static readonly Option<string?> Distance = Given.Option(
        "--t-distance", "How --t is measured: equal (each value is as far from any other; without it) or ordered (numbers)", "WORD", text => text is "equal" or "ordered" ? text : null)!;
    private static readonly Option<double> SuppressionLimit = Given.Number("--suppression-limit", "Share of the rows that may be suppressed; without it any", 0, 1);
    private static readonly Option<string?> Regions = Given.Option("--regions", "Regions of a fixed grid, with the columns of --qi: each published row is one of them", "FILE", NotEmpty)!;
    private static readonly Option<string?> Report = Given.Option("--report", "Report of 'clinicnet anonymise': its measures are compared", "FILE", NotEmpty)!;
    private static readonly Option<string?> Json = Given.Option("--json", "Findings and measures as JSON", "FILE", NotEmpty)!;
    private static readonly Option<string?> Delimiter = Given.Delimiter(";");

    internal static CliCommand Build()
    {
        // Zero would be a promise.
        T.DefaultValueFactory = SuppressionLimit.DefaultValueFactory = null;
        return new CliCommand(
            "verify", "Check an anonymised table by code that shares nothing with what made it: k, l, t, coverage, wrong cells, batches, and all measures anew; exit code 2 when something is wrong.",
            "verify --data clinic-anonymous.csv --original docs/examples/clinic.csv --hierarchies docs/examples/hierarchies --qi age,sex,postcode --person patient --sensitive diagnosis --k 5 --report clinic-report.json")
            .With(Data, Originals, Hierarchies, Quasi, Person, Sensitive, K, DistinctL, T, Distance, SuppressionLimit, Regions, Report, Json, Delimiter)
            .Runs(async run =>
            {
                var settings = SettingsOf(run);
                using var json = run.Of(Json) is { } path ? new AsideFile("--json", path) : null;
                // A verdict takes seconds without a pause; Ctrl-C is heard meanwhile.
                var verdict = await Task.Run(() => settings.Verify(run.Cancelled), run.Cancelled);
                if (json is not null)
                {
                    VerdictView.WriteTo(json.Content, verdict, settings);
                    json.Finish();
                    json.Place();
                }
                return VerdictView.Show(run.Terminal, verdict, settings);
            });
    }

    private static VerifySettings SettingsOf(Invocation run)
    {
        var columns = new ColumnNames(run.Of(Quasi), run.Of(Person), run.Of(Sensitive), []);
        columns.Check();
        foreach (var option in (Option[])[DistinctL, T, Distance])
        {
            if (run.Has(option) && columns.Sensitive is null)
                throw new InputException(option.Name, "is about the sensitive column; name it with --sensitive");
        }
        if (run.Of(Originals).Length > 0 && run.Of(Originals).Length != run.Of(Data).Length)
            throw new InputException("--original", "give one for each --data, or none");
        if (run.Of(Json) is { } json)
        {
            var hierarchies = run.Of(Hierarchies) is { } folder ? columns.Quasi.Select(name => HierarchyFiles.PathOf(folder, name)) : [];
            AsideFile.RefuseToReplace(Json.Name, json, [.. run.Of(Data), .. run.Of(Originals), run.Of(Regions), run.Of(Report), .. hierarchies]);
        }
        return new(
            run.Of(Data), run.Of(Originals), run.Of(Hierarchies), columns,
            new(run.Of(K), run.Of(DistinctL), run.Has(T) ? run.Of(T) : 1, run.Of(Distance) == "ordered", run.Has(SuppressionLimit) ? run.Of(SuppressionLimit) : 1),
            run.Of(Regions), run.Of(Report), (run.Of(Delimiter) ?? ";")[0]);
    }

    private static string? NotEmpty(string text) => text.Length > 0 ? text : null;
}
