using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class RowsAndRootTests
{
    private readonly TestRelease _release = TestRelease.Example();

    [Fact]
    public void A_row_changed_after_signing_is_refused()
    {
        var row = _release.Batches[0].Rows[4].Copy();
        row["side_effects"] = row["side_effects"] == "NONE" ? "SEVERE" : "NONE";
        _release.Batches[0].Tamper = lines => [.. lines.Take(4), row.Line(4), .. lines.Skip(5)];
        Expect.RefusedBy(_release.Verify(), _release, Rules.Root);
    }

    [Fact]
    public void A_salt_changed_after_signing_is_refused()
    {
        var row = new TestRow(_release.Batches[0].Rows[4].Values, new string('0', 32));
        _release.Batches[0].Tamper = lines => [.. lines.Take(4), row.Line(4), .. lines.Skip(5)];
        Expect.RefusedBy(_release.Verify(), _release, Rules.Root);
    }

    [Fact]
    public void A_dropped_row_is_refused()
    {
        _release.Batches[0].Tamper = lines => lines.Where((_, i) => i != 7);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Rows, Rules.Root, Rules.Membership, Rules.Measures);
    }

    [Fact]
    public void A_dropped_last_row_is_refused()
    {
        _release.Batches[0].Tamper = lines => lines.SkipLast(1);
        Assert.Contains(_release.Verify().Findings, finding => finding.Rule == Rules.Rows);
    }

    [Fact]
    public void Swapped_rows_are_refused()
    {
        _release.Batches[0].Tamper = lines => [lines[1], lines[0], .. lines.Skip(2)];
        Expect.RefusedBy(_release.Verify(), _release, Rules.Rows, Rules.Root);
    }

    [Fact]
    public void Swapped_and_renumbered_rows_are_refused()
    {
        _release.Batches[0].Tamper = lines =>
            [lines[1].Replace("\"row\":1,", "\"row\":0,"), lines[0].Replace("\"row\":0,", "\"row\":1,"), .. lines.Skip(2)];
        Expect.RefusedBy(_release.Verify(), _release, Rules.Root);
    }

    [Fact]
    public void A_doubled_row_is_refused()
    {
        _release.Batches[0].Tamper = lines => [.. lines, lines[^1].Replace("\"row\":30,", "\"row\":31,")];
        var rules = _release.Verify().Findings.Select(finding => finding.Rule).ToList();
        Assert.Contains(Rules.Rows, rules);
        Assert.Contains(Rules.Root, rules);
        Assert.Contains(Rules.PersonOnce, rules);
    }

    [Fact]
    public void A_manifest_with_another_number_of_rows_is_refused()
    {
        _release.Batches[0].Amend = json => json["rows"] = 30;
        Expect.RefusedBy(_release.Verify(), _release, Rules.Rows);
    }

    [Fact]
    public void A_leaf_of_another_row_in_a_withdrawn_place_is_refused()
    {
        var other = new TestRow(_release.Batches[1].Rows[0].Values, _release.Batches[1].Rows[0].Salt) { Withdrawn = true };
        _release.Batches[0].Tamper = lines => [.. lines.Take(3), other.Line(3), .. lines.Skip(4)];
        Expect.RefusedBy(_release.Verify(), _release, Rules.Root);
    }
}
