using ClinicNetwork.Benchmarks.Figures;

namespace ClinicNetwork.Benchmarks.Tests;

public class GoalTests
{
    [Theory]
    [InlineData(0.7, true, "met")]
    [InlineData(0.71, true, "met")]
    [InlineData(0.35, false, "missed by 50 %")]
    [InlineData(double.NaN, false, "not measured")]
    [InlineData(double.PositiveInfinity, false, "not measured")]
    public void A_goal_of_at_least_is_met_from_its_limit_on(double measured, bool met, string verdict)
    {
        var goal = Goal.Least("writes", measured, 0.7, " x pgbench");

        Assert.Equal((met, verdict), (goal.IsMet, goal.Verdict));
    }

    [Theory]
    [InlineData(8, true, "met")]
    [InlineData(-1, true, "met")]
    [InlineData(12, false, "missed by 50 %")]
    [InlineData(double.NaN, false, "not measured")]
    public void A_goal_of_at_most_is_met_up_to_its_limit(double measured, bool met, string verdict)
    {
        var goal = Goal.Most("memory", measured, 8, " KiB");

        Assert.Equal((met, verdict), (goal.IsMet, goal.Verdict));
    }
}
