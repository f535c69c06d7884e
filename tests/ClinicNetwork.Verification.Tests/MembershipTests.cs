using System.Text.Json.Nodes;
using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class MembershipTests
{
    private readonly Random _random = new(13);
    private readonly TestRelease _release = TestRelease.Example();

    [Fact]
    public void A_member_left_out_of_a_later_milestone_is_refused()
    {
        _release.Batches[1].Rows.RemoveAt(_release.Batches[1].Rows.FindIndex(row => row["milestone"] == "WEEK_4"));
        Expect.RefusedBy(_release.Verify(), _release, Rules.Membership);
    }

    [Fact]
    public void A_member_added_at_a_later_milestone_is_refused()
    {
        var cell = TestCell.New(_random, 15, "female", "45+", "ketamine", "UPPER");
        var release = TwoMilestones(cell, cell.Members.Skip(1), cell.Members);
        Expect.RefusedBy(release.Verify(), release, Rules.Membership);
    }

    [Fact]
    public void An_exchanged_member_is_refused()
    {
        var cell = TestCell.New(_random, 15, "female", "45+", "ketamine", "UPPER");
        var release = TwoMilestones(cell, cell.Members.Skip(1), cell.Members.SkipLast(1));
        Expect.RefusedBy(release.Verify(), release, Rules.Membership);
    }

    [Fact]
    public void A_difference_larger_than_the_withdrawn_rows_is_refused()
    {
        // One row of week 8 is withdrawn, but two members of week 4 are not among its rows.
        var cell = TestCell.New(_random, 15, "female", "45+", "ketamine", "UPPER");
        var release = TwoMilestones(cell, cell.Members, cell.Members.SkipLast(1));
        release.Batches[1].Rows[0].Withdrawn = true;
        Expect.RefusedBy(release.Verify(), release, Rules.Membership);
    }

    [Fact]
    public void Two_milestones_of_one_batch_must_have_the_same_members_too()
    {
        var cell = TestCell.New(_random, 15, "female", "45+", "ketamine", "UPPER");
        var release = new TestRelease
        {
            Batches = [TestRelease.Batch(_random, cell.At("WEEK_4", _random), cell.At("WEEK_8", _random, [.. cell.Members.Skip(1)]))],
        };
        using var folder = new TestFolder();
        release.Write(folder.Path);
        Expect.RefusedBy(
            ReleaseVerifier.VerifyBatch(TestRelease.BatchFolder(folder.Path, 1), TestRelease.Key.ExportSubjectPublicKeyInfoPem()),
            release, Rules.Membership);
    }

    [Fact]
    public void A_cell_and_milestone_published_twice_is_refused()
    {
        var first = TestCell.New(_random, 14, "female", "45+", "ketamine", "UPPER");
        var release = new TestRelease
        {
            Batches = [TestRelease.Batch(_random, first.At("WEEK_4", _random)), TestRelease.Batch(_random, first.At("WEEK_4", _random))],
        };
        Expect.RefusedBy(release.Verify(), release, Rules.Membership, Rules.PersonOnce, Rules.ClassSize, Rules.Measures);
    }

    [Fact]
    public void A_milestone_split_over_two_batches_is_refused()
    {
        var cell = TestCell.New(_random, 24, "female", "45+", "ketamine", "UPPER");
        var release = new TestRelease
        {
            Batches =
            [
                TestRelease.Batch(_random, cell.At("WEEK_4", _random, [.. cell.Members.Take(12)])),
                TestRelease.Batch(_random, cell.At("WEEK_4", _random, [.. cell.Members.Skip(12)])),
            ],
        };
        Assert.Contains(release.Verify().Findings, finding => finding.Rule == Rules.Membership);
    }

    [Fact]
    public void Cells_that_do_not_match_the_rows_are_refused() => Assert.All<Action<JsonArray>>(
        [
            cells => cells.RemoveAt(0),
            cells => cells.Add(cells[0]!.DeepClone()),
            cells => cells[0]!["members"] = cells[0]!["members"]!.GetValue<int>() + 1,
            cells => cells[0]!["members"] = cells[0]!["members"]!.GetValue<int>() - 1,
            cells => cells[0]!["cell"] = "c-0123456789abcdef",
            cells => cells[0]!["milestone"] = "WEEK_52",
            cells => (cells[0]!["members"], cells[1]!["members"]) = (cells[1]!["members"]!.DeepClone(), cells[0]!["members"]!.DeepClone()),
            cells => cells.Add(JsonNode.Parse("""{"cell":"c-0123456789abcdef","milestone":"WEEK_4","members":14}""")),
        ],
        amend =>
        {
            var release = TestRelease.Example();
            release.Batches[0].Amend = json => amend((JsonArray)json["cells"]!);
            var report = release.Verify();
            Expect.RefusedBy(report, release, Rules.Membership);
        });

    private TestRelease TwoMilestones(TestCell cell, IEnumerable<string> first, IEnumerable<string> second) => new()
    {
        Batches =
        [
            TestRelease.Batch(_random, cell.At("WEEK_4", _random, [.. first])),
            TestRelease.Batch(_random, cell.At("WEEK_8", _random, [.. second])),
        ],
    };
}
