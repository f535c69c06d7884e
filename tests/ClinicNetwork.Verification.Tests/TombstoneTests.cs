using System.Text.Json.Nodes;
using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class TombstoneTests
{
    private readonly Random _random = new(29);
    private readonly TestRelease _release = SecondRelease.Example();

    private TestBatch First => _release.Batches[0];

    private TestBatch Second => _release.Batches[1];

    [Fact]
    public void A_row_that_was_told_and_is_gone_is_accepted_and_one_that_is_still_there_refused()
    {
        Leave(First.Rows[5]);
        Expect.Accepted(_release.Verify());
        Second.Exchange!.Tell(1, 5);
        Expect.Accepted(_release.Verify());
        First.Rows[5].Withdrawn = false;
        Expect.RefusedBy(_release.Verify(), _release, Rules.Tombstone, Rules.Membership);
    }

    [Theory]
    [InlineData("""[{"batch":2,"rows":[0]}]""")]
    [InlineData("""[{"batch":7,"rows":[0]}]""")]
    [InlineData("""[{"batch":1,"rows":[31]}]""")]
    [InlineData("""[{"batch":1,"rows":[5,5]}]""")]
    [InlineData("""[{"batch":1,"rows":[5]},{"batch":1,"rows":[5]}]""")]
    public void Tombstones_of_no_earlier_row_or_told_twice_are_refused(string tombstones)
    {
        Leave(First.Rows[5]);
        Second.Amend = json => json["tombstones"] = JsonNode.Parse(tombstones);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Tombstone);
    }

    [Fact]
    public void A_row_told_by_two_batches_is_refused()
    {
        Leave(First.Rows[5]);
        Second.Exchange!.Tell(1, 5);
        var third = new TestBatch { Exchange = new TestExchange { Publication = 40, Columns = SecondRelease.PublicColumns } };
        third.Exchange.Tell(1, 6);
        _release.Batches.Add(third);
        Leave(First.Rows[6]);
        Expect.Accepted(_release.Verify());
        third.Exchange.Tell(1, 5);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Tombstone);
    }

    [Fact]
    public void A_correction_takes_the_place_of_the_row_which_it_replaces()
    {
        var before = _release.Verify().Figures;
        var row = Correct(row => row["side_effects"] = "SEVERE");
        var report = _release.Verify();
        Expect.Accepted(report);
        Assert.Equal((before.Persons, before.Rows + 1, 1), (report.Figures.Persons, report.Figures.Rows, report.Figures.WithdrawnRows));
        // Its person withdraws: nothing but two leaves is left.
        row.Withdrawn = true;
        Second.Rows.RemoveAll(other => other != row && other["pseudonym"] == row["pseudonym"]);
        Expect.Accepted(_release.Verify());
    }

    [Fact]
    public void A_correction_of_a_correction_belongs_to_the_first_batch_s_cell()
    {
        var row = Correct(row => row["side_effects"] = "SEVERE");
        var third = new TestBatch { Exchange = new TestExchange { Publication = 40, Columns = SecondRelease.PublicColumns } };
        third.Exchange.Correct(third, 2, Second, Second.Rows.IndexOf(row), again => again["side_effects"] = "NONE", _random);
        _release.Batches.Add(third);
        Expect.Accepted(_release.Verify());
        third.Rows[0]["milestone"] = "WEEK_4";
        Expect.RefusedBy(_release.Verify(), _release, Rules.Tombstone, Rules.PersonOnce);
    }

    [Fact]
    public void A_cell_of_k_persons_stays_one_when_a_row_is_corrected()
    {
        var cell = TestCell.New(_random, TestProfile.K, "female", "45+", "ketamine", "UPPER");
        var other = TestCell.New(_random, 15, "male", "45+", "ketamine", "UPPER");
        var release = SecondRelease.Of(new TestRelease
        {
            Batches = [TestRelease.Batch(_random, cell.At("WEEK_4", _random)), TestRelease.Batch(_random, other.At("WEEK_4", _random))],
        });
        release.Batches[1].Exchange!.Correct(release.Batches[1], 1, release.Batches[0], 0, row => row["side_effects"] = "SEVERE", _random);
        Expect.Accepted(release.Verify());
        using var folder = new TestFolder();
        release.Write(folder.Path);
        Expect.Accepted(ReleaseVerifier.VerifyBatch(TestRelease.BatchFolder(folder.Path, 1), TestRelease.Key.ExportSubjectPublicKeyInfoPem()));
        // Without the correction it is one short, for good.
        var row = release.Batches[1].Exchange!.Corrections.Keys.Single();
        row.Withdrawn = true;
        Expect.RefusedBy(release.Verify(), release, Rules.CellSize, Rules.ClassSize);
    }

    [Fact]
    public void A_correction_after_which_all_of_a_cell_are_alike_is_refused()
    {
        var cell = TestCell.New(_random, 15, "female", "45+", "ketamine", "UPPER");
        var release = SecondRelease.Of(new TestRelease { Batches = [TestRelease.Batch(_random, cell.At("WEEK_4", _random)), new TestBatch()] });
        foreach (var (index, row) in release.Batches[0].Rows.Index()) row.MakeMeasured(index == 0 ? "response" : "worsening");
        SecondRelease.Refer(release);
        var corrected = release.Batches[1].Exchange!.Correct(release.Batches[1], 1, release.Batches[0], 0, row => row["side_effects"] = "SEVERE", _random);
        Expect.Accepted(release.Verify());
        corrected.MakeMeasured("worsening");
        Expect.RefusedBy(release.Verify(), release, Rules.Diversity);
    }

    [Theory]
    [InlineData("""[{"row":0,"batch":1,"of":9}]""")]
    [InlineData("""[{"row":400,"batch":1,"of":5}]""")]
    [InlineData("""[{"row":0,"batch":1,"of":5},{"row":1,"batch":1,"of":5}]""")]
    public void A_correction_of_a_row_that_was_not_told_or_twice_or_by_no_row_is_refused(string corrections)
    {
        Leave(First.Rows[5]);
        Second.Exchange!.Tell(1, 5);
        Second.Amend = json => json["corrections"] = JsonNode.Parse(corrections);
        Assert.Contains(_release.Verify().Findings, finding => finding.Rule == Rules.Tombstone);
    }

    [Theory]
    [InlineData("milestone", "WEEK_12")]
    [InlineData("cell", "c-0123456789abcdef")]
    public void A_correction_of_another_cell_or_milestone_is_refused(string column, string value)
    {
        var row = Correct(row => row["side_effects"] = "SEVERE");
        row[column] = value;
        Assert.Contains(_release.Verify().Findings, finding => finding.Rule == Rules.Tombstone);
    }

    [Fact]
    public void A_correction_of_somebody_else_is_refused()
    {
        var row = Correct(row => row["side_effects"] = "SEVERE");
        row["pseudonym"] = First.Rows.First(other => other["cell"] == row["cell"] && other["pseudonym"] != row["pseudonym"])["pseudonym"];
        Expect.RefusedBy(_release.Verify(), _release, Rules.PersonOnce, Rules.Membership);
    }

    private TestRow Correct(Action<TestRow> change) => Second.Exchange!.Correct(Second, 1, First, 4, change, _random);

    /// <summary>A person withdraws between the batches.</summary>
    private void Leave(TestRow row)
    {
        row.Withdrawn = true;
        Second.Rows.RemoveAll(other => other["pseudonym"] == row["pseudonym"]);
        SecondRelease.Refer(_release);
    }
}
