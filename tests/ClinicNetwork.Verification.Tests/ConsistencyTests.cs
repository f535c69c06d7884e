using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class ConsistencyTests
{
    public static TheoryData<string, string, string, string, string, string> Contradictions => new()
    {
        // status, missing_reason, response, remission, worsening, severity
        { "MISSING", "", "", "", "", "" },
        { "MISSING", "DECLINED", "no", "", "", "" },
        { "MISSING", "DECLINED", "", "no", "", "" },
        { "MISSING", "DECLINED", "", "", "no", "" },
        { "MISSING", "DECLINED", "", "", "", "MILD" },
        { "MEASURED", "DECLINED", "no", "no", "no", "MILD" },
        { "MEASURED", "", "", "no", "no", "MILD" },
        { "MEASURED", "", "no", "", "no", "MILD" },
        { "MEASURED", "", "no", "no", "", "MILD" },
        { "MEASURED", "", "no", "no", "no", "" },
        { "MEASURED", "", "yes", "no", "yes", "MILD" },
        { "MEASURED", "", "no", "yes", "no", "MILD" },
        { "MEASURED", "", "yes", "yes", "yes", "MINIMAL" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_row_that_contradicts_itself_is_refused(
        string status, string reason, string response, string remission, string worsening, string severity)
    {
        var release = TestRelease.Example();
        var row = release.Batches[0].Rows[6];
        (row["status"], row["missing_reason"], row["severity"]) = (status, reason, severity);
        (row["response"], row["remission"], row["worsening"]) = (response, remission, worsening);
        var report = release.Verify();
        Assert.Contains(report.Findings, finding => finding.Rule == Rules.Consistent && finding.Line == 7);
        Expect.ShowsNoContent(report, release);
    }

    /// <summary>PHQ-9 from 7 to 4: below 5, and less than half better.</summary>
    [Fact]
    public void Remission_without_response_from_a_mild_baseline_is_accepted()
    {
        var release = TestRelease.Example();
        var row = release.Batches[0].Rows[6];
        row.MakeMeasured("remission");
        (row["response"], row["severity"]) = ("no", "MINIMAL");
        Assert.DoesNotContain(release.Verify().Findings, finding => finding.Rule == Rules.Consistent);
    }

    [Theory]
    [InlineData("worsening")]
    [InlineData("remission")]
    [InlineData("response")]
    [InlineData("no_change")]
    public void Each_outcome_category_is_accepted(string outcome)
    {
        var release = TestRelease.Example();
        release.Batches[0].Rows[6].MakeMeasured(outcome);
        Assert.DoesNotContain(release.Verify().Findings, finding => finding.Rule == Rules.Consistent);
    }
}
