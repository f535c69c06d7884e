using ClinicNetwork.Verification;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>Each mistake that the method exists to prevent, made on purpose and caught by the independent verifier.</summary>
public sealed class PlantedMistakeTests
{
    private const string End = "END_OF_INDUCTION";
    private static readonly string A = Planted.Cell(1);
    private static readonly string B = Planted.Cell(2);

    private static void CaughtBy(VerificationReport report, params string[] rules)
    {
        Assert.NotEmpty(report.Findings);
        Assert.Equal(rules.Order(), report.Findings.Select(f => f.Rule).Distinct().Order());
    }

    [Fact]
    public void The_release_without_a_mistake_is_accepted() => Assert.Empty(new Planted()
        .Publish([.. Planted.Rows(A, "a", 14, End), .. Planted.Rows(B, "b", 12, End, "male", "*", "*", "*")])
        .Publish([.. Planted.Rows(A, "a", 14, "WEEK_4")])
        .Verify().Findings);

    [Fact]
    public void A_cell_of_ten_is_caught() =>
        CaughtBy(new Planted().Publish(Planted.Rows(A, "a", 10, End)).Verify(), Rules.CellSize, Rules.ClassSize);

    [Fact]
    public void A_cell_of_ten_within_a_class_of_many_is_caught() =>
        CaughtBy(new Planted().Publish([.. Planted.Rows(A, "a", 10, End), .. Planted.Rows(B, "b", 20, End)]).Verify(), Rules.CellSize);

    [Fact]
    public void K_counted_in_rows_instead_of_persons_is_caught() =>
        CaughtBy(
            new Planted().Publish([.. Planted.Rows(A, "a", 10, End), .. Planted.Rows(A, "a", 4, End)]).Verify(),
            Rules.CellSize, Rules.ClassSize, Rules.PersonOnce);

    [Fact]
    public void A_row_changed_on_the_way_is_caught()
    {
        var planted = new Planted().Publish(Planted.Rows(A, "a", 14, End));

        CaughtBy(
            planted.Verify(row => [.. row.Sealed.Values.Select(v => row.Source.Person == "a05" && v == "4-8" ? "9+" : v)]),
            Rules.Root);
    }

    [Fact]
    public void A_value_of_tight_covers_within_a_cell_is_caught() =>
        CaughtBy(
            new Planted().Publish([.. Planted.Rows(A, "a", 14, End), .. Planted.Rows(A, "b", 14, End, "female", "45-49", "*", "SEVERE")]).Verify(),
            Rules.CellUniform, Rules.Measures);

    [Fact]
    public void A_tighter_value_at_a_later_milestone_is_caught() =>
        CaughtBy(
            new Planted().Publish(Planted.Rows(A, "a", 14, End)).Publish(Planted.Rows(A, "a", 14, "WEEK_4", "female", "45-49", "*", "SEVERE")).Verify(),
            Rules.CellUniform, Rules.PersonOnce);

    [Fact]
    public void A_single_row_topped_up_is_caught() =>
        CaughtBy(new Planted().Publish(Planted.Rows(A, "a", 14, End)).Publish(Planted.Rows(A, "a", 15, "WEEK_4")).Verify(), Rules.Membership);

    [Fact]
    public void A_single_row_left_out_without_a_withdrawal_is_caught() =>
        CaughtBy(new Planted().Publish(Planted.Rows(A, "a", 15, End)).Publish(Planted.Rows(A, "a", 14, "WEEK_4")).Verify(), Rules.Membership);

    [Fact]
    public void Cells_merged_after_a_release_are_caught() =>
        CaughtBy(
            new Planted()
                .Publish([.. Planted.Rows(A, "a", 14, End), .. Planted.Rows(B, "b", 14, End)])
                .Publish([.. Planted.Rows(A, "a", 14, "WEEK_4"), .. Planted.Rows(A, "b", 14, "WEEK_4")])
                .Verify(),
            Rules.PersonOnce);

    [Fact]
    public void A_cumulative_re_release_is_caught() =>
        CaughtBy(
            new Planted()
                .Publish(Planted.Rows(A, "a", 14, End))
                .Publish([.. Planted.Rows(A, "a", 14, End), .. Planted.Rows(A, "a", 14, "WEEK_4")])
                .Verify(),
            Rules.ClassSize, Rules.Membership, Rules.PersonOnce);

    [Fact]
    public void A_re_release_in_new_cells_is_caught() =>
        CaughtBy(
            new Planted().Publish(Planted.Rows(A, "a", 14, End)).Publish(Planted.Rows(B, "a", 14, "WEEK_4", "*", "65+", "*", "*")).Verify(),
            Rules.PersonOnce);

    [Fact]
    public void A_value_outside_the_grid_is_caught() =>
        Assert.Contains(
            new Planted().Publish(Planted.Rows(A, "a", 14, End, "female", "45-49", "*", "SEVERE"), m => m["hierarchies"]!["age"]!.AsArray().RemoveAt(5)).Verify().Findings,
            f => f.Rule == Rules.Hierarchy);

    [Fact]
    public void A_cell_whose_members_all_had_the_same_outcome_is_caught() =>
        CaughtBy(
            new Planted().Publish([.. Planted.Rows(A, "a", 14, End).Select(r => r with { Values = [.. r.Values.Take(6), .. Support.Course.Outcome("response")] })]).Verify(),
            Rules.Diversity);

    [Fact]
    public void A_small_count_told_in_the_manifest_is_caught() =>
        CaughtBy(new Planted().Publish(Planted.Rows(A, "a", 14, End), m => m["waiting"] = 7).Verify(), Rules.Format);

    [Theory]
    [InlineData("persons", 13)]
    [InlineData("classes", 2)]
    [InlineData("class_min", 28)]
    [InlineData("ncp", 0.1)]
    [InlineData("risk_avg", 0.01)]
    [InlineData("l_distinct", 4)]
    public void A_flattering_measure_is_caught(string name, double value) =>
        CaughtBy(new Planted().Publish(Planted.Rows(A, "a", 14, End), m => m[name] = name is "ncp" or "risk_avg" ? value : (int)value).Verify(), Rules.Measures);
}
