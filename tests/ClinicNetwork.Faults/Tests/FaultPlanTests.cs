using ClinicNetwork.Faults.Plan;

namespace ClinicNetwork.Faults.Tests;

/// <summary>A plan is a function of its seed and leaves no built fault out.</summary>
public sealed class FaultPlanTests
{
    private static readonly string[] Built = ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F9", "F10", "F11", "F12"];

    private static readonly string[] Forms =
    [
        "F1 kill -9 one", "F1 kill -9 two", "F1 kill -9 all", "F2 rolling restart", "F3 pause 5 s", "F3 pause 12 s",
        "F4 crash BeforeCommit", "F4 crash AfterCommit", "F4 crash BeforeReply", "F4 crash in a migration",
        "F5 PostgreSQL kill -9", "F5 PostgreSQL immediate stop", "F5 PostgreSQL fast stop", "F5 PostgreSQL pause", "F5 backends terminated",
        "F6 silo-database cut", "F6 silo-database refused", "F6 silo-silo cut", "F6 silo-silo cut one way", "F6 client-gateway cut",
        "F7 slow and lossy links", "F7 replies cut after commit", "F9 disk full",
        "F10 clock jumps 2 h", "F10 clock jumps a day", "F10 clock off by 10 min", "F11 two clusters", "F12 transaction held open",
    ];

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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(76)]
    public void Four_seeds_in_a_row_strike_every_form_of_every_fault(int seed)
    {
        var struck = Enumerable.Range(seed, FaultPlan.Parts).SelectMany(s => FaultPlan.Part(s, true)).ToList();

        Assert.Equal(Forms.Order(), struck.Select(f => f.Name).Distinct().Order());
        Assert.All(FaultPlan.Points, point => Assert.Contains(struck, f => f.Name == $"F4 crash {point}"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_seeds_in_a_row_strike_every_fault_in_some_form(int seed) =>
        Assert.Equal(Built.Order(), Kinds([.. FaultPlan.Part(seed, true), .. FaultPlan.Part(seed + 1, true)]).Order());

    [Fact]
    public void Without_a_disk_of_its_own_only_F9_is_left_out() =>
        Assert.Equal(FaultPlan.Part(1, true).Where(f => f.Name != "F9 disk full").Select(f => f.Name).Order(), FaultPlan.Part(1, false).Select(f => f.Name).Order());

    [Fact]
    public void A_round_of_a_long_run_has_every_form() =>
        Assert.Empty(Forms.Except(["F3 pause 12 s"]).Except(FaultPlan.Round(1, 0, true).Select(f => f.Name)));

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
