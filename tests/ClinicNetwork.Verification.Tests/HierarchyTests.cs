using System.Text.Json.Nodes;
using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class HierarchyTests
{
    private readonly TestRelease _release = TestRelease.Example();

    [Theory]
    [InlineData("[]", "no leaf")]
    [InlineData("""[["female","*"],["male"]]""", "unequal")]
    [InlineData("""[["female","*"],["female","*"],["male","*"]]""", "leaf occurs twice")]
    [InlineData("""[["female","any"],["male","*"]]""", "not *")]
    [InlineData("""[["female","a","c","*"],["male","a","c","*"],["x","a","d","*"]]""", "two parents")]
    [InlineData("""[["female","a","c","*"],["male","a","d","*"]]""", "two parents")]
    [InlineData("""[["female","male","*"],["male","x","*"]]""", "different leaves")]
    [InlineData("""[["female","*","*"],["male","x","*"]]""", "different leaves")]
    [InlineData("[[]]", "levels")]
    public void A_hierarchy_that_is_no_tree_is_refused(string hierarchy, string fault)
    {
        _release.Batches[1].Amend = json => json["hierarchies"]!["sex"] = JsonNode.Parse(hierarchy);
        var report = _release.Verify();
        var finding = Assert.Single(report.Findings);
        Assert.Equal(Rules.Hierarchy, finding.Rule);
        Assert.Contains("hierarchies.sex", finding.Message);
        Assert.Contains(fault, finding.Message);
    }

    [Theory]
    [InlineData("""[["female",1]]""")]
    [InlineData("""["female","*"]""")]
    [InlineData("""[["fe\u0085male","*"],["male","*"]]""")]
    [InlineData("""[["fe\tmale","*"],["male","*"]]""")]
    public void A_hierarchy_of_other_things_than_plain_texts_is_refused(string hierarchy)
    {
        _release.Batches[1].Amend = json => json["hierarchies"]!["sex"] = JsonNode.Parse(hierarchy);
        Assert.Contains(_release.Verify().Findings, finding => finding.Rule == Rules.Format);
    }

    [Fact]
    public void A_hierarchy_beyond_the_limit_of_leaves_is_refused()
    {
        _release.Batches[1].Amend = json => json["hierarchies"]!["sex"] =
            new JsonArray([.. Enumerable.Range(0, Limits.LeavesMax + 1).Select(i => new JsonArray($"{i}", "*"))]);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Hierarchy);
    }

    [Fact]
    public void A_missing_hierarchy_is_refused()
    {
        _release.Batches[1].Amend = json => ((JsonObject)json["hierarchies"]!).Remove("age");
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Fact]
    public void A_hierarchy_of_no_quasi_identifier_is_refused()
    {
        _release.Batches[1].Amend = json => json["hierarchies"]!["sessions"] = new JsonArray(new JsonArray("1-3", "*"));
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Theory]
    [InlineData("sex")]
    [InlineData("age")]
    [InlineData("treatment")]
    [InlineData("baseline_severity")]
    public void A_signed_value_that_is_no_node_is_refused(string column)
    {
        _release.Batches[0].Rows[5][column] = "elsewhere";
        _release.Batches[0].Amend = json => json["ncp"] = 0.5;
        var report = _release.Verify();
        Expect.RefusedBy(report, _release, Rules.Hierarchy);
        Assert.Equal(6, report.Findings[0].Line);
        Assert.Contains(column, report.Findings[0].Message);
    }
}
