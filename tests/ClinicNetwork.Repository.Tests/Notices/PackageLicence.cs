using System.Xml.Linq;

namespace ClinicNetwork.Repository.Tests.Notices;

/// <summary>What a package says of its licence.</summary>
/// <param name="Expression">The SPDX expression; null when the package has none (only a URL, a file, or nothing).</param>
/// <param name="Copyright">The copyright line, else the authors.</param>
internal sealed record PackageLicence(string? Expression, string Copyright)
{
    public static PackageLicence Parse(XDocument nuspec)
    {
        var metadata = nuspec.Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        var licence = Child("license");
        var copyright = Child("copyright")?.Value.Trim();
        return new PackageLicence(
            (string?)licence?.Attribute("type") == "expression" ? licence!.Value.Trim() : null,
            string.IsNullOrEmpty(copyright) ? "Authors: " + Child("authors")!.Value.Trim() : copyright);

        XElement? Child(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name);
    }

    /// <summary>Reads the .nuspec in NuGet's global packages folder.</summary>
    public static PackageLicence Of(LockedPackage package)
    {
        var id = package.Id.ToLowerInvariant();
        var path = Path.Combine(BuildFacts.PackagesFolder, id, package.Version.ToLowerInvariant(), id + ".nuspec");
        return File.Exists(path)
            ? Parse(XDocument.Load(path))
            : throw new FileNotFoundException($"{package.Id} {package.Version} is locked and not restored: run `dotnet restore ClinicNetwork.sln`.");
    }
}
