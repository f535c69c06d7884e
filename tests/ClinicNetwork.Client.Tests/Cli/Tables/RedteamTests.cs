using System.Text.Json;

namespace ClinicNetwork.Client.Tests.Cli.Tables;

public sealed class RedteamTests : IDisposable
{
    private const string Original = "p;age;score\na;1;7\nb;2;8\nc;3;7\nd;4;9\n";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public RedteamTests() => Write("age.csv", "1;low;*\n2;low;*\n3;high;*\n4;high;*\n");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_holds_ends_with_0_and_says_its_seed_and_what_was_not_established()
    {
        var run = await Attack("age;score\nlow;7\nlow;8\nhigh;7\nhigh;9\n", "--sensitive", "score", "--seed", "42", "--report", Path("r.json"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("seed 42", run.Out, StringComparison.Ordinal);
        Assert.Contains("not established", run.Out, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(File.ReadAllText(Path("r.json")));
        Assert.True(report.RootElement.GetProperty("held").GetBoolean());
        Assert.Equal(42, report.RootElement.GetProperty("seed").GetInt32());
        Assert.Equal(9, report.RootElement.GetProperty("attacks").GetArrayLength());
    }

    [Fact]
    public async Task An_attack_above_its_bound_ends_with_2_and_is_named_and_the_report_is_written()
    {
        var run = await Attack("age;score\n1;7\n2;8\n3;7\n4;9\n", "--sensitive", "score", "--report", Path("r.json"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("above the bound: intersection; homogeneity", run.Line, StringComparison.Ordinal);
        Assert.False(JsonDocument.Parse(File.ReadAllText(Path("r.json"))).RootElement.GetProperty("held").GetBoolean());
    }

    [Theory]
    [InlineData("age;score\nlow;7\nlow;8\nhigh;7\nMARKER;9\n", "row 4, column age")]
    [InlineData("age;score\nlow;7\nlow;8\nhigh;7\nhigh\n", "row 4")]
    [InlineData("age;score\nlow;7\nlow;8\n", "2 rows")]
    [InlineData("age\nlow\nlow\nhigh\nhigh\n", "--sensitive")]
    [InlineData("", "empty")]
    public async Task Bad_files_are_refused_in_one_line_without_their_content_and_nothing_is_written(string release, string message)
    {
        var run = await Attack(release, "--sensitive", "score", "--report", Path("r.json"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Line, StringComparison.Ordinal);
        Assert.DoesNotContain("MARKER", run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal(["age.csv", "original.csv", "release.csv"], folder.EnumerateFiles().Select(file => file.Name).Order());
    }

    [Theory]
    [InlineData("release.csv")]
    [InlineData("original.csv")]
    [InlineData("age.csv")]
    public async Task No_report_is_written_over_a_file_that_is_read(string name)
    {
        Write("original.csv", Original);
        const string Release = "age;score\nlow;7\nlow;8\nhigh;7\nhigh;9\n";
        var before = name == "release.csv" ? Release : File.ReadAllText(Path(name));

        var run = await Attack(Release, "--report", Path(name));

        Assert.Equal((2, "clinicnet: --report: is a file that is read; give another name"), (run.ExitCode, run.Line));
        Assert.Equal(before, File.ReadAllText(Path(name)));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var run = await CommandLineRun.OfAsync("redteam", "--data", Path("nothing.csv"), "--hierarchies", folder.FullName, "--qi", "age", "--k", "2");
        Assert.Equal((2, $"clinicnet: {Path("nothing.csv")}: there is no such file; give one that is there"), (run.ExitCode, run.Line));
    }

    [Theory]
    [InlineData("--regions", "original.csv")]
    [InlineData("--sensitive", "age")]
    [InlineData("--mode", "loose")]
    public async Task Options_that_do_not_fit_are_refused(string option, string value) =>
        Assert.Equal(2, (await Attack("age;score\nlow;7\nlow;8\nhigh;7\nhigh;9\n", option, option == "--regions" ? Path(value) : value)).ExitCode);

    private Task<CommandLineRun> Attack(string release, params string[] more) => CommandLineRun.OfAsync(
        ["redteam", "--data", Write("release.csv", release), "--original", Write("original.csv", Original), "--hierarchies", folder.FullName, "--qi", "age", "--person", "p", "--k", "2", .. more]);

    private string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }
}
