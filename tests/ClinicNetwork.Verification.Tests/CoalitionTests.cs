using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

/// <summary>Recipients who put their folders together.</summary>
public sealed class CoalitionTests
{
    private readonly TestRelease _first = SecondRelease.Example();

    [Fact]
    public void Recipients_with_the_same_cells_under_pseudonyms_of_their_own_find_nothing()
    {
        var second = SecondRelease.Example(profile: "research-outcomes", recipient: "agreement-2");
        Rename(second);
        var third = SecondRelease.Example(TestProfile.AllColumns[..12], recipient: "agreement-3");
        Rename(third, "b");
        Assert.Empty(Verify(_first, second, third));
    }

    [Fact]
    public void A_pseudonym_key_shared_by_two_recipients_is_refused() =>
        Assert.Equal([Rules.PseudonymShared], Verify(_first, SecondRelease.Example(recipient: "agreement-2")).Select(finding => finding.Rule));

    [Fact]
    public void One_pseudonym_in_two_folders_is_enough()
    {
        var second = SecondRelease.Example(recipient: "agreement-2");
        Rename(second);
        var person = second.Batches[0].Rows[0]["pseudonym"];
        foreach (var row in second.Rows.Where(row => row["pseudonym"] == person)) row["pseudonym"] = _first.Batches[0].Rows[0]["pseudonym"];
        Assert.Equal([Rules.PseudonymShared], Verify(_first, second).Select(finding => finding.Rule));
    }

    [Fact]
    public void Two_copies_of_one_recipient_s_folder_are_no_coalition() =>
        Assert.Equal([Rules.Chain], Verify(_first, SecondRelease.Example()).Select(finding => finding.Rule));

    [Fact]
    public void A_cell_that_has_another_member_for_another_recipient_is_refused_and_one_who_withdrew_since_is_not()
    {
        var second = SecondRelease.Example(recipient: "agreement-2");
        Rename(second);
        foreach (var row in second.Rows.Where(row => row["pseudonym"] == second.Batches[0].Rows[0]["pseudonym"])) row.Withdrawn = true;
        Assert.Empty(Verify(_first, second));
        second.Batches[0].Rows[0].Withdrawn = false;
        second.Batches[0].Rows[0]["side_effects"] = second.Batches[0].Rows[0]["side_effects"] == "SEVERE" ? "NONE" : "SEVERE";
        second.Batches[0].Rows[1]["side_effects"] = second.Batches[0].Rows[1]["side_effects"] == "SEVERE" ? "NONE" : "SEVERE";
        Assert.Equal([Rules.Membership], Verify(_first, second).Select(finding => finding.Rule).Distinct());
    }

    /// <summary>A row was corrected after the last publication of one whose agreement was over; the other got the cell later, as corrected, or was told.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_correction_that_an_ended_agreement_was_not_told_is_no_other_member(bool told)
    {
        var ended = SecondRelease.Example(recipient: "agreement-2");
        Rename(ended);
        ended.Batches.RemoveAt(1);
        var living = SecondRelease.Example();
        if (told)
            living.Batches[1].Exchange!.Correct(living.Batches[1], 1, living.Batches[0], 2, Spoil, new Random(7));
        else
        {
            Spoil(living.Batches[0].Rows[2]);
            Late(living);
        }

        SecondRelease.Refer(living);
        Assert.Empty(Verify(living, ended));
    }

    /// <summary>The same difference in what both were given in time is none that a correction explains.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Another_member_is_refused_also_when_the_other_s_agreement_is_over(int batches)
    {
        var ended = SecondRelease.Example(recipient: "agreement-2");
        Rename(ended);
        ended.Batches.RemoveRange(batches, 2 - batches);
        Spoil(ended.Batches[0].Rows[2]);
        SecondRelease.Refer(ended);
        Assert.Equal([Rules.Membership], Verify(_first, ended).Select(finding => finding.Rule));
    }

    /// <summary>Two who had nothing in time of each other are compared with a third who had all of it.</summary>
    [Fact]
    public void A_third_recipient_decides_what_two_cannot()
    {
        var (ended, late) = (SecondRelease.Example(recipient: "agreement-2"), SecondRelease.Example(recipient: "agreement-3"));
        Rename(ended);
        Rename(late, "b");
        ended.Batches.RemoveAt(1);
        Late(late);
        Spoil(late.Batches[0].Rows[^1]);
        SecondRelease.Refer(late);
        Assert.Empty(Verify(ended, late));
        Assert.Equal([Rules.Membership], Verify(_first, ended, late).Select(finding => finding.Rule).Distinct());
    }

    [Fact]
    public void A_cell_of_other_values_for_another_recipient_is_refused()
    {
        var second = SecondRelease.Example(recipient: "agreement-2");
        Rename(second);
        var cell = second.Batches[0].Rows[0]["cell"];
        foreach (var row in second.Rows.Where(row => row["cell"] == cell)) row["age"] = "45+";
        Assert.Equal([Rules.CellUniform], Verify(_first, second).Select(finding => finding.Rule));
    }

    [Fact]
    public void The_same_persons_in_other_cells_for_another_recipient_are_refused_and_other_persons_are_not()
    {
        // Cells drawn for each recipient apart: intersecting them leaves fewer than k.
        var random = new Random(41);
        var (first, second) = (Long(random, "agreement-1"), Long(random, "agreement-2"));
        Assert.Empty(Verify(first, second));
        foreach (var batch in first.Batches.Zip(second.Batches))
        {
            var cells = batch.Second.Rows.Select(row => row["cell"]).Distinct().ToList();
            foreach (var (row, other) in batch.First.Rows.Zip(batch.Second.Rows))
                foreach (var column in TestProfile.AllColumns.Skip(7).SkipLast(1)) other[column] = row[column];
            Assert.Equal(2, cells.Count);
        }

        SecondRelease.Refer(second);
        Assert.Equal([Rules.PersonOnce], Verify(first, second).Select(finding => finding.Rule).Distinct());
    }

    /// <summary>Few rows are often alike: new cells are no more like another recipient's new cells than those among themselves, whatever else it has.</summary>
    [Fact]
    public void New_cells_of_few_rows_are_not_taken_for_the_persons_of_other_cells()
    {
        var random = new Random(43);
        var (first, second) = (Long(random, "agreement-1", 1), Long(random, "agreement-2"));
        second.Batches[^1].Rows.AddRange(Long(random, "agreement-2", 1).Rows);
        foreach (var row in first.Rows.Concat(second.Batches[^1].Rows.Where(row => row["milestone"] == TestProfile.Milestones[0])))
        {
            foreach (var column in (string[])["sessions", "side_effects", "courses", "treatment_at", "sessions_since"])
                row[column] = first.Batches[0].Rows[0][column];
        }

        SecondRelease.Refer(second);
        Assert.Empty(Verify(first, second));
    }

    [Fact]
    public void A_folder_that_is_refused_by_itself_says_which()
    {
        var second = SecondRelease.Example(recipient: "agreement-2");
        Rename(second);
        second.Batches[1].OtherKey = TestRelease.OtherKey;
        var finding = Assert.Single(Verify(_first, second));
        Assert.Equal((Rules.Signature, "2/batches/0002/manifest.sig"), (finding.Rule, finding.File));
    }

    /// <summary>Two cells over some milestones, rows in the order of persons.</summary>
    private static TestRelease Long(Random random, string recipient, int milestones = 4)
    {
        TestCell[] cells = [TestCell.New(random, 30, "female", "*", "ketamine", "*"), TestCell.New(random, 30, "male", "*", "ketamine", "*")];
        return SecondRelease.Of(
            new TestRelease
            {
                Batches = [.. TestProfile.Milestones[..milestones].Select(milestone => new TestBatch { Rows = [.. cells.SelectMany(cell => cell.At(milestone, random))] })],
            },
            recipient: recipient);
    }

    /// <summary>All that was released, in one batch of the last publication.</summary>
    private static void Late(TestRelease release)
    {
        release.Batches[1].Rows.AddRange(release.Batches[0].Rows);
        release.Batches.RemoveAt(0);
    }

    private static void Spoil(TestRow row) => row["side_effects"] = row["side_effects"] == "SEVERE" ? "NONE" : "SEVERE";

    private static void Rename(TestRelease release, string prefix = "a")
    {
        var names = release.Rows.Select(row => row["pseudonym"]).Distinct().Index().ToDictionary(person => person.Item, person => prefix + person.Index.ToString("x31"));
        foreach (var row in release.Rows) row["pseudonym"] = names[row["pseudonym"]];
    }

    private static IReadOnlyList<Finding> Verify(params TestRelease[] releases)
    {
        using var folder = new TestFolder();
        string[] folders = [.. releases.Select((_, index) => Path.Combine(folder.Path, $"{index}"))];
        foreach (var (release, path) in releases.Zip(folders)) release.Write(path);
        return CoalitionVerifier.VerifyFolders(folders);
    }
}
