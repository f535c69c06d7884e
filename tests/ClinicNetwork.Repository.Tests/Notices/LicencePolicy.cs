namespace ClinicNetwork.Repository.Tests.Notices;

/// <summary>Which licences a dependency may have, and what was found where a package does not say it in SPDX.</summary>
internal static class LicencePolicy
{
    /// <summary>Permissive licences (SPDX ids): they ask for their notice and nothing of the code around them.</summary>
    private static readonly string[] Permissive =
        ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "PostgreSQL", "Unlicense"];

    /// <summary>Packages without an expression: the licence that a person found, when and where. For exactly this version.</summary>
    private static readonly Dictionary<(string Id, string Version), string> FoundByHand = new()
    {
        // 2026-11-23: the licenseUrl is license.txt of the xunit repository, read there from a stored copy: Apache License 2.0.
        [("xunit.abstractions", "2.0.3")] = "Apache-2.0",
    };

    /// <summary>Third-party code inside a package, under terms of its own.</summary>
    private static readonly Dictionary<string, string> Inside = new()
    {
        // 2026-11-23, https://www.sqlite.org/copyright.html
        ["SQLitePCLRaw.lib.e_sqlite3"] = "the SQLite library, dedicated to the public domain by its authors",
    };

    public static string? Expression(LockedPackage package, PackageLicence licence) =>
        licence.Expression ?? FoundByHand.GetValueOrDefault((package.Id, package.Version));

    public static string? Contents(LockedPackage package) => Inside.GetValueOrDefault(package.Id);

    /// <summary>
    /// The permissive ids to keep of an SPDX expression: of alternatives (OR) the first that is wholly permissive, of a sum (AND) all.
    /// Empty when there is none, and for parentheses and WITH, which nobody used so far and a person has to read.
    /// </summary>
    public static IReadOnlyList<string> Accepted(string expression) => expression
        .Split(" OR ", StringSplitOptions.TrimEntries)
        .Select(alternative => alternative.Split(" AND ", StringSplitOptions.TrimEntries))
        .FirstOrDefault(sum => sum.All(id => Permissive.Contains(id))) ?? [];
}
