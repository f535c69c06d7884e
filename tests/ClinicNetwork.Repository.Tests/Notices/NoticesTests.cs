using System.Xml.Linq;

namespace ClinicNetwork.Repository.Tests.Notices;

public class NoticesTests
{
    /// <summary>Set by tests/notices: the file is written anew instead of compared.</summary>
    private const string WriteVariable = "CLINICNETWORK_WRITE_NOTICES";

    private static readonly LockedPackage Some = new("Some.Package", "1.2.3", InProduct: true);

    [Fact]
    public void Notices_are_up_to_date_with_the_lock_files()
    {
        var path = Path.Combine(RepositoryTree.Root, NoticesFile.Name);
        var expected = NoticesFile.Generate(LockFiles.OfRepository(), PackageLicence.Of, LicenceText);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1") File.WriteAllText(path, expected);

        var actual = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(expected == actual, $"{NoticesFile.Name} is not what the lock files say: run tests/notices.\n{FirstDifference(expected, actual)}");
    }

    [Fact]
    public void Every_locked_package_has_a_permissive_licence() =>
        Findings.None(NoticesFile.Refusals(LockFiles.OfRepository(), PackageLicence.Of));

    [Theory]
    [InlineData("GPL-3.0-only")]
    [InlineData("LGPL-2.1-or-later")]
    [InlineData("MPL-2.0")]
    [InlineData("MS-PL")]
    [InlineData("MIT AND GPL-2.0-only")]
    [InlineData("(MIT OR GPL-2.0-only) AND Apache-2.0")]
    [InlineData("Apache-2.0 WITH LLVM-exception")]
    [InlineData("")]
    public void A_licence_that_is_not_known_to_be_permissive_is_refused(string expression) =>
        Assert.Contains("not on the list", Assert.Single(NoticesFile.Refusals([Some], _ => new(expression, ""))), StringComparison.Ordinal);

    [Theory]
    [InlineData("MIT", "MIT")]
    [InlineData("MS-PL OR Apache-2.0", "Apache-2.0")]
    [InlineData("MIT AND BSD-3-Clause", "MIT, BSD-3-Clause")]
    public void A_permissive_licence_is_accepted(string expression, string kept) =>
        Assert.Equal(kept, string.Join(", ", LicencePolicy.Accepted(expression)));

    [Fact]
    public void A_package_without_an_expression_is_refused_until_a_person_has_read_its_licence()
    {
        var byUrl = Nuspec("<licenseUrl>https://example.org/licence</licenseUrl>");
        var byFile = Nuspec("<license type=\"file\">LICENSE.txt</license>");

        Assert.Contains("no licence expression", Assert.Single(NoticesFile.Refusals([Some], _ => byUrl)), StringComparison.Ordinal);
        Assert.Contains("no licence expression", Assert.Single(NoticesFile.Refusals([Some], _ => byFile)), StringComparison.Ordinal);
        Assert.Empty(NoticesFile.Refusals([new("xunit.abstractions", "2.0.3", InProduct: false)], _ => byUrl));
        Assert.Single(NoticesFile.Refusals([new("xunit.abstractions", "2.0.4", InProduct: false)], _ => byUrl));
    }

    [Fact]
    public void A_package_of_src_and_tests_is_the_products_and_is_named_once_for_each_version()
    {
        const string src = """{"version":2,"dependencies":{"net10.0":{"A":{"type":"Direct","resolved":"1.0.0"},"ours":{"type":"Project"}}}}""";
        const string tests = """{"version":2,"dependencies":{"net10.0":{"a":{"type":"Transitive","resolved":"1.0.0"},"A":{"type":"Transitive","resolved":"2.0.0"}}}}""";

        Assert.Equal(
            [new LockedPackage("A", "1.0.0", InProduct: true), new LockedPackage("A", "2.0.0", InProduct: false)],
            LockFiles.Packages([(src, true), (tests, false)]));
    }

    [Fact]
    public void The_text_names_package_licence_copyright_and_each_licences_text_once()
    {
        var other = new LockedPackage("Test.Package", "4.0.0", InProduct: false);
        var text = NoticesFile.Generate([Some, other], _ => new("MS-PL OR MIT", "Copyright (c)\n  Somebody"), id => $"Text of {id}.");

        Assert.Contains("and its build (1)\n=========================================\n\nSome.Package 1.2.3\n    MS-PL OR MIT (used under MIT)\n    Copyright (c) Somebody\n", text, StringComparison.Ordinal);
        Assert.Contains("Test.Package 4.0.0\n", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("Text of MIT.").Length);
    }

    private static PackageLicence Nuspec(string licence) => PackageLicence.Parse(XDocument.Parse(
        $"<package xmlns=\"urn:n\"><metadata><id>Some.Package</id><authors>Somebody</authors>{licence}</metadata></package>"));

    private static string LicenceText(string id)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Notices", "Licences", id + ".txt");
        return File.Exists(path) ? File.ReadAllText(path) : throw new FileNotFoundException($"Add the text of {id} to Notices/Licences.");
    }

    private static string FirstDifference(string expected, string actual)
    {
        var pairs = expected.Split('\n').Zip(actual.Split('\n').Concat(Enumerable.Repeat("(end of file)", expected.Length)));
        var (wanted, found) = pairs.FirstOrDefault(pair => pair.First != pair.Second);
        return wanted is null ? "The file goes on where it should end." : $"expected: {wanted}\nfound:    {found}";
    }
}
