using System.Text.Json;
using ClinicNetwork.Cli;
using ClinicNetwork.Client.Tests.Fakes;

namespace ClinicNetwork.Client.Tests.Cli;

/// <summary><c>clinicnet verify</c> on files, as a user runs it.</summary>
public sealed class VerifyTablesTests : IDisposable
{
    private const string Original = "patient;age;sex;score;note\nMARK1;20;m;1;MARKa\nMARK2;21;m;2;MARKb\nMARK3;30;f;1;MARKc\nMARK4;31;f;3;MARKd\n";
    private const string Anonymised = "age;sex;score\n2x;m;1\n2x;m;2\n3x;f;1\n3x;f;3\n";

    private readonly TemporaryFolder folder = new();

    public VerifyTablesTests()
    {
        Directory.CreateDirectory(Place("hierarchies"));
        folder.File("hierarchies/age.csv", "20;2x;*\n21;2x;*\n30;3x;*\n31;3x;*\n");
        folder.File("hierarchies/sex.csv", "m;*\nf;*\n");
        folder.File("original.csv", Original);
        folder.File("anonymised.csv", Anonymised);
    }

    public void Dispose() => folder.Dispose();

    private string Place(string name) => Path.Combine(folder.Path, name);

    private Task<CommandLineRun> VerifyAsync(string data = "anonymised.csv", string k = "2", params string[] more) => CommandLineRun.OfAsync(
    [
        "verify", "--data", Place(data), "--original", Place("original.csv"), "--hierarchies", Place("hierarchies"), "--qi", "age,sex", "--person", "patient", "--sensitive", "score",
        "--k", k, .. more,
    ]);

    [Fact]
    public async Task A_table_that_holds_is_accepted_with_its_measures()
    {
        var run = await VerifyAsync();
        Assert.Equal((ExitCodes.Done, ""), (run.ExitCode, run.Error));
        // Ages of 4 leaves: 2 of 4 · 2 cells lose 1/3 each… all four ages do, no sex does: (4/3)/8.
        Assert.Contains("0.1667, 0.2500", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("accepted: everything that was checked holds\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_anonymiser_writes_is_accepted_with_its_report_and_not_with_another()
    {
        string[] names = ["--hierarchies", Place("hierarchies"), "--qi", "age,sex", "--person", "patient", "--sensitive", "score", "--k", "2"];
        var made = await CommandLineRun.OfAsync(["anonymise", "--data", Place("original.csv"), .. names, "--keep", "note", "--out", Place("out.csv"), "--report", Place("report.json")]);
        Assert.Equal((ExitCodes.Done, ""), (made.ExitCode, made.Error));
        Assert.Equal(ExitCodes.Done, (await VerifyAsync("out.csv", "2", "--report", Place("report.json"))).ExitCode);
        File.WriteAllText(Place("report.json"), File.ReadAllText(Place("report.json")).Replace("\"classes\": 2", "\"classes\": 3", StringComparison.Ordinal));
        Assert.Equal(
            $"clinicnet: {Place("report.json")}: column classes: REPORT, the report says something else than the table (1 finding in all; do not publish it)",
            (await VerifyAsync("out.csv", "2", "--report", Place("report.json"))).Line);
    }

    [Fact]
    public async Task What_is_wrong_is_listed_by_rule_row_and_column_and_written_as_JSON()
    {
        folder.File("anonymised.csv", Anonymised.Replace("2x;m;2", "3x;m;2", StringComparison.Ordinal));
        var run = await VerifyAsync(more: ["--json", Place("verdict.json")]);
        Assert.Equal(ExitCodes.Refused, run.ExitCode);
        Assert.Equal($"clinicnet: {Place("anonymised.csv")}: row 2, column age: COVERAGE, the value does not cover the original's (3 findings in all; do not publish it)", run.Line);
        using var json = JsonDocument.Parse(File.ReadAllText(Place("verdict.json")));
        Assert.False(json.RootElement.GetProperty("accepted").GetBoolean());
        Assert.Equal(["COVERAGE", "K", "K"], json.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("rule").GetString()));
        Assert.Equal(2, json.RootElement.GetProperty("counts").GetProperty("K").GetInt32());
        Assert.Equal(1, json.RootElement.GetProperty("measures").GetProperty("min_class").GetInt32());
    }

    [Fact]
    public async Task No_output_holds_a_value_of_the_original()
    {
        folder.File("anonymised.csv", "age;sex;score;note\nMARKx;m;MARKy;MARKz\n2x;m;2;MARKa\n3x;f;1;MARKc\n3x;*;3;MARKd\n");
        var run = await VerifyAsync(more: ["--json", Place("verdict.json")]);
        Assert.Equal(ExitCodes.Refused, run.ExitCode);
        Assert.DoesNotContain("MARK", run.Out + run.Error + File.ReadAllText(Place("verdict.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data", "a;a\n1;2\n", "row 0, column 2: the header has this name before; rename one of the two")]
    [InlineData("original", "", "the file is empty; give its rows")]
    [InlineData("age", "20;2x;*\n20;3x;*\n", "row 2, column 1: the value stands in row 1 too; keep one of them")]
    [InlineData("report", "[]", "the report is no JSON object; give what 'clinicnet anonymise --report' wrote")]
    public async Task A_file_that_is_none_is_refused_by_its_name_row_and_column(string what, string content, string message)
    {
        var name = what switch { "data" => "anonymised.csv", "age" => "hierarchies/age.csv", "report" => "report.json", _ => "original.csv" };
        folder.File(name, content);
        var run = await VerifyAsync(more: what == "report" ? ["--report", Place(name)] : []);
        Assert.Equal((ExitCodes.Refused, $"clinicnet: {Place(name)}: {message}"), (run.ExitCode, run.Line));
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused()
    {
        foreach (var (line, more) in new (string, string[])[]
        {
            ("there is no such file", ["--regions", Place("nothing.csv")]),
            ("--json: is a file that is read", ["--json", Place("original.csv")]),
            ("--json: is a file that is read", ["--json", Place("hierarchies/age.csv")]),
            ("is a folder; give a file", ["--regions", Place("hierarchies")]),
            ("--original: give one for each --data", ["--data", Place("anonymised.csv")]),
            ("--t: ", ["--t", "2"]),
            ("--t-distance: ", ["--t-distance", "far"]),
        })
        {
            var run = await VerifyAsync(more: more);
            Assert.Equal(ExitCodes.Refused, run.ExitCode);
            Assert.Contains(line, run.Line, StringComparison.Ordinal);
        }

        var without = await CommandLineRun.OfAsync("verify", "--data", Place("anonymised.csv"), "--qi", "age,sex", "--k", "2", "--t", "0.1");
        Assert.Equal("clinicnet: --t: is about the sensitive column; name it with --sensitive", without.Line);
    }

    [Fact]
    public async Task Without_a_limit_any_share_may_be_suppressed_and_the_original_may_be_missing()
    {
        folder.File("anonymised.csv", "age;sex;score\n*;*;1\n*;*;2\n3x;f;1\n3x;f;3\n");
        Assert.Equal(ExitCodes.Done, (await VerifyAsync()).ExitCode);
        Assert.Contains("SUPPRESSION_LIMIT", (await VerifyAsync(more: ["--suppression-limit", "0"])).Line, StringComparison.Ordinal);
        var alone = await CommandLineRun.OfAsync("verify", "--data", Place("anonymised.csv"), "--qi", "age,sex", "--k", "2");
        Assert.Equal(ExitCodes.Done, alone.ExitCode);
        Assert.Contains("not checked: coverage", alone.Out, StringComparison.Ordinal);
    }
}
