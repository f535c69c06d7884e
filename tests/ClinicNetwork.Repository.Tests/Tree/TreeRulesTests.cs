using System.Xml.Linq;

namespace ClinicNetwork.Repository.Tests.Tree;

public class TreeRulesTests
{
    private static readonly string ProductVersion =
        XDocument.Parse(RepositoryTree.Read("Directory.Build.props")).Descendants("Version").Single().Value;

    [Fact]
    public void No_file_names_a_path_of_one_machine() =>
        Findings.None(TextFiles().SelectMany(file => TreeRules.MachinePaths(file.Path, file.Text, RepositoryTree.Root)));

    [Fact]
    public void No_source_file_is_indented_with_tabs() =>
        Findings.None(TextFiles().SelectMany(file => TreeRules.TabIndents(file.Path, file.Text)));

    [Fact]
    public void No_source_file_of_the_product_is_too_long() =>
        Findings.None(TextFiles().SelectMany(file => TreeRules.LongFiles(file.Path, file.Text)));

    [Fact]
    public void Every_projects_name_says_what_it_is_for() =>
        Findings.None(RepositoryTree.Projects.Select(Path.GetFileNameWithoutExtension).SelectMany(name => TreeRules.ProjectNames(name!)));

    [Fact]
    public void Every_project_is_in_the_solution() =>
        Findings.None(TreeRules.MissingFromSolution(
            RepositoryTree.Read("ClinicNetwork.sln").Replace('\\', '/'),
            RepositoryTree.Projects.Select(path => Path.GetRelativePath(RepositoryTree.Root, path).Replace('\\', '/'))));

    [Fact]
    public void The_version_stands_in_one_place() =>
        Findings.None(TextFiles().SelectMany(file => TreeRules.SecondVersions(file.Path, file.Text, ProductVersion)));

    [Fact]
    public void The_changelog_fits_the_version_and_every_released_version_has_its_golden_folder() =>
        Findings.None(Changelog.Problems(
            RepositoryTree.Read("CHANGELOG.md"), ProductVersion, version => Directory.Exists(Path.Combine(RepositoryTree.Root, "tests", "golden", version))));

    [Fact]
    public void Every_decision_is_dated_numbered_once_and_has_its_three_parts()
    {
        var decisions = TextFiles().Where(file => file.Path.StartsWith("docs/decisions/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(decisions);
        Findings.None(decisions.SelectMany(file => TreeRules.DecisionFile(file.Path, file.Text)));
        Assert.Equal(decisions.Count, decisions.Select(file => Path.GetFileName(file.Path)[..4]).Distinct().Count());
    }

    [Theory]
    [InlineData("see /home", "/someone/notes")]
    [InlineData("\"/Users", "/someone/x\"")]
    [InlineData("cat /root", "/.profile")]
    [InlineData(@"C:\Users", @"\someone")]
    [InlineData("in /checkouts", "/here/src")]
    public void A_path_of_one_machine_is_found(string begin, string end) =>
        Assert.Equal(["a.md:2 names a path of one machine."], TreeRules.MachinePaths("a.md", "fine\n" + begin + end, "/checkouts/here"));

    [Theory]
    [InlineData("src/home/of")]
    [InlineData("https://example.org/home/page")]
    [InlineData("in /src/x of the image")]
    public void A_path_that_holds_everywhere_is_not_a_finding(string text) =>
        Assert.Empty(TreeRules.MachinePaths("a.md", text, "/src"));

    [Theory]
    [InlineData("\tint x;")]
    [InlineData("    \tint x;")]
    public void A_tab_in_an_indent_is_found(string line)
    {
        Assert.Equal(["src/A.cs:2 is indented with a tab."], TreeRules.TabIndents("src/A.cs", "class A\n" + line));
        Assert.Empty(TreeRules.TabIndents("src/a.tsv", line));
        Assert.Empty(TreeRules.TabIndents("src/A.cs", "    var tab = \"\t\";"));
    }

    [Fact]
    public void A_file_of_more_than_400_lines_is_found()
    {
        var full = string.Concat(Enumerable.Repeat("line\n", TreeRules.SourceLinesMax));

        Assert.Empty(TreeRules.LongFiles("src/P/A.cs", full));
        Assert.Equal(["src/P/A.cs has 401 lines, more than 400."], TreeRules.LongFiles("src/P/A.cs", full + "line\n"));
        Assert.Empty(TreeRules.LongFiles("src/P/table.csv", full + full));
    }

    [Theory]
    [InlineData("ClinicNetwork.Common")]
    [InlineData("ClinicNetwork.Core.Tests")]
    [InlineData("ClinicNetwork.Shared")]
    [InlineData("ClinicNetwork.Infrastructure")]
    [InlineData("ClinicNetwork.Application")]
    public void A_name_that_says_nothing_is_found(string project) => Assert.Single(TreeRules.ProjectNames(project));

    [Fact]
    public void A_project_outside_the_solution_is_found()
    {
        const string solution = "Project(\"{1}\") = \"A\", \"src/A/A.csproj\", \"{2}\"";

        Assert.Contains("src/B/B.csproj", Assert.Single(TreeRules.MissingFromSolution(solution, ["src/A/A.csproj", "src/B/B.csproj"])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/A/A.csproj", "<Version>9.8.7</Version>")]
    [InlineData("src/A/A.csproj", "<FileVersion>9.8.7</FileVersion>")]
    [InlineData("tests/Directory.Build.props", "<VersionPrefix>1.0.0</VersionPrefix>")]
    [InlineData("src/A/About.cs", "const string Version = \"9.8.7\";")]
    public void A_second_place_of_the_version_is_found(string path, string text) =>
        Assert.Single(TreeRules.SecondVersions(path, text, "9.8.7"));

    [Theory]
    [InlineData("Directory.Build.props", "<Version>9.8.7</Version>")]
    [InlineData("Directory.Packages.props", "<PackageVersion Include=\"A\" Version=\"9.8.7\" />")]
    [InlineData("src/A/About.cs", "const string Other = \"19.8.7\";")]
    public void A_version_in_its_place_is_not_a_finding(string path, string text) =>
        Assert.Empty(TreeRules.SecondVersions(path, text, "9.8.7"));

    [Fact]
    public void A_changelog_that_does_not_fit_is_found()
    {
        const string text = "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - Unreleased\n\n## [0.1.0] - 2026-11-23\n";

        Assert.Empty(Changelog.Problems(text, "0.2.0", golden => golden == "0.1.0"));
        Assert.Contains("0.3.0", Assert.Single(Changelog.Problems(text, "0.3.0", golden => golden == "0.1.0")), StringComparison.Ordinal);
        Assert.Contains("tests/golden/0.1.0", Assert.Single(Changelog.Problems(text, "0.2.0", _ => false)), StringComparison.Ordinal);
        Assert.Contains("missing", Assert.Single(Changelog.Problems("# Changelog\n", "0.1.0", _ => true)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0001-a.md", "# A\n\nDate: 2026-11-23\n\nContext\nDecision\nConsequence", 0)]
    [InlineData("0001-a.md", "# A\n\nContext\nDecision\nConsequence", 1)]
    [InlineData("0001-a.md", "# A\n\nDate: soon\n\nContext\nDecision\nConsequence", 1)]
    [InlineData("a.md", "# A\n\nDate: 2026-11-23\n\nContext\nDecision\nConsequence", 1)]
    [InlineData("0001-a.md", "# A\n\nDate: 2026-11-23\n\nDecision", 2)]
    public void A_decision_without_name_date_or_part_is_found(string name, string text, int findings) =>
        Assert.Equal(findings, TreeRules.DecisionFile("docs/decisions/" + name, text).Count());

    private static IEnumerable<(string Path, string Text)> TextFiles() => RepositoryTree.Files()
        .Select(path => (path, RepositoryTree.Read(path)))
        .Where(file => !file.Item2.Contains('\0'));
}
