using System.CommandLine;
using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Cli.Tables;

namespace ClinicNetwork.Cli.Commands.Tables;

internal static class AnonymiseCommand
{
    private const int CountMax = 1_000_000_000;

    private static readonly Option<string> Data = Given.Required(Given.File("--data", "The table: a header row, UTF-8, quotes by RFC 4180"))!;
    private static readonly Option<string> Hierarchies = Given.Required(Given.Option(
        "--hierarchies", "Folder with NAME.csv for each column of --qi: no header, one row per value, most specific first, the last level *", "DIR", NotEmpty))!;
    private static readonly Option<IReadOnlyList<string>> Quasi = Given.Required(Given.Names("--qi", "Quasi-identifiers: what others may know of a person"))!;
    private static readonly Option<string?> Person = Given.Option("--person", "Column that says whose a row is; k counts persons. Without it every row is another person's", "COLUMN", NotEmpty)!;
    private static readonly Option<string?> Sensitive = Given.Option("--sensitive", "Column that nobody may learn of a person; written as it is", "COLUMN", NotEmpty)!;
    private static readonly Option<int> K = Given.Required(Given.Whole("--k", "Persons that share the quasi-identifiers of each row, at least", 2, CountMax, 0));
    private static readonly Option<int> DistinctL = Given.Whole("--distinct-l", "Distinct sensitive values of each class, at least", 1, CountMax, 1);
    private static readonly Option<double> T = WithoutDefault(Given.Number("--t", "Distance between a class's sensitive values and the table's, at most; without it any", 0, 1));
    private static readonly Option<string?> Distance = Word("--t-distance", "How --t is measured: equal (each value is as far from any other; without it) or ordered (numbers)", "equal", "ordered");
    private static readonly Option<double> SuppressionLimit = Given.Number("--suppression-limit", "Share of the rows that may be suppressed, every quasi-identifier *; without it none", 0, 1);
    private static readonly Option<string?> Mode = Word("--mode", "tight (least loss; without it) or fixed (values are regions of a grid learnt from --prior, never of the neighbours)", "tight", "fixed");
    private static readonly Option<string?> Prior = Given.File("--prior", "For --mode fixed: another table with the columns of --qi, public or released before; its sensitive column is used when it has one");
    private static readonly Option<bool> Stream = Given.Flag("--stream", "Replay the rows in their order, in batches that are each anonymous by themselves; see --delay");
    private static readonly Option<int> Delay = WithoutDefault(Given.Whole("--delay", "For --stream: later rows after which a row is published at the latest", 1, CountMax, 0));
    private static readonly Option<string> Out = Given.Required(Given.Option("--out", "The anonymised table", "FILE", NotEmpty))!;
    private static readonly Option<string?> Report = Given.Option("--report", "Measures, seconds and memory as JSON", "FILE", NotEmpty)!;
    private static readonly Option<string?> Regions = Given.Option("--regions", "For --mode fixed: all regions of the grid, for 'clinicnet verify' and 'clinicnet redteam'", "FILE", NotEmpty)!;
    private static readonly Option<IReadOnlyList<string>?> Keep = Given.Names("--keep", "Columns that are written as they are beside them");
    private static readonly Option<string?> Delimiter = Given.Delimiter(";");

    internal static CliCommand Build() =>
        new CliCommand(
            "anonymise", "Make a table anonymous: k persons share each row's quasi-identifiers, and l and t hold. Same rows, same order; nothing is written if it fails.",
            "anonymise --data docs/examples/clinic.csv --hierarchies docs/examples/hierarchies --qi age,sex,postcode --person patient --sensitive diagnosis --k 5 --out clinic-anonymous.csv --report clinic-report.json",
            "verify --data clinic-anonymous.csv --original docs/examples/clinic.csv --hierarchies docs/examples/hierarchies --qi age,sex,postcode --person patient --sensitive diagnosis --k 5 --report clinic-report.json",
            "anonymise --data docs/examples/clinic.csv --hierarchies docs/examples/hierarchies --qi age,sex,postcode --person patient --sensitive diagnosis --k 5 --mode fixed --prior docs/examples/earlier.csv --regions regions.csv --out fixed.csv")
            .With(Data, Hierarchies, Quasi, Person, Sensitive, K, DistinctL, T, Distance, SuppressionLimit, Mode, Prior, Stream, Delay, Out, Report, Regions, Keep, Delimiter)
            .Runs(async run =>
            {
                var report = await new AnonymiseRun(SettingsOf(run), run.Terminal, run.Cancelled).RunAsync();
                Show(run.Terminal, report);
            });

    private static AnonymiseSettings SettingsOf(Invocation run)
    {
        var columns = new ColumnNames(run.Of(Quasi), run.Of(Person), run.Of(Sensitive), run.Of(Keep) ?? []);
        columns.Check();
        foreach (var option in (Option[])[DistinctL, T, Distance])
        {
            if (run.Has(option) && columns.Sensitive is null)
                throw new InputException(option.Name, "is about the sensitive column; name it with --sensitive");
        }
        if (run.Of(Mode) == "fixed" != run.Has(Prior))
            throw new InputException("--prior", "goes with --mode fixed, and --mode fixed with it; give both or neither");
        if (run.Of(Stream) != run.Has(Delay) || (run.Of(Stream) && run.Has(Prior)))
            throw new InputException("--stream", "goes with --delay and with --mode tight; give --stream and --delay, or neither");
        if (run.Has(Regions) && !run.Has(Prior))
            throw new InputException("--regions", "goes with --mode fixed; leave it out");
        var model = new PrivacyModel(run.Of(K), run.Of(DistinctL), run.Has(T) ? run.Of(T) : 1, run.Of(SuppressionLimit), run.Of(Distance) == "ordered");
        if (run.Has(Delay) && run.Of(Delay) < model.K - 1)
            throw new InputException("--delay", $"no {model.K} rows meet within it; give {model.K - 1} or more");
        var settings = new AnonymiseSettings(
            run.Of(Data), run.Of(Hierarchies), (run.Of(Delimiter) ?? ";")[0], columns, model, run.Of(Prior), run.Has(Delay) ? run.Of(Delay) : null, run.Of(Out), run.Of(Report), run.Of(Regions));
        RefuseSameFiles(settings);
        return settings;
    }

    /// <summary>Nothing that is read is written, and nothing twice.</summary>
    private static void RefuseSameFiles(AnonymiseSettings settings)
    {
        if (settings.Prior is { } prior && AsideFile.PlaceOf(prior) == AsideFile.PlaceOf(settings.Data))
            throw new InputException("--prior", "is the table itself, so the grid would follow its rows; give another table");
        var taken = settings.Columns.Quasi.Select(column => HierarchyFiles.PathOf(settings.Hierarchies, column)).Append(settings.Data).Concat(settings.Prior is null ? [] : [settings.Prior])
            .Select(AsideFile.PlaceOf).ToHashSet(StringComparer.Ordinal);
        foreach (var (option, path) in new[] { ("--out", settings.Out), ("--report", settings.Report), ("--regions", settings.Regions) })
        {
            if (path is not null && !taken.Add(AsideFile.PlaceOf(path)))
                throw new InputException(option, "is a file that is read, or written twice; give another name");
        }
    }

    private static void Show(Terminal terminal, AnonymiseReport report)
    {
        var measures = report.Measures;
        var table = new Sheet("measure", "value");
        table.Row("rows, persons", $"{measures.Rows}, {measures.Persons}");
        table.Row("classes", $"{measures.Classes}");
        table.Row("smallest class", $"{measures.MinClass} persons (k = {report.K})");
        table.Row("suppressed rows", $"{measures.Suppressed}");
        table.Row("information lost (NCP)", Number(measures.Ncp));
        table.Row("highest, average risk", $"{Number(measures.RiskMax)}, {Number(measures.RiskAverage)}");
        if (measures.DistinctL is { } distinct)
            table.Row("sensitive values of a class, fewest", $"{distinct}");
        if (measures.T is { } t)
            table.Row("farthest class from the table (t)", Number(t));
        table.Row("seconds", $"{report.SecondsCompute.ToString("0.0000", CultureInfo.InvariantCulture)} to anonymise, {report.SecondsTotal.ToString("0.000", CultureInfo.InvariantCulture)} in all");
        table.Row("memory, at most", $"{report.PeakBytes / 1024 / 1024} MiB");
        table.WriteTo(terminal);
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string? NotEmpty(string text) => text.Length > 0 ? text : null;

    private static Option<T> WithoutDefault<T>(Option<T> option)
        where T : struct
    {
        option.DefaultValueFactory = null;
        return option;
    }

    private static Option<string?> Word(string name, string description, params string[] words) =>
        Given.Option(name, description, "WORD", text => words.Contains(text, StringComparer.Ordinal) ? text : null)!;
}
