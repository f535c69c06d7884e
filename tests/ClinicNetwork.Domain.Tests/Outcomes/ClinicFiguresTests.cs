using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Tests.Outcomes;

/// <summary>A clinic's own figures by hand: everybody in one column, few nowhere.</summary>
public sealed class ClinicFiguresTests
{
    private static IEnumerable<CourseOutcomes> Some(int persons, string protocol, MissingReason? missing, bool response = false, bool remission = false, bool worsening = false) =>
        Enumerable.Range(0, persons).Select(_ => new CourseOutcomes(
            protocol, [new MilestoneOutcome(Milestone.EndOfInduction, missing, 20, missing is null ? 10 : null, response, remission, worsening, [])]));

    [Fact]
    public void Everybody_is_counted_once_and_few_are_not_shown()
    {
        var table = Assert.Single(ClinicFigures.Of(
        [
            .. Some(20, "ketamine-iv", null, response: true, remission: true), .. Some(30, "ketamine-iv", null, response: true), .. Some(40, "ketamine-iv", null),
            .. Some(5, "ketamine-iv", null, worsening: true), .. Some(12, "ketamine-iv", MissingReason.Declined), .. Some(50, "esketamine-nasal", null, response: true),
            .. Some(25, "esketamine-nasal", null),
        ]));

        Assert.Equal(["esketamine-nasal", "ketamine-iv"], table.Protocols.ToArray());
        Assert.Equal((75, 107, 182), (table.Shown.RowTotals[0], table.Shown.RowTotals[1], table.Shown.Total));
        Assert.Null(table.Shown.Counts[1][ClinicFigures.Columns.IndexOf("WORSENING")]);
        Assert.Equal(40, table.Shown.Counts[1][ClinicFigures.Columns.IndexOf("NO_CHANGE")]);
        Assert.True(table.Shown.Counts[1].Count(c => c is null) >= 2);
    }

    [Fact]
    public void Every_reason_and_every_milestone_has_its_place()
    {
        var all = Enum.GetValues<MissingReason>().SelectMany(reason => Some(12, "p", reason)).ToArray();
        Assert.Equal(Enum.GetValues<MissingReason>().Length, ClinicFigures.Of(all)[0].Shown.Counts[0].Count(c => c == 12));
        Assert.Empty(ClinicFigures.Of([]));
        Assert.Equal(MilestoneSchedule.All, ClinicFigures.Of([new CourseOutcomes("p", [.. MilestoneSchedule.All.Select(m => new MilestoneOutcome(m, MissingReason.Declined, null, null, false, false, false, []))])])
            .Select(t => t.Milestone));
    }
}
