using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker.Tests;

/// <summary>What is good is left alone, what is not there is not called good.</summary>
public sealed class GoodHistoryTests
{
    private static readonly Dictionary<string, Standing> Unjudged = new() { ["I8"] = Standing.NotDriven, ["I9"] = Standing.NotDriven };

    [Fact]
    public void A_good_history_passes_every_verdict_that_is_built()
    {
        var run = Story.Good().Check();
        Assert.All(run.Verdicts, v => Assert.True(v.Standing == Unjudged.GetValueOrDefault(v.Name, Standing.Passed), $"{v.Name}: {v.Standing} {string.Join("; ", v.Broken)}"));
        Assert.True(run.IsGood);
        Assert.Equal(15, run.Verdicts.Count);
    }

    [Theory]
    [InlineData("I8", "not driven")]
    [InlineData("I9", "not driven")]
    public void What_is_not_driven_is_told_as_such_and_never_as_passed(string verdict, string word) =>
        Assert.Contains(CheckReport.Of([Story.Good().Check()]).Split('\n'), line => line.StartsWith(verdict + " ", StringComparison.Ordinal) && line.Contains(word, StringComparison.Ordinal));

    [Fact]
    public void A_history_without_the_subject_of_a_verdict_proves_nothing_and_is_not_good()
    {
        var run = Story.Good().Without(e => e is Scanned).Check();
        Assert.Equal(Standing.Unproven, run.Verdicts.Single(v => v.Name == "I10").Standing);
        Assert.False(run.IsGood);
        Assert.False(run.IsBroken);
    }

    [Fact]
    public void A_run_under_its_floor_does_not_count_and_says_so()
    {
        var run = Story.Good().With<RunBegan>(_ => true, r => r with { FloorPerSecond = 50 }).Check();
        Assert.False(run.IsGood);
        Assert.Contains("DOES NOT COUNT", CheckReport.Of([run]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_reached_none_of_the_points_it_was_to_crash_at_does_not_count_and_says_so()
    {
        var run = Story.Good().Add(new PointAwaited(1, "AfterCommit", false)).Check();
        Assert.False(run.Counts);
        Assert.Contains("1 NOT REACHED", CheckReport.Of([run]), StringComparison.Ordinal);
        Assert.True(Story.Good().Add(new PointAwaited(1, "AfterCommit", false)).Add(new PointAwaited(2, "BeforeReply", true)).Check().Counts);
    }

    [Fact]
    public void Recovery_is_counted_from_the_first_attempt_under_the_fault_to_the_acknowledgement()
    {
        var recovery = Assert.Single(Story.Good().Check().Recoveries);
        Assert.Equal("F1 kill -9 one", recovery.Fault);
        Assert.Equal([2.0], recovery.FromFault);
        Assert.Equal([0.0], recovery.AfterHealing);
    }

    [Fact]
    public void A_history_is_read_back_as_it_was_written()
    {
        var path = Path.GetTempFileName();
        try
        {
            HistoryEvent[] events =
            [
                new Invoked("op-1", Story.Anna, "RevisePlan", true, 3, null, "s-1", new DateOnly(2026, 1, 2), 4),
                new Told("op-1", 2, Outcome.Refused, Reason: "Aborted ETAG_MISMATCH"),
                new StateRead(1.5, Story.Anna, "a1", true, 2, 3, true, 1, 0, 0, "abc"),
            ];
            using (var writer = new HistoryWriter(path))
            {
                Array.ForEach(events, e => writer.Write(e));
            }

            Assert.Equal(events, HistoryFile.Read(path).Select(e => e with { AtMs = 0 }));
            File.AppendAllText(path, "{\"kind\":\"nothing\"}\n");
            Assert.Contains("line 4", Assert.Throws<InvalidDataException>(() => HistoryFile.Read(path).ToList()).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_checker_refers_to_no_other_part_of_the_network() =>
        Assert.DoesNotContain(typeof(RunChecker).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("ClinicNetwork", StringComparison.Ordinal));
}
