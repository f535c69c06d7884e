using System.Text;

namespace ClinicNetwork.Repository.Tests.Notices;

/// <summary>Writes the text of THIRD-PARTY-NOTICES.</summary>
internal static class NoticesFile
{
    public const string Name = "THIRD-PARTY-NOTICES";

    /// <param name="packages">Every locked package.</param>
    /// <param name="licenceOf">What a package says of its licence.</param>
    /// <param name="textOf">The full text of a licence by its SPDX id.</param>
    public static string Generate(IReadOnlyList<LockedPackage> packages, Func<LockedPackage, PackageLicence> licenceOf, Func<string, string> textOf)
    {
        var kept = packages.Select(package => Keep(package, licenceOf(package))).ToList();
        var text = new StringBuilder()
            .Append("ClinicNetwork: third-party notices\n\n")
            .Append("Every package that the lock files name, direct or not, with its licence. Made by tests/notices; do not edit.\n")
            .Append("The product runs on .NET and ASP.NET Core (MIT), which are installed apart and not listed.\n");
        AppendPackages(text, "Packages of the product and its build", kept.Where(entry => entry.Package.InProduct));
        AppendPackages(text, "Packages of the tests alone", kept.Where(entry => !entry.Package.InProduct));
        foreach (var id in kept.SelectMany(entry => entry.Licences).Distinct().Order(StringComparer.Ordinal))
        {
            AppendHeading(text, "Licence " + id);
            text.Append(textOf(id).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Each package whose licence is unknown or not permissive, as a sentence.</summary>
    public static IEnumerable<string> Refusals(IEnumerable<LockedPackage> packages, Func<LockedPackage, PackageLicence> licenceOf) => packages
        .Select(package => (package, Expression: LicencePolicy.Expression(package, licenceOf(package))))
        .Where(entry => entry.Expression is null || LicencePolicy.Accepted(entry.Expression).Count == 0)
        .Select(entry => entry.Expression is null
            ? $"{entry.package.Id} {entry.package.Version} has no licence expression: read its licence and enter it in LicencePolicy with the date."
            : $"{entry.package.Id} {entry.package.Version} is under {entry.Expression}, which is not on the list of permissive licences.");

    private static Entry Keep(LockedPackage package, PackageLicence licence)
    {
        var expression = LicencePolicy.Expression(package, licence) ?? "unknown";
        return new Entry(package, licence.Copyright, expression, LicencePolicy.Accepted(expression));
    }

    private static void AppendPackages(StringBuilder text, string heading, IEnumerable<Entry> entries)
    {
        var list = entries.ToList();
        AppendHeading(text, $"{heading} ({list.Count})");
        foreach (var entry in list)
        {
            var choice = string.Join(" AND ", entry.Licences);
            text.Append(entry.Package.Id).Append(' ').Append(entry.Package.Version).Append('\n')
                .Append("    ").Append(entry.Expression).Append(choice == entry.Expression ? "" : $" (used under {choice})").Append('\n')
                .Append("    ").Append(string.Join(' ', entry.Copyright.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Append('\n');
            if (LicencePolicy.Contents(entry.Package) is { } contents) text.Append("    Contains ").Append(contents).Append(".\n");
        }
    }

    private static void AppendHeading(StringBuilder text, string heading) =>
        text.Append('\n').Append(heading).Append('\n').Append('=', heading.Length).Append("\n\n");

    private sealed record Entry(LockedPackage Package, string Copyright, string Expression, IReadOnlyList<string> Licences);
}
