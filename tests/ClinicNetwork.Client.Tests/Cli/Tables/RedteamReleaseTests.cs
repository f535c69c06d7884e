using System.Text.Json;

namespace ClinicNetwork.Client.Tests.Cli.Tables;

public sealed class RedteamReleaseTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_sound_folder_ends_with_0_and_the_report_has_every_attack()
    {
        var run = await CommandLineRun.OfAsync("redteam", "--release", Release("a", 12), "--report", Path("r.json"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("k = 11; folders: 1; batches: 1; rows: 12; persons: 12", run.Out, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(File.ReadAllText(Path("r.json")));
        Assert.True(report.RootElement.GetProperty("held").GetBoolean());
        Assert.Equal(
            ["disjointness", "prefix", "coverage", "intersection", "coalition", "counts", "pseudonyms", "withholding", "singling out", "linkage", "inference"],
            report.RootElement.GetProperty("attacks").EnumerateArray().Select(attack => attack.GetProperty("attack").GetString()));
    }

    [Fact]
    public async Task Two_recipients_with_one_key_end_with_2()
    {
        var run = await CommandLineRun.OfAsync("redteam", "--release", $"{Release("a", 12)},{Release("b", 12)}");
        Assert.Equal((2, "clinicnet: --release: above the bound: pseudonyms; tell the network"), (run.ExitCode, run.Line));
    }

    [Fact]
    public async Task A_cell_under_k_and_hashes_of_known_ids_end_with_2()
    {
        File.WriteAllLines(Path("ids"), ["nobody", "pt-1"]);
        var run = await CommandLineRun.OfAsync("redteam", "--release", Release("a", 9), "--ids", Path("ids"));
        Assert.Equal((2, "clinicnet: --release: above the bound: intersection; counts; pseudonyms; tell the network"), (run.ExitCode, run.Line));
    }

    [Theory]
    [InlineData("--data", "x.csv")]
    [InlineData("--k", "5")]
    [InlineData("--qi", "age")]
    public async Task Options_of_tables_do_not_go_with_it(string option, string value)
    {
        var run = await CommandLineRun.OfAsync("redteam", "--release", Release("a", 12), option, value);
        Assert.Equal((2, $"clinicnet: {option}: goes with --data; a release folder says itself what it has"), (run.ExitCode, run.Line));
    }

    [Fact]
    public async Task Neither_a_table_nor_a_release_is_refused() =>
        Assert.Equal("clinicnet: --data: is missing; give it, or --release for the folder of a pulled release", (await CommandLineRun.OfAsync("redteam")).Line);

    [Theory]
    [InlineData("missing", "there is no folder")]
    [InlineData(".", "has no batch")]
    public async Task A_folder_that_is_no_release_is_refused(string name, string message)
    {
        var run = await CommandLineRun.OfAsync("redteam", "--release", Path(name));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Line, StringComparison.Ordinal);
    }

    private string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    /// <summary>One cell at one milestone; the first pseudonym is the SHA-256 of <c>pt-1</c>.</summary>
    private string Release(string recipient, int persons)
    {
        var batch = Directory.CreateDirectory(Path($"{recipient}/batches/0001")).FullName;
        var hashed = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("pt-1"u8))[..32];
        File.WriteAllText(System.IO.Path.Combine(batch, "manifest.json"), $$"""
            {"format":"clinicnetwork.release/2","recipient":"{{recipient}}","rows":{{persons}},"k":11,"withhold_share":0.05,
            "columns":["pseudonym","cell","milestone","age","status","missing_reason"],"quasi_identifiers":["age"],"hierarchies":{"age":[["1","*"],["2","*"]]},
            "cells":[{"cell":"c-0000000000000001","milestone":"WEEK_4","members":{{persons}}}],"waiting":"0","missing":{} }
            """);
        File.WriteAllText(System.IO.Path.Combine(batch, "rows.ndjson"), string.Concat(Enumerable.Range(0, persons).Select(i =>
            $"{{\"row\":{i},\"salt\":\"{i:x32}\",\"values\":[\"{(i == 0 ? hashed : i.ToString("x32", System.Globalization.CultureInfo.InvariantCulture))}\",\"c-0000000000000001\",\"WEEK_4\",\"1\",\"MEASURED\",\"\"]}}\n")));
        return Path(recipient);
    }
}
