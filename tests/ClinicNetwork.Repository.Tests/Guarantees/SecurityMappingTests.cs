namespace ClinicNetwork.Repository.Tests.Guarantees;

public class SecurityMappingTests
{
    /// <summary>Keeps every rule; each test spoils one place.</summary>
    private const string Mapping = """
        standard,requirement,summary,tests
        ASVS 5.0.0,2.2.1,Who is no guest is refused,DoorTests.It_is_shut DoorTests.It_opens_with_a_key
        ASVS 5.0.0,11.3.3,A filed key is noticed,DoorTests.It_opens_with_a_key
        HIPAA,164.312(a)(1),For the front door only,DoorTests.It_is_shut
        HIPAA,164.312(a)(2)(i),Each guest has a key,DoorTests.It_opens_with_a_key
        HIPAA,164.312(a)(2)(iv),The room is locked,DoorTests.It_is_shut
        HIPAA,164.312(b),Who came is written down,DoorTests.It_is_shut

        """;

    private const string Source = """
        public class DoorTests
        {
            [Fact]
            public void It_is_shut() { }

            [Theory]
            [InlineData(1)]
            public async Task It_opens_with_a_key(int key) { }
        }
        """;

    [Fact]
    public void Every_requirement_of_the_mapping_has_its_form_and_place_and_its_tests_exist()
    {
        var sources = RepositoryTree.Files().Where(path => path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));

        Findings.None(SecurityMapping.Problems(RepositoryTree.Read(SecurityMapping.Path), [.. sources.Select(RepositoryTree.Read)]));
    }

    [Fact]
    public void A_mapping_in_order_whose_tests_exist_has_no_problem() => Assert.Empty(SecurityMapping.Problems(Mapping, [Source]));

    [Theory]
    [InlineData("It_is_shut()", "It_is_open()", "DoorTests.It_is_shut")]
    [InlineData("class DoorTests", "class WindowTests", "DoorTests.It_opens_with_a_key")]
    [InlineData("public async Task It_opens", "private async Task It_opens", "DoorTests.It_opens_with_a_key")]
    public void A_named_test_that_does_not_exist_is_found(string good, string bad, string test) =>
        Assert.Contains($"{test} is named for ASVS 5.0.0 2.2.1 and does not exist under tests/.", SecurityMapping.Problems(Mapping, [Spoil(Source, good, bad)]));

    [Theory]
    [InlineData("It_is_shut DoorTests", "It_is_shut  DoorTests")]
    [InlineData("It_is_shut DoorTests", "It_is_shut; DoorTests")]
    [InlineData("DoorTests.It_is_shut DoorTests", "It_is_shut DoorTests")]
    public void A_name_that_is_no_tests_is_found(string good, string bad) => AssertOne("is no Class.Method", good, bad);

    [Theory]
    [InlineData("11.3.3", "2.2.1")]
    [InlineData("(a)(2)(iv)", "(a)(2)(i)")]
    public void A_requirement_listed_twice_is_found(string good, string bad) => AssertOne("is listed more than once", good, bad);

    [Theory]
    [InlineData("ASVS 5.0.0,2.2.1", "ASVS 5.0.0,V2.2.1")]
    [InlineData("ASVS 5.0.0,2.2.1", "ASVS 5.0.0,2.2")]
    [InlineData("ASVS 5.0.0,2.2.1", "ASVS 5.0.0,2.2.1.1")]
    [InlineData("ASVS 5.0.0,2.2.1", "ASVS 5.0.0,2.02.1")]
    [InlineData("ASVS 5.0.0,2.2.1", "ASVS 5.0.0,2.2.0")]
    [InlineData("ASVS 5.0.0,2.2.1", "ASVS 4.0.3,2.2.1")]
    [InlineData("164.312(a)(1)", "164.312")]
    [InlineData("164.312(a)(1)", "164.308(a)(1)")]
    [InlineData("164.312(a)(1)", "164.312(a)(1)(1)")]
    [InlineData("164.312(a)(1)", "164.312 (a)(1)")]
    [InlineData("164.312(a)(1)", "12.1.1")]
    public void A_requirement_of_no_known_form_is_found(string good, string bad) =>
        Assert.Contains(SecurityMapping.Problems(Spoil(Mapping, good, bad), [Source]), problem => problem.EndsWith("has not the form of a requirement.", StringComparison.Ordinal));

    [Theory]
    [InlineData("2.2.1", "12.2.1", "ASVS 5.0.0 11.3.3 belongs before ASVS 5.0.0 12.2.1.")]
    [InlineData("164.312(b)", "164.312(a)(2)(iii)", "HIPAA 164.312(a)(2)(iii) belongs before HIPAA 164.312(a)(2)(iv).")]
    [InlineData("ASVS 5.0.0,11.3.3", "HIPAA,164.312(e)(1)", "HIPAA 164.312(a)(1) belongs before HIPAA 164.312(e)(1).")]
    public void A_row_out_of_order_is_found(string good, string bad, string problem) => AssertOne(problem, good, bad);

    [Theory]
    [InlineData("For the front door only", "For the front door, and no other")]
    [InlineData(",For the front door only", "")]
    [InlineData("For the front door only", "")]
    [InlineData("For the front door only,DoorTests.It_is_shut", "For the front door only,")]
    [InlineData("HIPAA,164.312(a)(1)", ",164.312(a)(1)")]
    [InlineData("HIPAA,164.312(b)", "\nHIPAA,164.312(b)")]
    public void A_row_without_its_four_fields_is_found(string good, string bad) => AssertOne("Not 4 fields", good, bad);

    [Fact]
    public void Another_heading_and_an_empty_mapping_are_found()
    {
        AssertOne("The first line", "summary,tests", "tests,summary");
        Assert.Equal(["No requirement is listed."], SecurityMapping.Problems(SecurityMapping.Header + "\n", [Source]));
        Assert.Equal(2, SecurityMapping.Problems("", [Source]).Count());
    }

    private static void AssertOne(string problem, string good, string bad) =>
        Assert.Contains(problem, Assert.Single(SecurityMapping.Problems(Spoil(Mapping, good, bad), [Source])), StringComparison.Ordinal);

    private static string Spoil(string text, string good, string bad)
    {
        Assert.Contains(good, text, StringComparison.Ordinal);
        return text.Replace(good, bad, StringComparison.Ordinal);
    }
}
