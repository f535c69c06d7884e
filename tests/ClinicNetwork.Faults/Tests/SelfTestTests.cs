using ClinicNetwork.Faults.Checker.Tests;
using ClinicNetwork.Faults.History;
using ClinicNetwork.Faults.Plan;
using ClinicNetwork.Faults.Run;

namespace ClinicNetwork.Faults.Tests;

/// <summary>What counts as a planted defect found.</summary>
public sealed class SelfTestTests
{
    private static readonly Defect Lost = new("Lost", "what was acknowledged is lost", "I1");

    [Fact]
    public void A_broken_verdict_that_has_to_find_it_finds_a_defect()
    {
        var run = Story.Good().Accepted("lost", "RecordMissedVisit", 8).Check();
        Assert.True(SelfTest.Finds(Lost, run));
        Assert.StartsWith("found by I1 (1)", SelfTest.Says(Lost, [run]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_aborted_run_finds_nothing_although_the_missing_reading_breaks_verdicts()
    {
        var run = Story.Good().Without(e => e is HistoryEntry or HistoryComplete or RunEnded).Check();
        Assert.True(run.IsBroken);
        Assert.False(SelfTest.Finds(Lost, run));
        Assert.StartsWith("ABORTED", SelfTest.Says(Lost, [run]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_defect_that_only_other_verdicts_show_is_not_found() =>
        Assert.StartsWith("NOT FOUND in 1 tries", SelfTest.Says(Lost, [Story.Good().Without(e => e is FeedEntry { Version: 7 }).Check()]), StringComparison.Ordinal);
}
