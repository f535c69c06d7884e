using System.Globalization;
using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

/// <summary>Coarse bands, scores, columns that are not agreed, and the distance from the reference.</summary>
public sealed class BandsTests
{
    private readonly TestRelease _release = SecondRelease.Example(profile: "research-outcomes");

    private TestBatch First => _release.Batches[0];

    [Fact]
    public void A_cell_in_coarse_bands_is_accepted_and_counts_diversity_by_response_alone()
    {
        var rows = Coarsen();
        Expect.Accepted(_release.Verify());
        foreach (var row in rows.Where(row => row.Measured)) (row["response"], row["severity"]) = ("no", "BELOW_MODERATE");
        SecondRelease.Refer(_release);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Diversity);
    }

    [Theory]
    [InlineData("remission", "no")]
    [InlineData("worsening", "yes")]
    [InlineData("phq9", "12")]
    [InlineData("severity", "MODERATE")]
    [InlineData("severity", "")]
    [InlineData("response", "")]
    public void A_row_finer_than_its_coarse_bands_or_without_them_is_refused(string column, string value)
    {
        var row = Coarsen().First(row => row.Measured);
        row[column] = value;
        Assert.Contains(_release.Verify().Findings, finding => finding.Rule == Rules.Consistent && finding.Line == First.Rows.IndexOf(row) + 1);
    }

    [Theory]
    [InlineData("severity", "MODERATE_OR_WORSE", false)]
    [InlineData("remission", "", false)]
    [InlineData("phq9", "9", false)]
    [InlineData("phq9", "15", false)]
    [InlineData("phq9", "10", true)]
    [InlineData("phq9", "14", true)]
    [InlineData("phq9", "", true)]
    public void A_row_of_full_bands_has_its_outcomes_and_a_score_within_its_severity(string column, string value, bool accepted)
    {
        var row = First.Rows.First(row => row.Measured && row["severity"] == "MODERATE");
        row[column] = value;
        if (accepted) Expect.Accepted(_release.Verify());
        else Assert.Contains(_release.Verify().Findings, finding => finding.Rule == Rules.Consistent);
    }

    [Fact]
    public void Every_total_of_the_PHQ_9_has_its_band()
    {
        string[] bands = ["MINIMAL", "MILD", "MODERATE", "MODERATELY_SEVERE", "SEVERE"];
        var row = First.Rows.First(row => row.Measured && row["remission"] == "no");
        for (var total = 0; total <= 27; total++)
        {
            foreach (var band in bands)
            {
                (row["phq9"], row["severity"]) = (total.ToString(CultureInfo.InvariantCulture), band);
                Assert.Equal(band == bands[Math.Min(total / 5, 4)], _release.Verify().Accepted);
            }
        }
    }

    [Fact]
    public void A_score_of_28_or_of_somebody_missing_is_refused()
    {
        First.Rows.First(row => row.Measured)["phq9"] = "28";
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
        First.Rows.First(row => row.Measured)["phq9"] = "";
        First.Rows.First(row => !row.Measured)["phq9"] = "3";
        Expect.RefusedBy(_release.Verify(), _release, Rules.Consistent);
    }

    [Theory]
    [InlineData("ketamine", true)]
    [InlineData("none", true)]
    [InlineData("", true)]
    [InlineData("esketamine", false)]
    [InlineData("*", false)]
    [InlineData("lithium", false)]
    public void The_treatment_at_a_milestone_is_a_leaf_or_none(string value, bool accepted)
    {
        First.Rows[2]["treatment_at"] = value;
        if (accepted) Expect.Accepted(_release.Verify());
        else Expect.RefusedBy(_release.Verify(), _release, Rules.Hierarchy);
    }

    [Theory]
    [InlineData("courses", "4")]
    [InlineData("sessions_since", "2")]
    public void A_value_outside_a_new_column_s_domain_is_refused(string column, string value)
    {
        First.Rows[2][column] = value;
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Fact]
    public void Diversity_is_refused_without_outcome_columns_only_when_nothing_can_make_it_up()
    {
        // Remission alone: no remission leaves worsening, response and no change open; everybody in remission may still be worse.
        var release = SecondRelease.Example([.. TestProfile.AllColumns[..9], "response", "worsening"]);
        foreach (var row in release.Batches[0].Rows.Where(row => row.Measured)) row.MakeMeasured("response");
        release.Batches[0].Amend = json => json["l_distinct"] = 2;
        SecondRelease.Refer(release);
        Expect.Accepted(release.Verify());
        foreach (var row in release.Batches[0].Rows.Where(row => row.Measured)) row.MakeMeasured("worsening");
        SecondRelease.Refer(release);
        Expect.RefusedBy(release.Verify(), release, Rules.Diversity, Rules.Measures);
    }

    [Fact]
    public void A_cell_further_than_t_from_the_reference_is_refused_and_just_within_accepted()
    {
        var largest = 0.0;
        foreach (var batch in _release.Batches) batch.Amend = json => largest = Math.Max(largest, json["t_max"]!.GetValue<double>());
        Expect.Accepted(_release.Verify());
        Assert.True(largest > 0.05);
        foreach (var batch in _release.Batches) (batch.Exchange!.T, batch.Amend) = (largest, null);
        Expect.Accepted(_release.Verify());
        foreach (var batch in _release.Batches) batch.Exchange!.T = largest - 0.001;
        Expect.RefusedBy(_release.Verify(), _release, Rules.TCloseness);
    }

    [Fact]
    public void Closeness_is_not_decided_with_withdrawn_rows_in_coarse_bands_or_without_the_outcomes()
    {
        First.Exchange!.T = 0;
        Assert.Contains(_release.Verify().Findings, finding => finding.Rule == Rules.TCloseness);
        foreach (var cell in First.Rows.GroupBy(row => row["cell"])) cell.Last().Withdrawn = true;
        First.Amend = json => json["t_max"] = 0;
        Assert.DoesNotContain(_release.Verify().Findings, finding => finding.Rule == Rules.TCloseness);
        var blind = SecondRelease.Example(TestProfile.AllColumns[..9]);
        foreach (var batch in blind.Batches) (batch.Exchange!.T, batch.Amend) = (0, json => json["t_max"] = 0);
        Expect.Accepted(blind.Verify());
        var coarse = SecondRelease.Example();
        foreach (var row in coarse.Rows) row.MakeCoarse();
        foreach (var batch in coarse.Batches)
        {
            batch.Exchange!.Coarse.UnionWith(batch.Rows.Select(row => (row["cell"], row["milestone"])));
            batch.Exchange.T = 0;
        }

        SecondRelease.Refer(coarse);
        Expect.Accepted(coarse.Verify());
    }

    [Theory]
    [InlineData(0.0003)]
    [InlineData(-0.0003)]
    public void A_largest_distance_that_the_rows_do_not_give_is_refused(double error)
    {
        First.Amend = json => json["t_max"] = json["t_max"]!.GetValue<double>() + error;
        Expect.RefusedBy(_release.Verify(), _release, Rules.Measures);
    }

    private List<TestRow> Coarsen()
    {
        var cell = First.Rows[0]["cell"];
        var rows = First.Rows.Where(row => row["cell"] == cell).ToList();
        rows.ForEach(row => row.MakeCoarse());
        First.Exchange!.Coarse.Add((cell, "END_OF_INDUCTION"));
        SecondRelease.Refer(_release);
        return rows;
    }
}
