using ClinicNetwork.Client.Tests.Fakes;

namespace ClinicNetwork.Client.Tests.Cli;

public sealed class HierarchyCommandTests : IDisposable
{
    private const string Parents = "nurse;\"care; all\"\n\"care; all\";*\ncook;*\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Table => folder.File("clinic.csv", "patient;age;zip\np1;18;02139\np2;44;02140\np3;89;03601\n");

    private string Out(string name) => Path.Combine(folder.Path, name);

    private Task<CommandLineRun> RunAsync(string command, params string[] files) =>
        CommandLineRun.OfAsync([.. command.Split(' ').Select(word => word.StartsWith('@') ? files[int.Parse(word[1..], System.Globalization.CultureInfo.InvariantCulture)] : word)]);

    [Fact]
    public async Task Numbers_are_written_checked_and_fit_the_table()
    {
        var age = Out("age.csv");

        var made = await RunAsync("hierarchy numbers --from 18 --to 89 --top 90 --widths 5,10,200 --out @0", age);
        var check = await RunAsync("hierarchy check @0 --data @1", age, Table);

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Contains("73 leaves, 5 levels; labels on each: 73, 16, 9, 2, 1", made.Out, StringComparison.Ordinal);
        var rows = await File.ReadAllLinesAsync(age);
        Assert.Equal(("18;18-19;18-19;18-89;*", "90+;90+;90+;90+;*"), (rows[0], rows[^1]));
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Contains("has every value of column age", check.Out, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(folder.Path, "*age*"));
    }

    [Fact]
    public async Task The_ends_of_numbers_come_from_a_column()
    {
        var made = await RunAsync("hierarchy numbers --data @0 --column age --widths 20,1000 --out @1", Table, Out("age.csv"));

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        var rows = await File.ReadAllLinesAsync(Out("age.csv"));
        Assert.Equal(("18;18-19;*", "89;80-89;*", 72), (rows[0], rows[^1], rows.Length));
        Assert.Contains("left out, as they are like the level below or the root: 1000", made.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dates_are_written_by_the_periods_that_are_named()
    {
        await RunAsync("hierarchy dates --from 2025-12-31 --to 2026-01-02 --levels month,year --out @0 --delimiter ,", Out("day.csv"));

        Assert.Equal("2025-12-31,2025-12,2025,*\n2026-01-01,2026-01,2026,*\n2026-01-02,2026-01,2026,*\n", await File.ReadAllTextAsync(Out("day.csv")));
    }

    [Fact]
    public async Task Postcodes_of_few_persons_are_merged()
    {
        var (zip, persons) = (Out("zip.csv"), folder.File("persons.csv", "021;900000\n03601;20000\n"));

        var plain = await RunAsync("hierarchy postcodes --data @0 --column zip --lengths 4,3 --out @1", Table, zip);
        var rows = await File.ReadAllTextAsync(zip);
        var merged = await RunAsync("hierarchy postcodes --data @0 --column zip --population @1 --population-min 19999 --lengths 3 --out @2", Table, persons, zip);
        var kept = await File.ReadAllTextAsync(zip);
        var few = await RunAsync("hierarchy postcodes --data @0 --column zip --population @1 --lengths 3 --out @2", Table, persons, zip);

        Assert.Equal((0, 0), (plain.ExitCode, merged.ExitCode));
        Assert.Equal("02139;0213*;021*;*\n02140;0214*;021*;*\n03601;0360*;036*;*\n", rows);
        Assert.Equal("02139;021*;*\n02140;021*;*\n03601;036*;*\n", kept);
        Assert.Equal("02139;021*;*\n02140;021*;*\n03601;*;*\n", await File.ReadAllTextAsync(zip));
        Assert.DoesNotContain("too few", merged.Out, StringComparison.Ordinal);
        Assert.Contains("1 of 3 codes are where too few persons live", few.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Categories_are_quoted_where_needed_and_read_again()
    {
        var occupation = Out("occupation.csv");

        var made = await RunAsync("hierarchy categories @0 --out @1", folder.File("parents.csv", Parents), occupation);

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Equal("nurse;\"care; all\";*\ncook;cook;*\n", await File.ReadAllTextAsync(occupation));
        Assert.Equal(0, (await RunAsync("hierarchy check @0", occupation)).ExitCode);
    }

    [Theory]
    [InlineData("a;x;*\nMARKED;y\n", "row 2: has 2 values, row 1 has 3")]
    [InlineData("a;x;*\nMARKED;x;all\n", "row 2, column 3: the last level is not '*'")]
    [InlineData("MARKED;x;*\nb;x;*\nMARKED;y;*\n", "row 3, column 1: the value stands in row 1 too; keep one of them")]
    [InlineData("a;MARKED;y;*\nb;y;MARKED;*\n", "row 2, column 3: the label stands below one that stands below it")]
    [InlineData("", "it is empty; give one row per value")]
    [InlineData("a;\"MARKED\n", "row 1: a quotation mark is never closed")]
    public async Task A_fault_is_told_by_file_row_and_column_never_by_value(string content, string told)
    {
        var bad = folder.File("bad.csv", content);

        var run = await RunAsync("hierarchy check @0", bad);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"clinicnet: {bad}: {told}", run.Line, StringComparison.Ordinal);
        Assert.DoesNotContain("MARKED", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_faults_twenty_are_listed_and_all_are_counted()
    {
        var bad = folder.File("bad.csv", string.Concat(Enumerable.Range(0, 30).Select(i => $"v{i};all\n")));

        var run = await RunAsync("hierarchy check @0", bad);

        Assert.Equal(21, run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("and 10 more", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("(and 29 more problems, see above)", run.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_level_that_does_not_refine_the_next_is_told_and_permitted()
    {
        var run = await RunAsync("hierarchy check @0", folder.File("age.csv", "a;x;p;*\nb;x;q;*\nc;z;q;*\n"));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("row 2, column 2: the label has another parent here than in a row before: this level does not refine the next (permitted)", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_that_a_hierarchy_lacks_are_counted_with_their_rows_and_never_shown()
    {
        var (age, other) = (folder.File("age.csv", "18;*\n44;*\n"), folder.File("zip.csv", "02139;*\n02140;*\n03601;*\n"));
        var table = folder.File("t.csv", "patient;age;zip\np1;18;02139\np2;MARKED;02140\np3;MARKED;03601\np4;44;02139\np5; 18;02139\n");

        var run = await RunAsync("hierarchy check @0 @1 --data @2", other, age, table);
        var named = await RunAsync("hierarchy check @0 --data @1 --column age", age, table);

        Assert.Equal((2, 2), (run.ExitCode, named.ExitCode));
        Assert.Contains($"{age}: lacks 2 values of column age of {table}, in 3 rows: 2, 3, 5", run.Out, StringComparison.Ordinal);
        Assert.Contains($"{other}: has every value of column zip", run.Out, StringComparison.Ordinal);
        Assert.Equal($"clinicnet: {table}: row 2, column age: the value is not in {age}; add it there, or correct it", run.Line);
        Assert.DoesNotContain("MARKED", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hierarchy numbers --from 18 --to 17 --out @0", "--to: lies below the first number")]
    [InlineData("hierarchy numbers --from 18 --to 90 --widths 10,5 --out @0", "--widths: number 2 is not above")]
    [InlineData("hierarchy numbers --from 18 --to 90 --widths 5,12 --out @0", "--widths: number 2 is no multiple")]
    [InlineData("hierarchy numbers --from 18 --to 90 --widths five --out @0", "--widths: give")]
    [InlineData("hierarchy numbers --from 18 --to 90 --step 0 --out @0", "--step: give a number above 0")]
    [InlineData("hierarchy numbers --from 18 --to 90 --top 99 --out @0", "--top: give a number above the first")]
    [InlineData("hierarchy numbers --from 1 --to 1000001 --out @0", "--step: makes more than 1000000 leaves")]
    [InlineData("hierarchy numbers --from 18 --out @0", "--from: give --from and --to, or --data and --column")]
    [InlineData("hierarchy numbers --from 18 --to 90", "--out")]
    [InlineData("hierarchy numbers --data @1 --out @0", "--from: give --from and --to, or --data and --column")]
    [InlineData("hierarchy numbers --data @1 --column patient --out @0", "row 1, column patient: is no number")]
    [InlineData("hierarchy numbers --data @1 --column height --out @0", "has no column height")]
    [InlineData("hierarchy numbers --data @1 --column age --out @1", "--out: is a file that is read")]
    [InlineData("hierarchy dates --from 2026-01-02 --to 2026-01-01 --out @0", "--to: lies before the first day")]
    [InlineData("hierarchy dates --from 2026-02-30 --to 2026-03-01 --out @0", "--from: give First day")]
    [InlineData("hierarchy dates --from 2026-01-01 --to 2026-01-02 --levels year,month --out @0", "--levels: are out of order")]
    [InlineData("hierarchy dates --from 2026-01-01 --to 2026-01-02 --levels week --out @0", "--levels: give")]
    [InlineData("hierarchy postcodes --data @1 --column zip --lengths 3,4 --out @0", "--lengths: give them from many to few")]
    [InlineData("hierarchy postcodes --data @1 --column zip --population-min 3 --out @0", "--population-min: goes with --population")]
    [InlineData("hierarchy postcodes --data @1 --column zip --population @1 --out @0", "row 1: has 3 columns; give two")]
    [InlineData("hierarchy postcodes --data @2 --column zip --out @0", "row 2, column zip: is no postcode")]
    [InlineData("hierarchy postcodes --data @2 --column zip --population @3 --out @0", "row 1, column 2: is no whole number of persons")]
    [InlineData("hierarchy categories @3 --out @0", "row 1, column 2: the parent has no row of its own")]
    [InlineData("hierarchy categories nowhere.csv --out @0", "nowhere.csv: there is no such file; give one that is there")]
    [InlineData("hierarchy check nowhere.csv", "nowhere.csv")]
    [InlineData("hierarchy check @1 --column age", "--column: goes with --data and one file")]
    [InlineData("hierarchy check", "files")]
    public async Task What_cannot_be_made_is_one_line_and_leaves_the_old_file(string command, string told)
    {
        string[] files = [folder.File("old.csv", "old"), Table, folder.File("zip.csv", "zip\n02139\n*MARKED\n"), folder.File("pair.csv", "MARKED;many\n")];
        var before = await File.ReadAllTextAsync(files[1]);

        var run = await RunAsync(command, files);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(told, run.Line, StringComparison.Ordinal);
        Assert.DoesNotContain("MARKED", run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal(("old", before), (await File.ReadAllTextAsync(files[0]), await File.ReadAllTextAsync(files[1])));
        Assert.Equal(4, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public async Task What_was_made_serves_to_anonymise_a_table()
    {
        var (table, hierarchies) = (folder.File("t.csv", "age;zip\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{20 + i};{10_000 + (i * 31)}\n"))), Directory.CreateDirectory(Out("h")).FullName);
        await RunAsync("hierarchy numbers --data @0 --column age --widths 5,10,20 --out @1", table, Path.Combine(hierarchies, "age.csv"));
        await RunAsync("hierarchy postcodes --data @0 --column zip --out @1", table, Path.Combine(hierarchies, "zip.csv"));

        var run = await RunAsync("anonymise --data @0 --hierarchies @1 --qi age,zip --k 5 --out @2", table, hierarchies, Out("o.csv"));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var rows = (await File.ReadAllLinesAsync(Out("o.csv"))).Skip(1).ToArray();
        Assert.Equal(60, rows.Length);
        Assert.All(rows.GroupBy(row => row), rows => Assert.True(rows.Count() >= 5));
        Assert.DoesNotContain("*;*", rows);
    }
}
