using ClinicNetwork.Client.Tests.Fakes;

namespace ClinicNetwork.Client.Tests.Cli.Tables;

/// <summary>A folder with a table, its hierarchies and what a command writes.</summary>
internal sealed class TablesOnDisk : IDisposable
{
    private readonly TemporaryFolder folder = new();

    internal TablesOnDisk() => Directory.CreateDirectory(At("h"));

    internal string Folder => folder.Path;

    internal string Out => At("out.csv");

    internal string Report => At("report.json");

    internal string At(string name) => Path.Combine(folder.Path, name);

    internal string Write(string name, string content) => folder.File(name, content);

    internal string Write(string name, IEnumerable<string> lines) => folder.File(name, string.Concat(lines.Select(line => line + "\n")));

    /// <summary>Every file's path and content, but not what was there before under these names.</summary>
    internal string[] Files() => [.. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Order().Select(path => $"{path} {File.ReadAllText(path)}")];

    internal string[] Arguments(string quasi, int k, params string[] more) =>
        ["anonymise", "--data", At("t.csv"), "--hierarchies", At("h"), "--qi", quasi, "--k", $"{k}", "--out", Out, "--report", Report, .. more];

    internal Task<CommandLineRun> AnonymiseAsync(string quasi, int k, params string[] more) => CommandLineRun.OfAsync(Arguments(quasi, k, more));

    public void Dispose() => folder.Dispose();
}
