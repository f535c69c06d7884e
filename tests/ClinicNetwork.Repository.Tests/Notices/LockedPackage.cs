using System.Text.Json;

namespace ClinicNetwork.Repository.Tests.Notices;

/// <summary>A package that some lock file resolves, directly or not.</summary>
/// <param name="Id">The package's id in the lock file's spelling.</param>
/// <param name="Version">The resolved version.</param>
/// <param name="InProduct">True when a project of src resolves it; false when only the tests do.</param>
internal sealed record LockedPackage(string Id, string Version, bool InProduct);

/// <summary>Reads NuGet's packages.lock.json files.</summary>
internal static class LockFiles
{
    /// <param name="files">Each lock file's text, and whether its project belongs to the product.</param>
    /// <returns>Every package and version once, in order of id and version.</returns>
    public static IReadOnlyList<LockedPackage> Packages(IEnumerable<(string Json, bool InProduct)> files) =>
    [
        .. files
            .SelectMany(file => Entries(file.Json).Select(entry => (entry.Id, entry.Version, file.InProduct)))
            .GroupBy(entry => (entry.Id.ToUpperInvariant(), entry.Version))
            .Select(uses => new LockedPackage(uses.First().Id, uses.First().Version, uses.Any(use => use.InProduct)))
            .OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase)
            .ThenBy(package => package.Version, StringComparer.Ordinal),
    ];

    /// <summary>The lock files of this checkout; a project without one is a <see cref="FileNotFoundException"/>.</summary>
    public static IReadOnlyList<LockedPackage> OfRepository() => Packages(
        RepositoryTree.ProjectsUnder("src").Select(project => (LockFileOf(project), true))
            .Concat(RepositoryTree.ProjectsUnder("tests").Select(project => (LockFileOf(project), false))));

    private static string LockFileOf(string project) => File.ReadAllText(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"));

    private static List<(string Id, string Version)> Entries(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. document.RootElement.GetProperty("dependencies").EnumerateObject()
                .SelectMany(framework => framework.Value.EnumerateObject())
                .Where(entry => entry.Value.GetProperty("type").GetString() != "Project")
                .Select(entry => (entry.Name, entry.Value.GetProperty("resolved").GetString()!)),
        ];
    }
}
