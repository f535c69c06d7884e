namespace ClinicNetwork.Repository.Tests;

/// <summary>The files of the checkout that people wrote: build output and tools' folders left out.</summary>
internal static class RepositoryTree
{
    private static readonly string[] LeftOut = ["bin", "obj", "artifacts", "TestResults", "data", ".git", ".vs", ".idea", ".vscode"];

    public static string Root { get; } = FindRoot();

    /// <summary>Full paths of the project files of src and tests, discovered, not listed.</summary>
    public static IReadOnlyList<string> Projects => [.. ProjectsUnder("src"), .. ProjectsUnder("tests")];

    public static IReadOnlyList<string> ProjectsUnder(string folder) =>
        [.. Directory.EnumerateDirectories(Path.Combine(Root, folder))
            .SelectMany(project => Directory.EnumerateFiles(project, "*.csproj"))
            .Order(StringComparer.Ordinal)];

    /// <summary>Paths relative to the root, with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Files() => [.. FilesUnder(Root).Order(StringComparer.Ordinal)];

    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    private static IEnumerable<string> FilesUnder(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            // "data" is left out at the root alone: it is the folder a server writes to, not a project's embedded data.
            var name = Path.GetFileName(inner);
            if (LeftOut.Contains(name) && (name != "data" || folder == Root)) continue;
            foreach (var file in FilesUnder(inner)) yield return file;
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ClinicNetwork.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("No folder above the tests holds ClinicNetwork.sln.");
    }
}
