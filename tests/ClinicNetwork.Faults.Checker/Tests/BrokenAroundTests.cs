using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker.Tests;

/// <summary>I7, I10, I11, I12 and I14 find what is wrong around the commands.</summary>
public sealed class BrokenAroundTests
{
    private static readonly DateTimeOffset EndOfInductionCloses = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Week4Closes = new(2026, 3, 28, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void I7_finds_a_follow_up_that_was_lost() =>
        Ending(EndOfInductionCloses.AddHours(1)).Breaks("I7", "1 follow-ups were due, 0 are closed");

    [Fact]
    public void I7_leaves_a_follow_up_alone_that_is_visibly_overdue() =>
        Assert.Equal(Standing.Passed, Ending(EndOfInductionCloses.AddHours(1)).Add(new OverdueListed(Story.Anna, "EndOfInduction")).Check().Verdicts.Single(v => v.Name == "I7").Standing);

    [Fact]
    public void I7_finds_a_lost_follow_up_beside_another_that_is_overdue() =>
        Ending(Week4Closes.AddHours(1)).Add(new OverdueListed(Story.Anna, "EndOfInduction")).Breaks("I7", "2 follow-ups were due, 0 are closed and 1");

    [Fact]
    public void I7_takes_no_overdue_follow_up_for_one_that_was_not_due() =>
        Ending(EndOfInductionCloses.AddHours(1)).Add(new OverdueListed(Story.Anna, "Week52")).Breaks("I7", "1 follow-ups were due, 0 are closed and 0");

    [Fact]
    public void I7_counts_a_follow_up_that_two_worklists_show_once() =>
        Ending(Week4Closes.AddHours(1)).Add(new OverdueListed(Story.Anna, "EndOfInduction")).Add(new OverdueListed(Story.Anna, "EndOfInduction")).Breaks("I7", "2 follow-ups were due");

    [Fact]
    public void I7_finds_a_follow_up_that_was_lost_while_another_was_closed_twice() =>
        Ending(Week4Closes.AddHours(1))
            .Entry(8, "due-1", "CloseMilestone", Week4Closes.AddSeconds(1)).Entry(9, "due-1", "CloseMilestone", Week4Closes.AddSeconds(2)).Breaks("I7", "due-1 is done 2 times");

    [Fact]
    public void I7_leaves_a_follow_up_alone_that_was_closed_in_time() =>
        Assert.Equal(
            Standing.Passed,
            Ending(EndOfInductionCloses.AddHours(1)).Entry(8, "due-1", "CloseMilestone", EndOfInductionCloses.AddSeconds(1)).Check().Verdicts.Single(v => v.Name == "I7").Standing);

    [Fact]
    public void I7_finds_a_follow_up_that_was_closed_twice() =>
        Ending(EndOfInductionCloses.AddHours(1))
            .Entry(8, "due-1", "CloseMilestone", EndOfInductionCloses.AddSeconds(1)).Entry(9, "due-2", "CloseMilestone", EndOfInductionCloses.AddSeconds(2)).Breaks("I7", "2 follow-ups closed, 1 were due");

    [Fact]
    public void I7_finds_a_follow_up_that_was_closed_before_its_time() =>
        Story.Good().Entry(8, "due-1", "CloseMilestone").Breaks("I7", "0 were due");

    [Fact]
    public void I7_finds_a_follow_up_recorded_before_its_time() =>
        Ending(EndOfInductionCloses.AddHours(1)).Entry(8, "due-1", "CloseMilestone", EndOfInductionCloses.AddSeconds(-1)).Breaks("I7", "before");

    [Fact]
    public void I11_finds_a_change_that_is_not_in_the_audit() =>
        Story.Good().Without(e => e is AuditPlaced { Version: 4 }).Breaks("I11", "not in the audit 4; 6 entries for 7 versions");

    [Fact]
    public void I11_finds_one_that_is_there_twice() => Story.Good().Add(new AuditPlaced(99, Story.Anna, 3)).Breaks("I11", "8 entries for 7 versions");

    [Fact]
    public void I11_finds_versions_out_of_order() =>
        Story.Good().With<AuditPlaced>(e => e.Version is 4 or 5, e => e with { Version = 9 - e.Version }).Breaks("I11", "7 entries for 7 versions");

    [Fact]
    public void I11_tells_what_the_verifier_found() => Story.Good().With<AuditRead>(_ => true, e => e with { Finding = "ROOT: head 3" }).Breaks("I11", "ROOT: head 3");

    [Fact]
    public void I11_wants_a_signed_head() => Story.Good().With<AuditRead>(_ => true, e => e with { Signed = 0 }).Breaks("I11", "no head was signed");

    [Fact]
    public void I10_finds_an_identifier() =>
        Story.Good().Add(new Leaked("logs/a1.log", "Zwqplantedgiven")).Breaks("I10", "a1.log");

    [Theory]
    [InlineData("pg")]
    [InlineData("keys")]
    [InlineData("logs")]
    public void I10_finds_a_part_that_was_not_searched(string part)
    {
        Story.Good().Without(e => e is Scanned s && s.Where == part).Breaks("I10", $"{part}: nothing was read");
        Story.Good().With<Scanned>(s => s.Where == part, s => s with { Bytes = 0 }).Breaks("I10", $"{part}: nothing was read");
    }

    [Fact]
    public void I12_finds_a_patient_that_takes_no_write_after_a_fault() =>
        Story.Good().Add(new GraceChecked(1, Story.Anna, false, 30_000)).Breaks("I12", Story.Anna);

    [Fact]
    public void I12_finds_a_feed_that_drains_too_late() =>
        Story.Good().Add(new GraceChecked(1, Story.Harbour, true, 30_001)).Breaks("I12", Story.Harbour);

    [Fact]
    public void I12_finds_a_fault_after_which_nobody_looked() =>
        Story.Good().Without(e => e is GraceChecked).Breaks("I12", "nobody looked");

    [Fact]
    public void I14_finds_handles_that_stay_open() =>
        Story.Good().Without(e => e is Sampled { When: "after" }).Sampled("after", 200, 20, 150).Breaks("I14", "handles");

    [Fact]
    public void I14_finds_connections_that_stay_open() =>
        Story.Good().Without(e => e is Sampled { When: "after" }).Sampled("after", 100, 40, 150).Breaks("I14", "connections");

    [Fact]
    public void I14_finds_memory_that_stays() =>
        Story.Good().Without(e => e is Sampled { When: "after" }).Sampled("after", 100, 20, 400).Breaks("I14", "MiB");

    [Fact]
    public void I14_finds_a_server_that_does_not_run_at_the_end() =>
        Story.Good().Without(e => e is Sampled { When: "after", Process: "a1" }).Breaks("I14", "a1: measured before");

    [Fact]
    public void I14_forgives_a_level_that_comes_back_in_time() =>
        Assert.Equal(Standing.Passed, Story.Good().Sampled("after", 900, 90, 900).Check().Verdicts.Single(v => v.Name == "I14").Standing);

    private static Story Ending(DateTimeOffset storeTime) => Story.Good().With<RunEnded>(_ => true, e => e with { StoreTime = storeTime });
}
