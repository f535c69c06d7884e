namespace ClinicNetwork.Repository.Tests.Guarantees;

public class GuaranteeTableTests
{
    private const string Readme = """
        # Something
        ## Guarantees, and the test that checks each
        | n | guarantee | test |
        |---|---|---|
        | 1 | Nothing. is lost | `KeepTests.Nothing_is_lost`, `KeepTests.All_is_kept` |

        ## Other
        | a | `Other.Table` |
        """;

    private const string Source = """
        public class KeepTests
        {
            [Fact]
            public void Nothing_is_lost() { }

            [Theory]
            [InlineData(1)]
            public async Task All_is_kept(int seed) { }
        }
        """;

    [Fact]
    public void Every_test_that_the_README_names_for_a_guarantee_exists()
    {
        var sources = RepositoryTree.Files().Where(path => path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));
        var readme = Path.Combine(RepositoryTree.Root, "README.md");

        Findings.None(GuaranteeTable.Problems(File.Exists(readme) ? File.ReadAllText(readme) : "", [.. sources.Select(RepositoryTree.Read)]));
    }

    [Fact]
    public void A_table_whose_tests_exist_has_no_problem() => Assert.Empty(GuaranteeTable.Problems(Readme, [Source]));

    [Theory]
    [InlineData("Nothing_is_lost()", "Nothing_gets_lost()", "KeepTests.Nothing_is_lost")]
    [InlineData("class KeepTests", "class OtherTests", "KeepTests.All_is_kept")]
    [InlineData("public async Task All_is_kept", "private async Task All_is_kept", "KeepTests.All_is_kept")]
    public void A_named_test_that_does_not_exist_is_found(string good, string bad, string test) =>
        Assert.Contains(GuaranteeTable.Problems(Readme, [Source.Replace(good, bad, StringComparison.Ordinal)]), problem => problem.StartsWith(test, StringComparison.Ordinal));

    [Fact]
    public void A_guarantee_without_a_test_is_found() =>
        Assert.Contains("No test is named", Assert.Single(GuaranteeTable.Problems(Readme.Replace("`KeepTests.Nothing_is_lost`, `KeepTests.All_is_kept`", "later", StringComparison.Ordinal), [Source])), StringComparison.Ordinal);

    [Theory]
    [InlineData("## Guarantees, and the test that checks each", "## Guarantees")]
    [InlineData("| 1 |", "1 ")]
    public void A_README_without_the_table_is_found(string good, string bad) =>
        Assert.Contains("no table", Assert.Single(GuaranteeTable.Problems(Readme.Replace(good, bad, StringComparison.Ordinal), [Source])), StringComparison.Ordinal);
}
