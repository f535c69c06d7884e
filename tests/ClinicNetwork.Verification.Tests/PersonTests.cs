using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class PersonTests
{
    private readonly Random _random = new(11);
    private readonly TestRelease _release = TestRelease.Example();

    [Fact]
    public void A_person_in_two_cells_of_different_batches_is_refused()
    {
        var stranger = _release.Batches[0].Rows[0]["pseudonym"];
        _release.Batches[1].Rows.First(row => row["milestone"] == "END_OF_INDUCTION")["pseudonym"] = stranger;
        Assert.Contains(Rules.PersonOnce, RulesOf(_release));
    }

    [Fact]
    public void A_person_in_two_cells_of_different_milestones_is_refused()
    {
        var first = TestCell.New(_random, 14, "female", "45+", "ketamine", "UPPER");
        var second = TestCell.New(_random, 14, "female", "45+", "ketamine", "UPPER");
        var release = new TestRelease
        {
            Batches = [TestRelease.Batch(_random, first.At("WEEK_4", _random)), TestRelease.Batch(_random, second.At("WEEK_8", _random))],
        };
        release.Batches[1].Rows[0]["pseudonym"] = first.Members[0];
        // Only the person tells: sizes, values and measures of both batches are in order.
        Expect.RefusedBy(release.Verify(), release, Rules.PersonOnce);
    }

    [Fact]
    public void A_person_twice_in_one_milestone_does_not_fill_a_cell_up_to_k()
    {
        var cell = TestCell.New(_random, 11, "female", "45+", "ketamine", "UPPER");
        var release = new TestRelease { Batches = [TestRelease.Batch(_random, cell.At("WEEK_4", _random))] };
        release.Batches[0].Rows[0]["pseudonym"] = release.Batches[0].Rows[1]["pseudonym"];
        Expect.RefusedBy(release.Verify(), release, Rules.PersonOnce, Rules.CellSize, Rules.ClassSize);
    }

    [Fact]
    public void A_person_with_other_quasi_identifiers_elsewhere_is_refused()
    {
        var row = _release.Batches[1].Rows.First(row => row["milestone"] == "WEEK_4");
        row["sex"] = row["sex"] == "male" ? "female" : "male";
        Expect.RefusedBy(_release.Verify(), _release, Rules.PersonOnce, Rules.CellUniform, Rules.ClassSize);
    }

    private static HashSet<string> RulesOf(TestRelease release) => [.. release.Verify().Findings.Select(finding => finding.Rule)];
}
