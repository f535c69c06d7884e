using System.Text;

namespace ClinicNetwork.Client.Tests.Cli.Tables;

public sealed class AnonymiseRefusalTests : IDisposable
{
    /// <summary>Stands in every cell; a message that says it tells what nobody may learn.</summary>
    private const string Marker = "Zqx";

    private const string Good = "id;age;city;illness;score\np1;Zqx1;ZqxA;Zqxf;1\np2;Zqx1;ZqxB;Zqxg;2\np3;Zqx2;ZqxA;Zqxf;3\np4;Zqx2;ZqxB;Zqxg;4\n";

    private readonly TablesOnDisk tables = new();

    public AnonymiseRefusalTests()
    {
        tables.Write("t.csv", Good);
        tables.Write("prior.csv", Good);
        tables.Write("h/age.csv", "Zqx1;Zqx1-2;*\nZqx2;Zqx1-2;*\n");
        tables.Write("h/city.csv", "ZqxA;*\nZqxB;*\n");
        tables.Write("out.csv", "what was there before\n");
    }

    public void Dispose() => tables.Dispose();

    /// <summary>The refusal of a run that changed no file.</summary>
    private async Task<string> RefusedRunAsync(string[] arguments)
    {
        var before = tables.Files();
        var run = await CommandLineRun.OfAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        // The temporary folder's name is drawn, and may say anything.
        Assert.DoesNotContain(Marker, (run.Out + run.Error).Replace(tables.Folder, "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, tables.Files());
        return run.Line;
    }

    private Task<string> RefusedAsync(int k = 2, params string[] more) => RefusedRunAsync(tables.Arguments("age,city", k, more));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("\uFEFF", "it is empty")]
    [InlineData("id;age;city;illness;score\n", "no row under the header")]
    [InlineData("id;age;city;age;score\np1;Zqx1;ZqxA;Zqxf;1\n", "row 0, column 4: has the name of column 2")]
    [InlineData("id;age;city;;score\np1;Zqx1;ZqxA;Zqxf;1\n", "row 0, column 4: has no name")]
    [InlineData("id;age;city;illness;score\np1;Zqx1;ZqxA;Zqxf;1\np2;Zqx1;ZqxA;Zqxf\n", "row 2: has 4 values, row 0 has 5")]
    [InlineData("id;age;city;illness;score\np1;Zqx1;ZqxA;Zqxf;1;2\n", "row 1: has 6 values, row 0 has 5")]
    [InlineData("id;age;city;illness;score\np1;Zqx1;ZqxA;Zqxf;1\n\n", "row 2: is an empty line; remove it")]
    [InlineData("id;age;city;illness;score\np1;Zqx1;ZqxA;Zqxf;1\np2;Zqx1;Zqx\0A;Zqxf;1\n", "row 2, column city: a NUL byte")]
    [InlineData("id;age;city;illness;sc\0ore\np1;Zqx1;ZqxA;Zqxf;1\n", "row 0, column 5: a NUL byte")]
    [InlineData("id;age;city;illness;score\np1;Zqx1;ZqxA;Zqxf;1\np2;Zqx9;ZqxA;Zqxf;1\n", "row 2, column age: the value is not in the column's hierarchy")]
    [InlineData("id;age;city;illness;score\np1; Zqx1;ZqxA;Zqxf;1\n", "row 1, column age: the value is not in the column's hierarchy")]
    [InlineData("id;age;city;illness;score\np1;zqx1;ZqxA;Zqxf;1\n", "row 1, column age: the value is not in the column's hierarchy")]
    [InlineData("id;age;city;illness;score\np1;Zqx1;ZqxA;\"Zqxf;1\np2;Zqx1;ZqxA;Zqxf;1\n", "row 1: a quotation mark is never closed")]
    [InlineData("id;age;city;illness;score\np1;Zqx1;ZqxA;Zq\"xf;1\n", "row 1: a quotation mark in the wrong place")]
    [InlineData("id;age;city;illness;score\np1;Zqx1;ZqxA;\"Zq\"xf;1\n", "row 1: a quotation mark in the wrong place")]
    [InlineData("id,age,city,illness,score\np1,Zqx1,ZqxA,Zqxf,1\n", "no column age")]
    public async Task A_table_that_is_none_is_refused_by_row_and_column(string content, string expected)
    {
        tables.Write("t.csv", content);

        Assert.Contains(expected, await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_of_more_than_a_mebibyte_is_refused_wherever_it_ends()
    {
        foreach (var length in (int[])[1_048_577, 3_000_000])
        {
            tables.Write("t.csv", Good + "p5;Zqx1;ZqxA;" + new string('z', length) + ";1\n" + Good[26..]);
            Assert.Contains("row 5: is longer than 1 MiB", await RefusedAsync(), StringComparison.Ordinal);
        }
        tables.Write("t.csv", new string('z', 3_000_000));
        Assert.Contains("row 0: is longer than 1 MiB", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_encoding_is_refused()
    {
        File.WriteAllBytes(tables.At("t.csv"), [.. Encoding.UTF8.GetBytes(Good + "p5;Zqx1;ZqxA;Zqx"), 0xFC, .. ";5\n"u8]);
        Assert.Contains("row 5, column illness: is not UTF-8", await RefusedAsync(), StringComparison.Ordinal);
        File.WriteAllText(tables.At("t.csv"), Good, Encoding.Unicode);
        Assert.Contains("is UTF-16; save it as UTF-8", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Zqx1;Zqx1-2;*\nZqx2;*\n", "row 2")]
    [InlineData("Zqx1;Zqx1-2;*\nZqx1;Zqx1-2;*\nZqx2;Zqx1-2;*\n", "row 2, column 1")]
    [InlineData("Zqx1;Zqx1-2;*\nZqx2;Zqx1-2;Zqx\n", "row 2, column 3")]
    [InlineData("Zqx1;Zqx2;Zqx1;*\nZqx2;Zqx2;Zqx2;*\n", "a cycle")]
    [InlineData("Zqx1;Zqxa;Zqxb;*\nZqx2;Zqxb;Zqxa;*\n", "a cycle")]
    [InlineData("", "it is empty")]
    [InlineData("Zqx1;Zqx\0;*\n", "row 1, column 2: a NUL byte")]
    [InlineData("Zqx1;\"Zqx1-2;*\n", "row 1: a quotation mark is never closed")]
    public async Task A_hierarchy_that_is_none_is_refused_by_file_and_row(string content, string expected)
    {
        tables.Write("h/age.csv", content);

        var line = await RefusedAsync();

        Assert.Contains(tables.At("h/age.csv"), line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_without_a_hierarchy_is_refused()
    {
        Assert.Contains("there is no hierarchy for score", await RefusedRunAsync(tables.Arguments("age,score", 2)), StringComparison.Ordinal);
        Assert.Contains("there is no hierarchy for", await RefusedRunAsync(tables.Arguments("../h/age", 2)), StringComparison.Ordinal);
        Assert.Contains("without spaces around the comma", await RefusedRunAsync(tables.Arguments("age, city", 2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task K_above_the_rows_or_the_persons_is_refused()
    {
        Assert.Contains("has 4 rows, fewer than --k 5", await RefusedAsync(5, "--suppression-limit", "1"), StringComparison.Ordinal);
        tables.Write("t.csv", Good.Replace("p2", "p1", StringComparison.Ordinal));
        Assert.Contains("has 3 persons, fewer than --k 4", await RefusedAsync(4, "--person", "id"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_cannot_be_met_is_refused()
    {
        Assert.Contains("--suppression-limit", await RefusedAsync(2, "--sensitive", "illness", "--distinct-l", "3"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--person", "nobody")]
    [InlineData("--sensitive", "nothing")]
    [InlineData("--keep", "nothing")]
    [InlineData("--person", "age")]
    [InlineData("--sensitive", "city")]
    [InlineData("--keep", "city")]
    [InlineData("--keep", "score,score")]
    [InlineData("--sensitive", "score", "--person", "score")]
    [InlineData("--sensitive", "score", "--keep", "score")]
    [InlineData("--sensitive", "illness", "--t", "0.5", "--t-distance", "ordered")]
    [InlineData("--distinct-l", "2")]
    [InlineData("--t", "0.2")]
    [InlineData("--t-distance", "ordered")]
    [InlineData("--sensitive", "illness", "--distinct-l", "0")]
    [InlineData("--sensitive", "illness", "--distinct-l", "two")]
    [InlineData("--sensitive", "illness", "--t", "1.5")]
    [InlineData("--sensitive", "illness", "--t-distance", "far")]
    [InlineData("--suppression-limit", "1.01")]
    [InlineData("--suppression-limit", "-0.1")]
    [InlineData("--suppression-limit", "NaN")]
    [InlineData("--mode", "loose")]
    [InlineData("--mode", "fixed")]
    [InlineData("--prior", "PRIOR")]
    [InlineData("--mode", "tight", "--prior", "PRIOR")]
    [InlineData("--mode", "fixed", "--prior", "DATA")]
    [InlineData("--mode", "fixed", "--prior", "PRIOR", "--stream", "--delay", "4")]
    [InlineData("--regions", "REGIONS")]
    [InlineData("--delay", "4")]
    [InlineData("--stream")]
    [InlineData("--stream", "--delay", "0")]
    [InlineData("--delimiter", ";;")]
    [InlineData("--delimiter", "\"")]
    [InlineData("--k", "1")]
    [InlineData("--k", "eleven")]
    [InlineData("--nothing")]
    public async Task Options_that_do_not_go_are_refused_by_name(params string[] more)
    {
        string[] given = [.. more.Select(word => word switch
        {
            "PRIOR" => tables.At("prior.csv"),
            "DATA" => tables.At("t.csv"),
            "REGIONS" => tables.At("regions.csv"),
            _ => word,
        })];
        var option = more.Last(word => word.StartsWith("--", StringComparison.Ordinal));

        var line = await RefusedAsync(2, given);

        Assert.Contains(option is "--delay" or "--mode" or "--prior" or "--stream" or "--t-distance" or "--person" or "--keep" ? "clinicnet: " : option, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data")]
    [InlineData("--hierarchies")]
    [InlineData("--qi")]
    [InlineData("--k")]
    [InlineData("--out")]
    public async Task What_must_be_said_is_asked_for(string option)
    {
        var arguments = tables.Arguments("age,city", 2).ToList();
        arguments.RemoveRange(arguments.IndexOf(option), 2);

        Assert.Contains(option, await RefusedRunAsync([.. arguments]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("age,age")]
    [InlineData("age,,city")]
    [InlineData("age,town")]
    public async Task Quasi_identifiers_are_named_once_and_exist(string quasi)
    {
        tables.Write("h/town.csv", "Zqx;*\n");

        Assert.Contains("--qi", await RefusedRunAsync(tables.Arguments(quasi, 2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_file_is_written_over_that_is_read_or_written()
    {
        File.CreateSymbolicLink(tables.At("link.csv"), tables.At("t.csv"));
        foreach (var (option, file) in new[] { ("--out", "t.csv"), ("--out", "link.csv"), ("--out", "h/age.csv"), ("--report", "out.csv"), ("--report", "t.csv"), ("--out", "h"), ("--out", "none/out.csv") })
        {
            var arguments = tables.Arguments("age,city", 2);
            arguments[Array.IndexOf(arguments, option) + 1] = tables.At(file);
            Assert.Contains(option, await RefusedRunAsync(arguments), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stream_of_a_table_that_has_a_column_batch_says_so()
    {
        tables.Write("t.csv", Good.Replace("score", "batch", StringComparison.Ordinal));

        Assert.Contains("rename it", await RefusedAsync(2, "--stream", "--delay", "4", "--keep", "batch"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prior_outside_the_hierarchies_is_refused_by_its_own_row()
    {
        tables.Write("prior.csv", "city;age\nZqxA;Zqx1\nZqxC;Zqx2\n");

        Assert.Contains($"{tables.At("prior.csv")}: row 2, column city", await RefusedAsync(2, "--mode", "fixed", "--prior", tables.At("prior.csv")), StringComparison.Ordinal);
    }
}
