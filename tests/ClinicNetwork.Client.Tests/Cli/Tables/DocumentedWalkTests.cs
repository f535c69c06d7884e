using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ClinicNetwork.Client.Tests.Fakes;

namespace ClinicNetwork.Client.Tests.Cli.Tables;

/// <summary>
/// Each command that docs/anonymisation.md and the help show is run by a shell, in a folder with docs/examples and nothing else, and prints what the text says but for times and memory.
/// With CLINICNETWORK_WRITE_WALK=1 the text is written anew from the runs.
/// </summary>
public sealed partial class DocumentedWalkTests : IDisposable
{
    private static readonly string Checkout = FindCheckout();
    private static readonly string Text = Path.Combine(Checkout, "docs", "anonymisation.md");

    private readonly TemporaryFolder folder = new();

    public DocumentedWalkTests()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout, "docs", "examples"), "*", SearchOption.AllDirectories))
        {
            var place = Path.Combine(folder.Path, Path.GetRelativePath(Checkout, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_command_of_the_walk_prints_what_the_text_says()
    {
        var lines = File.ReadAllLines(Text);
        var written = new List<string>();
        var commands = 0;
        for (var at = 0; at < lines.Length;)
        {
            written.Add(lines[at]);
            if (!lines[at].StartsWith("$ ", StringComparison.Ordinal))
            {
                at++;
                continue;
            }
            var command = new StringBuilder(lines[at][2..]);
            while (lines[at++].EndsWith('\\'))
            {
                written.Add(lines[at]);
                command.Append('\n').Append(lines[at]);
            }
            var said = lines[at..].TakeWhile(line => line != "```" && !line.StartsWith("$ ", StringComparison.Ordinal)).ToArray();
            at += said.Length;
            var (exitCode, output) = await RunAsync(command.ToString());
            written.AddRange(output);
            commands++;
            if (!Writes)
                Assert.Equal(string.Join('\n', said.Select(Masked)), string.Join('\n', output.Select(Masked)));
            // Of a pipe the shell says the last command's.
            if (!command.ToString().Contains('|', StringComparison.Ordinal))
                Assert.Equal(output.Any(line => line.StartsWith("clinicnet: ", StringComparison.Ordinal)) ? 2 : 0, exitCode);
        }
        Assert.InRange(commands, 10, 100);
        if (Writes)
            File.WriteAllText(Text, string.Concat(written.Select(line => line + "\n")));
    }

    [Theory]
    [InlineData("verify", "anonymise")]
    [InlineData("redteam")]
    [InlineData("hierarchy")]
    [InlineData("hierarchy numbers")]
    [InlineData("hierarchy dates")]
    [InlineData("hierarchy postcodes")]
    [InlineData("hierarchy categories")]
    [InlineData("hierarchy check")]
    public async Task The_examples_of_the_help_run_one_after_the_other(params string[] commands)
    {
        // What a verifier's example reads was written by the other's.
        foreach (var command in commands.Reverse())
        {
            var help = await CommandLineRun.OfAsync([.. command.Split(' '), "--help"]);
            var examples = help.Out[help.Out.IndexOf("Examples:", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith("  clinicnet ", StringComparison.Ordinal)).ToArray();
            Assert.NotEmpty(examples);
            foreach (var example in examples)
            {
                var (exitCode, output) = await RunAsync(example.Trim());
                Assert.True(exitCode == 0, $"{example}\n{string.Join('\n', output)}");
            }
        }
    }

    private static bool Writes => Environment.GetEnvironmentVariable("CLINICNETWORK_WRITE_WALK") == "1";

    private async Task<(int ExitCode, string[] Output)> RunAsync(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"clinicnet() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "ClinicNetwork.Cli.dll")}' \"$@\"; }}; exec 2>&1; {command}"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output.Length == 0 ? [] : [.. output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())]);
    }

    /// <summary>Times and memory differ from run to run, and the width of a table with them.</summary>
    private static string Masked(string line) => Rule().Replace(Changing().Replace(line, "#"), "─");

    [GeneratedRegex(@"\d+\.\d+(?= to anonymise| in all)|\d+(?= MiB)")]
    private static partial Regex Changing();

    [GeneratedRegex("─+")]
    private static partial Regex Rule();

    internal static string FindCheckout()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "ClinicNetwork.sln")))
            at = at.Parent ?? throw new InvalidOperationException("The tests run within a checkout.");
        return at.FullName;
    }
}
