using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;

namespace ClinicNetwork.BlackBox.Tests.Walks;

/// <summary>One command of a walk.</summary>
/// <param name="Line">Of the file, from 1.</param>
/// <param name="Text">With its continued lines.</param>
/// <param name="Said">The lines that the file has under it.</param>
internal sealed record WalkCommand(int Line, string Text, IReadOnlyList<string> Said);

/// <summary>
/// A markdown file whose blocks of code have commands, <c>$ </c> before each, and under each what it prints. All of a file run in one shell, in order. A command ends with 0, but one whose output
/// has a line that begins with a program's name and a colon, which is a refusal, does not. With CLINICNETWORK_WRITE_WALK=1 the outputs are written anew from the run.
/// </summary>
/// <param name="numbers">False where they differ from run to run too.</param>
internal sealed partial class Walk(string file, bool numbers = true)
{
    private const string Mark = "@@walk@@";

    /// <summary>A bound for what hangs: a walk of forty commands takes half a minute, and two where the machine is half as fast and other tests run beside it.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(6);

    public static string PathOf(string name) => Path.Combine(AccessMatrixTests.Root(), "docs", "walks", name);

    public static IReadOnlyList<WalkCommand> Commands(IReadOnlyList<string> lines)
    {
        var commands = new List<WalkCommand>();
        for (var at = 0; at < lines.Count; at++)
        {
            if (!lines[at].StartsWith("$ ", StringComparison.Ordinal))
            {
                continue;
            }

            var (line, text) = (at + 1, lines[at][2..]);
            while (text.EndsWith('\\'))
            {
                text += "\n" + lines[++at];
            }

            string[] said = [.. lines.Skip(at + 1).TakeWhile(under => under != "```" && !under.StartsWith("$ ", StringComparison.Ordinal))];
            commands.Add(new(line, text, said));
        }

        return commands;
    }

    /// <param name="folder">Where the shell is; <c>clinicnet</c> is on its path.</param>
    public async Task RunAsync(string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var lines = await File.ReadAllLinesAsync(file);
        var commands = Commands(lines);
        var outputs = Outputs((await ShellAsync(folder, commands, environment)).Replace(folder, "/…", StringComparison.Ordinal));
        var writes = Environment.GetEnvironmentVariable("CLINICNETWORK_WRITE_WALK") == "1";
        if (writes)
        {
            await File.WriteAllTextAsync(file, string.Concat(Written(lines, commands, outputs).Select(line => line + "\n")));
        }

        var differences = Differences(commands, outputs, compare: !writes, numbers).ToList();
        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    /// <summary>What is wrong with each command that ended otherwise than it says, or printed something else.</summary>
    public static IEnumerable<string> Differences(IReadOnlyList<WalkCommand> commands, IReadOnlyList<(int ExitCode, string[] Lines)> outputs, bool compare = true, bool numbers = true)
    {
        for (var i = 0; i < commands.Count; i++)
        {
            var (command, (exitCode, printed)) = (commands[i], i < outputs.Count ? outputs[i] : (-1, ["(it did not come to this)"]));
            var refused = printed.Any(line => Refusal().IsMatch(line));
            if (refused == (exitCode == 0))
            {
                yield return $"line {command.Line}: {command.Text}\nended with {exitCode}:\n{string.Join('\n', printed)}";
            }
            else if (compare && !command.Said.Select(line => Masked(line, numbers)).SequenceEqual(printed.Select(line => Masked(line, numbers))))
            {
                yield return $"line {command.Line}: {command.Text}\nsays:\n{string.Join('\n', command.Said)}\nprints:\n{string.Join('\n', printed)}";
            }
        }
    }

    private static async Task<string> ShellAsync(string folder, IReadOnlyList<WalkCommand> commands, IReadOnlyDictionary<string, string>? environment)
    {
        var programs = Directory.CreateDirectory(Path.Combine(folder, ".programs")).FullName;
        var clinicnet = Path.Combine(programs, "clinicnet");
        await File.WriteAllTextAsync(clinicnet, $"#!/bin/sh\nexec dotnet '{Clinicnet.Dll}' \"$@\"\n");
        var script = Path.Combine(programs, "walk.sh");
        await File.WriteAllTextAsync(script, $"exec 2>&1 </dev/null\nchmod +x '{clinicnet}'\n" + string.Concat(commands.Select(command => $"{command.Text}\nprintf '\\n{Mark} %s\\n' $?\n")));
        var shell = new ProcessStartInfo("bash", [script]) { WorkingDirectory = folder };
        shell.Environment["PATH"] = $"{programs}:{shell.Environment["PATH"]}";
        // A program that runs once and briefly starts in two thirds of the time.
        (shell.Environment["DOTNET_TC_QuickJitForLoops"], shell.Environment["DOTNET_TieredPGO"]) = ("1", "0");
        shell.Environment.Remove("CLINICNETWORK_IDENTITY");
        shell.Environment.Remove("CLINICNETWORK_SERVER");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            shell.Environment[name] = value;
        }

        return (await Programs.RunAsync(shell, EndsWithin)).Out;
    }

    private static List<(int ExitCode, string[] Lines)> Outputs(string printed)
    {
        var outputs = new List<(int, string[])>();
        var from = 0;
        foreach (Match mark in Ended().Matches(printed))
        {
            var text = printed[from..mark.Index].TrimEnd('\n');
            outputs.Add((int.Parse(mark.Groups[1].Value, CultureInfo.InvariantCulture), text.Length == 0 ? [] : [.. text.Split('\n').Select(line => line.TrimEnd())]));
            from = mark.Index + mark.Length;
        }

        return outputs;
    }

    private static IEnumerable<string> Written(IReadOnlyList<string> lines, IReadOnlyList<WalkCommand> commands, IReadOnlyList<(int ExitCode, string[] Lines)> outputs)
    {
        var at = 0;
        for (var i = 0; i < commands.Count; i++)
        {
            var end = commands[i].Line + commands[i].Text.Count(c => c == '\n');
            foreach (var line in lines.Take(end).Skip(at).Concat(outputs[i].Lines))
            {
                yield return line;
            }

            at = end + commands[i].Said.Count;
        }

        foreach (var line in lines.Skip(at))
        {
            yield return line;
        }
    }

    /// <summary>Times, serial numbers and etags differ from run to run, and the width of a table with them.</summary>
    private static string Masked(string line, bool numbers)
    {
        var same = Blanks().Replace(Changing().Replace(line, "#"), " ");
        return numbers ? same : Number().Replace(same, "#");
    }

    [GeneratedRegex("^(clinicnet|pull|site): ", RegexOptions.Multiline)]
    private static partial Regex Refusal();

    [GeneratedRegex($@"\n{Mark} (\d+)\n")]
    private static partial Regex Ended();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?|\b[0-9A-F]{16,}\b|\b[0-9a-f]{16,}\b|(?<=^  etag: )\S+", RegexOptions.Multiline)]
    private static partial Regex Changing();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(" {2,}|─+")]
    private static partial Regex Blanks();
}
