using ClinicNetwork.Anonymisation.Tests.Support;

namespace ClinicNetwork.Anonymisation.Tests.Measures;

/// <summary>Formulas of docs/release-format.md, worked by hand. The verifier's recomputation is compared in the publication tests.</summary>
public sealed class ReleaseMeasuresTests
{
    /// <summary>Age: four leaves under two values; sex: two leaves.</summary>
    private static readonly Grid Grid = new("g", 1, [Grids.Tree("age", 4, 2), Grids.Tree("sex", 2)]);

    private static (string, IReadOnlyList<string>, int) Rows(int count, string milestone, params string[] region) => (milestone, region, count);

    [Fact]
    public void Classes_losses_and_risks_are_those_worked_by_hand()
    {
        // Losses of a row: (0 + 0)/2 = 0; (1/3 + 1)/2 = 2/3; (1 + 0)/2 = 1/2.
        var measures = ReleaseMeasures.Of(
            Grid,
            [Rows(12, "WEEK_4", "age/0/0", "sex/0/1"), Rows(14, "WEEK_4", "age/1/1", "*"), Rows(11, "WEEK_8", "*", "sex/0/0")]);

        Assert.Equal(3, measures.Classes);
        Assert.Equal(11, measures.ClassMin);
        Assert.Equal(0.400901, measures.Ncp); // (12·0 + 14·2/3 + 11/2)/37 = 0.4009009…
        Assert.Equal(0.090909, measures.RiskMax); // 1/11, EMA Policy 0070's 0.09
        Assert.Equal(0.081081, measures.RiskAverage); // 3/37
    }

    [Fact]
    public void A_class_is_of_one_milestone_and_may_join_cells_of_one_region()
    {
        var twoMilestones = ReleaseMeasures.Of(Grid, [Rows(11, "WEEK_4", "age/0/0", "*"), Rows(11, "WEEK_8", "age/0/0", "*")]);
        var twoCells = ReleaseMeasures.Of(Grid, [Rows(11, "WEEK_4", "age/0/0", "*"), Rows(15, "WEEK_4", "age/0/0", "*")]);

        Assert.Equal((2, 11), (twoMilestones.Classes, twoMilestones.ClassMin));
        Assert.Equal((1, 26), (twoCells.Classes, twoCells.ClassMin));
    }

    [Fact]
    public void Leaves_lose_nothing_and_roots_everything()
    {
        Assert.Equal(0, ReleaseMeasures.Of(Grid, [Rows(11, "WEEK_4", "age/0/3", "sex/0/0")]).Ncp);
        Assert.Equal(1, ReleaseMeasures.Of(Grid, [Rows(11, "WEEK_4", "*", "*")]).Ncp);
    }

    [Fact]
    public void Nothing_released_measures_nothing() => Assert.Equal(new ReleaseMeasures(0, 0, 0, 0, 0), ReleaseMeasures.Of(Grid, []));
}
