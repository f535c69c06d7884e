using System.CommandLine;
using System.Text.Json;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Tables;
using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Cli.Commands.Tables;

internal static class RedteamCommand
{
    private const int AttacksMax = 1_000_000;

    private static readonly Option<string[]> Data = Many("--data", "An anonymised table; give the option once for each release that the attacker has");
    private static readonly Option<string[]> Original = Many("--original", "The table before, with the same rows in the same order: one for all releases, or one for each. Without it few attacks run");
    private static readonly Option<string> Hierarchies = Given.Option(
        "--hierarchies", "Folder with NAME.csv for each column of --qi: no header, one row per value, most specific first, the last level *", "DIR", NotEmpty)!;
    private static readonly Option<IReadOnlyList<string>> Quasi = Given.Names("--qi", "Quasi-identifiers: what the attacker knows of a person")!;
    private static readonly Option<string?> Person = Given.Option("--person", "Column that says whose a row is; releases that have it too are linked by it", "COLUMN", NotEmpty)!;
    private static readonly Option<string?> Sensitive = Given.Option("--sensitive", "Column that the attacker wants to learn", "COLUMN", NotEmpty)!;
    private static readonly Option<int> K = Given.Whole("--k", "Persons that a target must be one of, at least", 2, 1_000_000_000, 0);
    private static readonly Option<string?> Mode = Given.Option("--mode", "tight (without it) or fixed: in what mode the tables were made; tight covers are a finding in fixed", "WORD", Word)!;
    private static readonly Option<string?> Regions = Given.File("--regions", "For --mode fixed: the regions that 'clinicnet anonymise --regions' wrote");
    private static readonly Option<string?> Control = Given.File("--control", "Rows of other persons, like those of the original; without it excess risks are not established");
    private static readonly Option<int> Seed = Given.Whole("--seed", "Of all random draws; the same seed gives the same results", 0, int.MaxValue, 1);
    private static readonly Option<int> Attacks = Given.Whole("--attacks", "Attacks of each random kind, at most", 1, AttacksMax, 2_000);
    private static readonly Option<string?> Report = Given.Option("--report", "The results as JSON", "FILE", NotEmpty)!;
    private static readonly Option<string?> Delimiter = Given.Delimiter(";");
    private static readonly Option<string[]> Release = Given.Many("--release", "In place of --data: folders of pulled releases, by comma or the option again, one for each recipient that colludes", "DIR", NotEmpty);
    private static readonly Option<string?> Ids = Given.File("--ids", "For --release: ids of persons that an attacker may know, one a line; pseudonyms must not be their hashes");

    internal static CliCommand Build() =>
        new CliCommand(
            "redteam", "Attack anonymised tables: intersection, homogeneity, minimality, downcoding, singling out, linkage, inference; exit code 2 when one is above its bound.",
            "anonymise --data docs/examples/clinic.csv --hierarchies docs/examples/hierarchies --qi age,sex,postcode --person patient --sensitive diagnosis --k 5 --distinct-l 2 --out clinic-anonymous.csv",
            "redteam --data clinic-anonymous.csv --original docs/examples/clinic.csv --hierarchies docs/examples/hierarchies --qi age,sex,postcode --person patient --sensitive diagnosis --k 5 --report attacks.json")
            .With(Release, Ids, Data, Original, Hierarchies, Quasi, Person, Sensitive, K, Mode, Regions, Control, Seed, Attacks, Report, Delimiter)
            .Runs(async run => await Task.Run(() => Attack(run), run.Cancelled));

    private static int Attack(Invocation run)
    {
        if (run.Of(Release).Length > 0)
            return ReleaseAttack.Run(run, FoldersOf(run), run.Of(Ids), run.Has(Seed) ? run.Of(Seed) : 1, run.Of(Report));
        if (run.Has(Ids))
            throw new InputException("--ids", "goes with --release; give both or leave it out");
        foreach (var option in (Option[])[Data, Hierarchies, Quasi, K])
        {
            if (!run.Has(option))
                throw new InputException(option.Name, "is missing; give it, or --release for the folder of a pulled release");
        }
        if (run.Has(Regions) && run.Of(Mode) != "fixed")
            throw new InputException("--regions", "goes with --mode fixed; give both or leave it out");
        if (run.Of(Report) is { } written)
        {
            AsideFile.RefuseToReplace(
                Report.Name, written,
                [.. run.Of(Data), .. run.Of(Original), run.Of(Regions), run.Of(Control), .. run.Of(Quasi).Select(name => HierarchyFiles.PathOf(run.Of(Hierarchies), name))]);
        }
        using var target = run.Of(Report) is { } path ? new AsideFile("--report", path) : null;
        var settings = new AttackSettings(run.Of(K), run.Of(Person), run.Of(Sensitive), run.Of(Mode) == "fixed", run.Of(Seed), run.Of(Attacks));
        var report = Attack(Files(run, settings), settings, run.Cancelled);
        if (target is not null)
        {
            Write(report, target.Content);
            target.Finish();
            target.Place();
        }

        AttackSheet.Show(run.Terminal, report.Results);
        run.Terminal.Line($"seed {report.Settings.Seed}; k = {report.Settings.K}; releases: {report.Releases}; bound of an excess: {ExcessRisk.Bound:0.00} at its upper 95 % limit");
        return AttackSheet.End(run.Terminal, report.Results, "--data", "do not release it, and anonymise with a stronger model");
    }

    private static string[] FoldersOf(Invocation run)
    {
        if (((Option[])[Data, Original, Hierarchies, Quasi, Person, Sensitive, K, Mode, Regions, Control, Attacks, Delimiter]).FirstOrDefault(run.Has) is { } other)
            throw new InputException(other.Name, "goes with --data; a release folder says itself what it has");
        return [.. run.Of(Release).SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries))];
    }

    private static RedTeamReport Attack(AttackFiles files, AttackSettings settings, CancellationToken cancelled)
    {
        try
        {
            return RedTeamRun.Attack(files, settings, cancelled);
        }
        catch (AttackInputException error)
        {
            throw new InputException(error.File, error.Rule);
        }
    }

    private static AttackFiles Files(Invocation run, AttackSettings settings)
    {
        var (quasi, delimiter) = (run.Of(Quasi), (run.Of(Delimiter) ?? ";")[0]);
        if (quasi.Distinct(StringComparer.Ordinal).Count() < quasi.Count || quasi.Any(name => name == settings.Person || name == settings.Sensitive))
            throw new InputException("--qi", "a column is named twice; name each in one of --qi, --person and --sensitive");
        string[] known = [.. quasi, .. ((string?[])[settings.Person, settings.Sensitive]).OfType<string>()];
        bool IsKnown(string name) => known.Contains(name, StringComparer.Ordinal);
        var files = new AttackFiles(
            [.. run.Of(Data).Select(path => Table(path, delimiter, null, run.Cancelled))],
            [.. run.Of(Original).Select(path => Table(path, delimiter, IsKnown, run.Cancelled))],
            [.. quasi.Select(name => InputFile.Hierarchy(run.Of(Hierarchies), name, delimiter, run.Cancelled))],
            run.Of(Control) is { } control ? Table(control, delimiter, IsKnown, run.Cancelled) : null,
            run.Of(Regions) is { } regions ? Table(regions, delimiter, IsKnown, run.Cancelled) : null);
        Require(files.Originals.Count > 0 ? files.Originals : files.Releases, "--person", settings.Person);
        Require(files.Releases, "--sensitive", settings.Sensitive);
        Require(files.Originals, "--sensitive", settings.Sensitive);
        return files;
    }

    private static void Require(IReadOnlyList<AttackedFile> files, string option, string? column)
    {
        if (column is not null && files.FirstOrDefault(file => file.Table.Find(column) is null) is { } file)
            throw new InputException(option, $"{file.Name} has no column {column}; give a name of its header");
    }

    private static AttackedFile Table(string path, char delimiter, Func<string, bool>? wanted, CancellationToken cancelled) =>
        new(path, InputFile.Read(path, stream => VerifiedTable.Read(stream, delimiter, wanted, cancelled)));

    private static void Write(RedTeamReport report, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("seed", report.Settings.Seed);
            json.WriteNumber("k", report.Settings.K);
            json.WriteString("mode", report.Settings.FixedRegions ? "fixed" : "tight");
            json.WriteNumber("releases", report.Releases);
            json.WriteNumber("persons", report.Persons);
            json.WriteBoolean("held", report.Held);
            AttackSheet.Write(json, report.Results);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static string? Word(string text) => text is "tight" or "fixed" ? text : null;

    private static string? NotEmpty(string text) => text.Length > 0 ? text : null;

    private static Option<string[]> Many(string name, string description) => Given.Many(name, description, "FILE", NotEmpty);
}
