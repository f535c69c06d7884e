using ClinicNetwork.Faults.Plan;

namespace ClinicNetwork.Faults.Tests;

/// <summary>A plan is a function of its seed and leaves no built fault out.</summary>
public sealed class FaultPlanTests
{
    private static readonly string[] Built = ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F9", "F10", "F11", "F12"];

    [Fact]
    public void The_same_seed_makes_the_same_plan() =>
        Assert.Equal(Names(FaultPlan.Short(7, true)), Names(FaultPlan.Short(7, true)));

    [Fact]
    public void Another_seed_makes_another_plan() =>
        Assert.NotEqual(Names(FaultPlan.Short(7, true)), Names(FaultPlan.Short(8, true)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(77)]
    public void Every_built_fault_is_in_every_plan(int seed)
    {
        Assert.Equal(Built.Order(), Kinds(FaultPlan.Short(seed, true)).Order());
        Assert.Equal(Built.Order(), Kinds(FaultPlan.Round(seed, 0, true)).Order());
    }

    [Fact]
    public void The_halves_of_two_seeds_in_a_row_have_every_fault()
    {
        var (one, two) = (FaultPlan.Short(1, true, half: true), FaultPlan.Short(2, true, half: true));

        Assert.Equal(FaultPlan.Short(1, true).Count + 2, one.Count + two.Count);
        Assert.Equal(Built.Order(), Kinds([.. one, .. two]).Order());
    }

    [Fact]
    public void At_least_twenty_defects_are_planted_and_each_names_the_verdicts_that_find_it()
    {
        Assert.True(Defects.All.Count >= 20);
        Assert.Equal(Defects.All.Count, Defects.All.DistinctBy(d => d.Name).Count());
        Assert.All(Defects.All, d => Assert.NotEmpty(d.Verdicts));
    }

    private static IEnumerable<string> Names(IEnumerable<Fault> plan) => plan.Select(f => $"{f.Name} {f.Detail} {f.Hold}");

    private static IEnumerable<string> Kinds(IEnumerable<Fault> plan) => plan.Select(f => f.Name.Split(' ')[0]).Distinct();
}
