using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

/// <summary>Releases whose every batch is k-anonymous by itself, and which single persons out by comparison; each signed with a manifest that fits it.</summary>
public sealed class PlantedReleaseTests
{
    private readonly Random _random = new(37);

    [Fact]
    public void Everything_released_again_with_the_new_persons_in_the_cells_is_refused()
    {
        string[] region = ["female", "45+", "ketamine", "UPPER"];
        var cell = TestCell.New(_random, 14, region);
        var grown = TestCell.New(_random, 3, region);
        var release = Of(cell.At("WEEK_4", _random), new TestCell(Id(cell), region, [.. cell.Members, .. grown.Members]).At("WEEK_4", _random));
        RefusedBy(release, Rules.PersonOnce, Rules.Membership);
    }

    [Fact]
    public void Everything_released_again_in_new_cells_is_refused()
    {
        var cell = TestCell.New(_random, 14, "female", "45+", "ketamine", "UPPER");
        var again = new TestCell("c-0123456789abcdef", ["female", "45+", "ketamine", "UPPER"], [.. cell.Members, .. TestCell.New(_random, 3).Members]);
        var release = Of(cell.At("WEEK_4", _random), again.At("WEEK_4", _random));
        RefusedBy(release, Rules.PersonOnce);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    public void A_released_cell_is_topped_up_by_nobody(int persons)
    {
        string[] region = ["female", "45+", "ketamine", "UPPER"];
        var cell = TestCell.New(_random, 14, region);
        var late = new TestCell(Id(cell), region, TestCell.New(_random, persons).Members);
        var release = Of(cell.At("WEEK_4", _random), [.. late.At("WEEK_4", _random), .. TestCell.New(_random, 14, region).At("WEEK_4", _random)]);
        RefusedBy(release, persons == 1 ? [Rules.Membership, Rules.CellSize] : [Rules.Membership]);
    }

    [Fact]
    public void A_member_who_joins_a_released_cell_at_its_next_milestone_is_refused()
    {
        string[] region = ["female", "45+", "ketamine", "UPPER"];
        var cell = TestCell.New(_random, 14, region);
        var joined = new TestCell(Id(cell), region, [.. cell.Members, .. TestCell.New(_random, 1).Members]);
        var release = Of(cell.At("WEEK_4", _random), joined.At("WEEK_8", _random));
        Expect.RefusedBy(release.Verify(), release, Rules.Membership);
        release = Of(cell.At("WEEK_4", _random), cell.At("WEEK_8", _random));
        Expect.Accepted(release.Verify());
    }

    [Fact]
    public void Cells_merged_after_a_release_are_refused()
    {
        string[] region = ["female", "45+", "ketamine", "UPPER"];
        TestCell[] cells = [TestCell.New(_random, 14, region), TestCell.New(_random, 14, region)];
        var merged = new TestCell("c-0123456789abcdef", region, [.. cells.SelectMany(cell => cell.Members)]);
        var release = Of([.. cells.SelectMany(cell => cell.At("WEEK_4", _random))], merged.At("WEEK_8", _random));
        Expect.RefusedBy(release.Verify(), release, Rules.PersonOnce);
    }

    /// <summary>By these rules among others: who is there twice is counted once, so that sizes are wrong too.</summary>
    private static void RefusedBy(TestRelease release, params string[] rules)
    {
        var found = release.Verify().Findings.Select(finding => finding.Rule).ToHashSet();
        Assert.Superset(rules.ToHashSet(), found);
    }

    private string Id(TestCell cell) => cell.At("WEEK_4", _random).First()["cell"];

    private TestRelease Of(params IEnumerable<TestRow>[] batches) =>
        SecondRelease.Of(new TestRelease { Batches = [.. batches.Select(rows => TestRelease.Batch(_random, rows))] });
}
