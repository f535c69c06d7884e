using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

/// <summary>Cells and classes that a network signed with a manifest that fits them: no tampering, a faulty release.</summary>
public sealed class CellTests
{
    private readonly Random _random = new(7);

    [Fact]
    public void A_cell_of_10_is_refused_however_consistent_the_manifest()
    {
        var release = OneBatch(Cell(10).At("WEEK_4", _random));
        Expect.RefusedBy(release.Verify(), release, Rules.CellSize, Rules.ClassSize);
    }

    [Fact]
    public void A_cell_of_11_is_accepted() => Expect.Accepted(OneBatch(Cell(11).At("WEEK_4", _random)).Verify());

    [Fact]
    public void A_cell_of_10_within_a_large_class_is_refused()
    {
        var release = OneBatch(Cell(10).At("WEEK_4", _random), Cell(15).At("WEEK_4", _random));
        Expect.RefusedBy(release.Verify(), release, Rules.CellSize);
    }

    [Fact]
    public void A_row_with_other_quasi_identifiers_than_its_cell_is_refused()
    {
        var release = OneBatch(Cell(14).At("WEEK_4", _random));
        release.Batches[0].Rows[3]["age"] = "65+";
        Expect.RefusedBy(release.Verify(), release, Rules.CellUniform, Rules.ClassSize);
    }

    [Fact]
    public void A_cell_with_other_quasi_identifiers_in_a_later_batch_is_refused()
    {
        var cell = Cell(14);
        var release = new TestRelease
        {
            Batches = [TestRelease.Batch(_random, cell.At("WEEK_4", _random)), TestRelease.Batch(_random, cell.At("WEEK_8", _random))],
        };
        foreach (var row in release.Batches[1].Rows) row["age"] = "65+";
        Expect.RefusedBy(release.Verify(), release, Rules.CellUniform, Rules.PersonOnce);
    }

    [Fact]
    public void A_class_under_k_is_refused()
    {
        // Two halves of a cell, 8 and 8: the cell has enough persons, neither of its classes has.
        var release = OneBatch(Cell(16).At("WEEK_4", _random));
        foreach (var row in release.Batches[0].Rows.Take(8)) row["sex"] = "male";
        Expect.RefusedBy(release.Verify(), release, Rules.CellUniform, Rules.ClassSize);
    }

    [Fact]
    public void A_root_cell_is_refused()
    {
        var release = OneBatch(TestCell.New(_random, 30, "*", "*", "*", "*").At("WEEK_4", _random));
        Expect.RefusedBy(release.Verify(), release, Rules.RootCell);
    }

    [Fact]
    public void A_cell_whose_members_share_their_outcome_is_refused()
    {
        var release = OneBatch(Cell(14).At("WEEK_4", _random));
        foreach (var row in release.Batches[0].Rows.Where(row => row.Measured)) row.MakeMeasured("worsening");
        Expect.RefusedBy(release.Verify(), release, Rules.Diversity);
    }

    [Fact]
    public void A_cell_nobody_was_measured_in_is_accepted()
    {
        var release = OneBatch(Cell(14).At("WEEK_4", _random));
        foreach (var row in release.Batches[0].Rows) row.MakeMissing("DECLINED");
        Expect.Accepted(release.Verify());
    }

    [Fact]
    public void Diversity_counts_categories_of_the_cell_not_of_the_class()
    {
        var release = OneBatch(Cell(14).At("WEEK_4", _random), Cell(14).At("WEEK_4", _random));
        var cell = release.Batches[0].Rows[0]["cell"];
        foreach (var row in release.Batches[0].Rows.Where(row => row.Measured && row["cell"] == cell)) row.MakeMeasured("response");
        Expect.RefusedBy(release.Verify(), release, Rules.Diversity);
    }

    [Fact]
    public void A_higher_l_of_the_manifest_is_held()
    {
        var release = OneBatch(Cell(14).At("WEEK_4", _random));
        foreach (var (index, row) in release.Batches[0].Rows.Index()) row.MakeMeasured(index % 2 == 0 ? "response" : "no_change");
        release.Batches[0].Amend = json => json["distinct_l"] = 3;
        Expect.RefusedBy(release.Verify(), release, Rules.Diversity);
    }

    private TestCell Cell(int members) => TestCell.New(_random, members, "female", "45+", "ketamine", "UPPER");

    private TestRelease OneBatch(params IEnumerable<TestRow>[] cells) => new() { Batches = [TestRelease.Batch(_random, cells)] };
}
