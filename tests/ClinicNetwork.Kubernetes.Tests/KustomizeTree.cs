using YamlDotNet.Serialization;

namespace ClinicNetwork.Kubernetes.Tests;

/// <summary>The folder k8s: its kustomizations, found and not listed, and what each of them names.</summary>
internal static class KustomizeTree
{
    private const string FileName = "kustomization.yaml";

    private static readonly string[] NamingFields = ["resources", "bases", "patchesStrategicMerge"];

    public static string RepositoryRoot { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(RepositoryRoot, "k8s");

    /// <summary>Relative to k8s, for example <c>overlays/dev</c>.</summary>
    public static IReadOnlyList<string> Kustomizations { get; } =
        [.. Directory.EnumerateFiles(Folder, FileName, SearchOption.AllDirectories).Select(f => Relative(Path.GetDirectoryName(f)!)).Order(StringComparer.Ordinal)];

    /// <summary>The files that hold objects or patches, relative to k8s.</summary>
    public static IReadOnlyList<string> ObjectFiles { get; } =
        [.. new[] { "*.yaml", "*.yml" }.SelectMany(pattern => Directory.EnumerateFiles(Folder, pattern, SearchOption.AllDirectories))
            .Select(Relative).Where(f => Path.GetFileName(f) != FileName).Order(StringComparer.Ordinal)];

    /// <summary>Files that no kustomization of their own folder names: nobody would notice that they are not applied.</summary>
    public static IEnumerable<string> Unused(IEnumerable<string> files, Func<string, string?> kustomizationOf) => files
        .Where(file => kustomizationOf(Path.GetDirectoryName(file)!) is not { } text || !Named(text).Contains(Path.GetFileName(file)))
        .Select(file => $"{file} is named by no kustomization of its folder.");

    /// <summary>The text of a folder's kustomization, or null.</summary>
    public static string? KustomizationOf(string folder)
    {
        var file = Path.Combine(Folder, folder, FileName);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    private static IEnumerable<string> Named(string kustomization)
    {
        var fields = new DeserializerBuilder().WithDuplicateKeyChecking().Build().Deserialize<Dictionary<string, object>>(kustomization);
        return NamingFields.Where(fields.ContainsKey).SelectMany(field => ((List<object>)fields[field]).Cast<string>());
    }

    private static string Relative(string path) => Path.GetRelativePath(Folder, path).Replace('\\', '/');

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ClinicNetwork.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("No folder above the tests holds ClinicNetwork.sln.");
    }
}
