using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class WithdrawalTests
{
    private readonly TestRelease _release = TestRelease.Example();

    [Fact]
    public void Withdrawn_persons_are_accepted_and_counted()
    {
        var persons = PersonsOfLargestCell(3);
        Withdraw(persons);
        var report = _release.Verify();
        Expect.Accepted(report);
        Assert.Equal(6, report.Figures.WithdrawnRows);
        Assert.Equal(_release.Rows.Count(), report.Figures.Rows);
        Assert.Equal(45 - 3, report.Figures.Persons);
    }

    [Fact]
    public void A_cell_that_withdrawals_brought_under_k_is_refused()
    {
        Withdraw(PersonsOfLargestCell(7));
        Expect.RefusedBy(_release.Verify(), _release, Rules.CellSize, Rules.ClassSize);
    }

    [Fact]
    public void A_retired_cell_is_accepted()
    {
        Withdraw(PersonsOfLargestCell(17));
        var report = _release.Verify();
        Expect.Accepted(report);
        Assert.Equal(2, report.Figures.Cells);
    }

    [Fact]
    public void A_release_of_which_everything_was_withdrawn_is_accepted()
    {
        foreach (var row in _release.Rows) row.Withdrawn = true;
        var report = _release.Verify();
        Expect.Accepted(report);
        Assert.Equal((0, 0, 0), (report.Figures.Persons, report.Figures.Cells, report.Figures.ClassMin));
    }

    [Fact]
    public void A_member_left_out_later_is_accepted_only_with_a_tombstone_before()
    {
        // Withdrawn between the batches: the earlier row must be a tombstone, the later one never exists.
        var row = _release.Batches[0].Rows[0];
        _release.Batches[1].Rows.RemoveAll(other => other["pseudonym"] == row["pseudonym"]);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Membership);
        row.Withdrawn = true;
        Expect.Accepted(_release.Verify());
    }

    [Fact]
    public void Diversity_lost_by_withdrawal_alone_is_accepted()
    {
        var random = new Random(17);
        var cell = TestCell.New(random, 15, "female", "45+", "ketamine", "UPPER");
        var release = new TestRelease { Batches = [TestRelease.Batch(random, cell.At("WEEK_4", random))] };
        foreach (var (index, row) in release.Batches[0].Rows.Index()) row.MakeMeasured(index == 0 ? "remission" : "no_change");
        release.Batches[0].Rows[0].Withdrawn = true;
        Expect.Accepted(release.Verify());
        release.Batches[0].Amend = json => json["distinct_l"] = 3;
        Expect.RefusedBy(release.Verify(), release, Rules.Diversity);
    }

    [Theory]
    [InlineData("persons", 100)]
    [InlineData("persons", 10)]
    [InlineData("classes", 3)]
    [InlineData("classes", 1)]
    [InlineData("class_min", 5)]
    [InlineData("class_min", 25)]
    [InlineData("ncp", 0.9)]
    [InlineData("ncp", 0.01)]
    [InlineData("risk_max", 0.5)]
    [InlineData("risk_avg", 0.5)]
    [InlineData("l_distinct", 1)]
    [InlineData("suppressed", 1)]
    public void Measures_beyond_their_bounds_are_refused_in_spite_of_withdrawn_rows(string field, double value)
    {
        Withdraw(PersonsOfLargestCell(3));
        _release.Batches[0].Amend = json => json[field] = field.StartsWith("risk") || field == "ncp" ? value : (int)value;
        Expect.RefusedBy(_release.Verify(), _release, Rules.Measures);
    }

    [Fact]
    public void Cells_whose_members_leave_no_place_for_the_withdrawn_rows_are_refused()
    {
        Withdraw(PersonsOfLargestCell(3));
        _release.Batches[0].Amend = json => json["cells"]![0]!["members"] = json["cells"]![0]!["members"]!.GetValue<int>() + 1;
        Expect.RefusedBy(_release.Verify(), _release, Rules.Membership);
    }

    private void Withdraw(IEnumerable<string> persons)
    {
        var set = persons.ToHashSet();
        foreach (var row in _release.Rows.Where(row => set.Contains(row["pseudonym"]))) row.Withdrawn = true;
    }

    private IEnumerable<string> PersonsOfLargestCell(int count) =>
        _release.Batches[0].Rows.GroupBy(row => row["cell"]).MaxBy(cell => cell.Count())!
            .Select(row => row["pseudonym"]).Take(count).ToList();
}
