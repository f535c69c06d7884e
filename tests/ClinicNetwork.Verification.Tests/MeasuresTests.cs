using System.Text.Json.Nodes;
using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class MeasuresTests
{
    private readonly TestRelease _release = TestRelease.Example();

    [Theory]
    [InlineData("persons", "30")]
    [InlineData("classes", "3")]
    [InlineData("class_min", "15")]
    [InlineData("l_distinct", "0")]
    [InlineData("suppressed", "1")]
    [InlineData("risk_avg", "0.05")]
    public void A_measure_that_the_rows_do_not_give_is_refused(string field, string value)
    {
        _release.Batches[0].Amend = json => json[field] = JsonNode.Parse(value);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Measures);
    }

    [Theory]
    [InlineData("ncp", 0.000002)]
    [InlineData("ncp", -0.000002)]
    [InlineData("risk_max", 0.0002)]
    [InlineData("risk_max", -0.0002)]
    [InlineData("risk_avg", 0.0002)]
    public void A_measure_a_little_off_is_refused(string field, double error)
    {
        _release.Batches[0].Amend = json => json[field] = json[field]!.GetValue<double>() + error;
        Expect.RefusedBy(_release.Verify(), _release, Rules.Measures);
    }

    [Fact]
    public void Risks_may_be_rounded_to_four_decimals_as_the_format_page_shows_them()
    {
        _release.Batches[0].Amend = json =>
        {
            foreach (var name in new[] { "risk_max", "risk_avg" }) json[name] = Math.Round(json[name]!.GetValue<double>(), 4);
        };
        Expect.Accepted(_release.Verify());
    }

    [Theory]
    [InlineData("12")]
    [InlineData("0")]
    [InlineData("5")]
    [InlineData("null")]
    public void A_count_of_missing_that_the_rows_do_not_give_or_that_discloses_is_refused(string value)
    {
        var row = Missing(5);
        _release.Batches[0].Amend = json =>
        {
            if (value == "null") ((JsonObject)json["missing"]!).Remove(row);
            else json["missing"]![row] = JsonNode.Parse(value);
        };
        Expect.RefusedBy(_release.Verify(), _release, Rules.Measures);
    }

    [Fact]
    public void A_count_of_missing_of_k_or_more_is_a_number()
    {
        var reason = Missing(12);
        Expect.Accepted(_release.Verify());
        _release.Batches[0].Amend = json => json["missing"]![reason] = "fewer than 11";
        Expect.RefusedBy(_release.Verify(), _release, Rules.Measures);
    }

    [Fact]
    public void A_reason_that_does_not_occur_may_be_left_out_or_0_but_not_fewer_than_k()
    {
        Missing(5);
        foreach (var row in _release.Batches[0].Rows.Where(row => row["missing_reason"] == "UNREACHABLE"))
            row["missing_reason"] = "DECLINED";
        Expect.Accepted(_release.Verify());
        _release.Batches[0].Amend = json => json["missing"]!["UNREACHABLE"] = 0;
        Expect.Accepted(_release.Verify());
        _release.Batches[0].Amend = json => json["missing"]!["UNREACHABLE"] = "fewer than 11";
        Expect.RefusedBy(_release.Verify(), _release, Rules.Measures);
    }

    /// <summary>Gives the first batch exactly this many rows missing for one reason, without touching what diversity needs.</summary>
    private string Missing(int count)
    {
        const string reason = "LEFT_TREATMENT";
        foreach (var row in _release.Batches[0].Rows.Where(row => row["missing_reason"] == reason)) row["missing_reason"] = "DECLINED";
        var spared = _release.Batches[0].Rows.Where(row => row.Measured).GroupBy(row => row["cell"])
            .SelectMany(cell => cell.DistinctBy(row => row.Outcome)).ToHashSet();
        foreach (var row in _release.Batches[0].Rows.Where(row => !spared.Contains(row)).Take(count)) row.MakeMissing(reason);
        Assert.Equal(count, _release.Batches[0].Rows.Count(row => row["missing_reason"] == reason));
        return reason;
    }
}
