using ClinicNetwork.Anonymisation.Tests.Support;

namespace ClinicNetwork.Anonymisation.Tests.Engine;

public sealed class HierarchyTests
{
    private static readonly Hierarchy Age = new("age", [["18-24", "18-49", "*"], ["25-49", "18-49", "*"], ["50-64", "50+", "*"], ["65-79", "50+", "*"], ["80+", "50+", "*"]]);

    public static TheoryData<string, string[][]> NoTrees => new()
    {
        { "paths of unequal length", [["a", "x", "*"], ["b", "*"]] },
        { "a path that does not end at the root", [["a", "*"], ["b", "all"]] },
        { "nothing but a root", [["*"]] },
        { "a leaf twice", [["a", "x", "*"], ["a", "x", "*"]] },
        { "a leaf twice under different parents", [["a", "x", "*"], ["a", "y", "*"]] },
        { "a value under two parents", [["a", "x", "p", "*"], ["b", "x", "q", "*"]] },
        { "a value at two levels", [["a", "x", "*"], ["x", "y", "*"]] },
        { "a value that repeats in its path", [["a", "a", "*"]] },
        { "a root below the root", [["a", "*", "*"]] },
        { "a root as a leaf", [["*", "*"]] },
    };

    [Theory]
    [MemberData(nameof(NoTrees))]
    public void What_is_no_tree_is_refused_without_naming_a_value(string about, string[][] paths)
    {
        var refused = Assert.Throws<ArgumentException>(() => new Hierarchy("age", paths));

        Assert.NotEmpty(about);
        Assert.StartsWith("Hierarchy age: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hierarchy_without_paths_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Hierarchy("age", []));

    [Theory]
    [InlineData("18-24", 0, 0.0)]
    [InlineData("18-49", 1, 0.25)] // (2 - 1)/(5 - 1)
    [InlineData("50+", 1, 0.5)] // (3 - 1)/(5 - 1)
    [InlineData("*", 2, 1.0)]
    public void The_loss_of_a_value_is_leaves_covered_less_one_over_leaves_less_one(string value, int level, double loss)
    {
        Assert.Equal(level, Age.LevelOf(value));
        Assert.Equal(loss, Age.Loss(value), 12);
    }

    [Fact]
    public void A_leaf_is_generalised_along_its_path()
    {
        Assert.Equal(["65-79", "50+", "*"], Enumerable.Range(0, 3).Select(level => Age.Generalise("65-79", level)));
        Assert.True(Age.IsLeaf("80+"));
        Assert.False(Age.IsLeaf("50+"));
        Assert.Equal((2, 5), (Age.Height, Age.LeafCount));
    }

    [Fact]
    public void A_single_leaf_loses_nothing() => Assert.Equal(0, Grids.Tree("one", 1).Loss("*"));

    [Fact]
    public void The_loss_of_a_region_is_the_mean_over_its_attributes()
    {
        var grid = new Grid("g", 1, [Age, Grids.Tree("sex", 2)]);

        Assert.Equal((0.25 + 1.0) / 2, grid.Loss(["18-49", "*"]), 12);
        Assert.Equal(1, grid.Loss(grid.Root), 12);
    }

    [Theory]
    [InlineData(new[] { "18-24", "sex/0/1" }, null)]
    [InlineData(new[] { "18-49", "sex/0/1" }, "age")]
    [InlineData(new[] { "18-24", "*" }, "sex")]
    [InlineData(new[] { "18-24" }, "(number of attributes)")]
    public void A_person_has_one_known_leaf_per_attribute(string[] leaves, string? wrong) =>
        Assert.Equal(wrong, new Grid("g", 1, [Age, Grids.Tree("sex", 2)]).FirstWrong(leaves));
}
