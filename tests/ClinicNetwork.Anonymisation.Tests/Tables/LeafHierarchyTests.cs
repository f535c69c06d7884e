using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

public sealed class LeafHierarchyTests
{
    /// <summary>Four leaves; "b" is a leaf, and above "a" and "b" too.</summary>
    private static readonly LeafHierarchy Padded = new("q", [["a", "b", "*"], ["b", "b", "*"], ["c", "x", "*"], ["d", "*", "*"]]);

    [Theory]
    [InlineData("a", 0)] // (1 − 1)/(4 − 1)
    [InlineData("b", 1 / 3.0)] // stands for a and b, wherever it stands
    [InlineData("x", 0)] // one leaf of its own
    [InlineData("*", 1)]
    public void A_label_loses_by_the_leaves_that_it_stands_for_anywhere(string label, double loss) => Assert.Equal(loss, Padded.Loss(Padded.Labels.IndexOf(label)), 15);

    [Fact]
    public void The_root_loses_1_and_an_only_leaf_nothing()
    {
        var one = new LeafHierarchy("q", [["a", "*"]]);

        Assert.Equal(0, one.Loss(one.Labels.IndexOf("a")));
        Assert.Equal(1, one.Loss(one.Labels.IndexOf("*")));
        Assert.Equal(1, new LeafHierarchy("q", [["*"]]).Loss(0));
    }

    [Theory]
    [InlineData("a", 0)]
    [InlineData("b", 0)]
    [InlineData("x", 1)]
    [InlineData("*", 1)]
    public void The_level_of_a_label_is_the_lowest_at_which_it_stands(string label, int level) => Assert.Equal(level, Padded.LevelOf(Padded.Labels.IndexOf(label)));

    [Fact]
    public void Two_leaves_are_alike_from_the_lowest_level_with_one_label()
    {
        Assert.Equal(1, Padded.CommonLevel(0, 0, 1));
        Assert.Equal(2, Padded.CommonLevel(0, 0, 2));
        Assert.Equal(2, Padded.CommonLevel(2, 0, 1));
        Assert.Equal(0, Padded.CommonLevel(0, 3, 3));
    }

    [Fact]
    public void Labels_are_never_parsed_and_levels_need_not_nest()
    {
        // "10-19" stands for what it stands for: 30 and 41.
        var crossed = new LeafHierarchy("age", [["30", "10-19", "old", "*"], ["41", "10-19", "young", "*"], ["7", "0-9", "young", "*"]]);

        Assert.False(crossed.IsNested);
        Assert.True(Padded.IsNested);
        Assert.Equal(0.5, crossed.Loss(crossed.Labels.IndexOf("10-19")));
        Assert.Equal(1, crossed.CommonLevel(0, 0, 1));
        Assert.Equal(3, crossed.CommonLevel(2, 0, 1));
    }

    [Fact]
    public void A_value_is_found_as_it_is_written_and_only_among_leaves()
    {
        Assert.True(Padded.TryFindLeaf("b", out var leaf));
        Assert.Equal(1, leaf);
        Assert.All(["x", "A", "a ", ""], value => Assert.False(Padded.TryFindLeaf(value, out _)));
    }

    [Fact]
    public void Rows_that_are_no_hierarchy_are_refused_without_their_values()
    {
        var refused = Assert.Throws<ArgumentException>(() => new LeafHierarchy("q", [["secret", "*"], ["secret", "*"]]));

        Assert.Contains("row 2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }
}
