using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using static ClinicNetwork.Grains.Tests.Patients.PatientRows;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>Closings of milestones and windows of visits, as the rows that each command writes beside itself; pure, no silo. The clinic is in Berlin: midnight is 23:00Z, in summer 22:00Z.</summary>
public sealed class DueRowsTests
{
    /// <summary>Of the visits after induction, when its last dose was on day 3.</summary>
    private static readonly string[] LaterWindowsFromDay3 =
    [
        Window("Week4", "2025-02-20T23:00:00Z", "2025-03-07T23:00:00Z"),
        Window("Week8", "2025-03-20T23:00:00Z", "2025-04-04T22:00:00Z"),
        Window("Week12", "2025-04-17T22:00:00Z", "2025-05-02T22:00:00Z"),
        Window("Week26", "2025-07-17T22:00:00Z", "2025-08-15T22:00:00Z"),
        Window("Week52", "2026-01-15T23:00:00Z", "2026-02-13T23:00:00Z"),
        Window("Year2", "2026-12-31T23:00:00Z", "2027-02-26T23:00:00Z"),
        Window("Year3", "2027-12-30T23:00:00Z", "2028-02-25T23:00:00Z"),
        Window("Year4", "2028-12-28T23:00:00Z", "2029-02-23T23:00:00Z"),
        Window("Year5", "2029-12-27T23:00:00Z", "2030-02-22T23:00:00Z"),
    ];

    [Fact]
    public void A_first_dose_sets_every_closing_and_every_window() => Expect(
        [Dosed(0)],
        [
            .. Closing("EndOfInduction", "2025-03-06T23:00:00Z"),
            Window("EndOfInduction", "2025-01-19T23:00:00Z", "2025-02-06T23:00:00Z"),
            .. Closing("Week4", "2025-04-01T22:00:00Z"),
            Window("Week4", "2025-02-17T23:00:00Z", "2025-03-04T23:00:00Z"),
            .. Closing("Week8", "2025-04-29T22:00:00Z"),
            Window("Week8", "2025-03-17T23:00:00Z", "2025-04-01T22:00:00Z"),
            .. Closing("Week12", "2025-05-27T22:00:00Z"),
            Window("Week12", "2025-04-14T22:00:00Z", "2025-04-29T22:00:00Z"),
            .. Closing("Week26", "2025-09-09T22:00:00Z"),
            Window("Week26", "2025-07-14T22:00:00Z", "2025-08-12T22:00:00Z"),
            .. Closing("Week52", "2026-03-10T23:00:00Z"),
            Window("Week52", "2026-01-12T23:00:00Z", "2026-02-10T23:00:00Z"),
            .. Closing("Year2", "2027-03-23T23:00:00Z"),
            Window("Year2", "2026-12-28T23:00:00Z", "2027-02-23T23:00:00Z"),
            .. Closing("Year3", "2028-03-21T23:00:00Z"),
            Window("Year3", "2027-12-27T23:00:00Z", "2028-02-22T23:00:00Z"),
            .. Closing("Year4", "2029-03-20T23:00:00Z"),
            Window("Year4", "2028-12-25T23:00:00Z", "2029-02-20T23:00:00Z"),
            .. Closing("Year5", "2030-03-19T23:00:00Z"),
            Window("Year5", "2029-12-24T23:00:00Z", "2030-02-19T23:00:00Z"),
            .. NorthChanged,
        ],
        Enrolled,
        Planned,
        Started(0));

    [Fact]
    public void A_second_dose_moves_the_windows_and_leaves_the_closings() => Expect(
        [Dosed(3)],
        [
            Window("EndOfInduction", "2025-01-22T23:00:00Z", "2025-02-09T23:00:00Z"),
            .. LaterWindowsFromDay3,
            .. NorthChanged,
        ],
        Enrolled,
        Planned,
        Started(0),
        Dosed(0),
        Started(3));

    [Fact]
    public void An_earlier_dose_recorded_late_moves_the_closings_and_leaves_the_windows() => Expect(
        [Dosed(-3)],
        [
            .. Closing("EndOfInduction", "2025-03-03T23:00:00Z"),
            .. Closing("Week4", "2025-03-29T23:00:00Z"),
            .. Closing("Week8", "2025-04-26T22:00:00Z"),
            .. Closing("Week12", "2025-05-24T22:00:00Z"),
            .. Closing("Week26", "2025-09-06T22:00:00Z"),
            .. Closing("Week52", "2026-03-07T23:00:00Z"),
            .. Closing("Year2", "2027-03-20T23:00:00Z"),
            .. Closing("Year3", "2028-03-18T23:00:00Z"),
            .. Closing("Year4", "2029-03-17T23:00:00Z"),
            .. Closing("Year5", "2030-03-16T23:00:00Z"),
            .. NorthChanged,
        ],
        Enrolled,
        Planned,
        Started(0),
        Dosed(0),
        Started(-3));

    [Fact]
    public void A_dose_recorded_after_a_milestone_closed_leaves_that_one_alone() => Expect(
        [Dosed(3)],
        [
            .. LaterWindowsFromDay3,
            .. NorthChanged,
        ],
        Enrolled,
        Planned,
        Started(0),
        Dosed(0),
        Started(3),
        Closed(Milestone.EndOfInduction, null));

    [Fact]
    public void A_dose_beyond_the_planned_number_changes_no_date() => Expect(
        [Dosed(27)],
        NorthChanged,
        [Enrolled, Planned, .. Enumerable.Range(0, 6).SelectMany(i => (IEvent[])[Started(i * 3), Dosed(i * 3)]), Started(27)]);

    [Fact]
    public void Fewer_planned_sessions_move_the_windows_back()
    {
        var fewer = new PlanRevised(Planned.Plan with { InductionSessions = 1, Revision = 2 });
        Expect(
            [fewer],
            [
                Window("EndOfInduction", "2025-01-19T23:00:00Z", "2025-02-06T23:00:00Z"),
                Window("Week4", "2025-02-17T23:00:00Z", "2025-03-04T23:00:00Z"),
                Window("Week8", "2025-03-17T23:00:00Z", "2025-04-01T22:00:00Z"),
                Window("Week12", "2025-04-14T22:00:00Z", "2025-04-29T22:00:00Z"),
                Window("Week26", "2025-07-14T22:00:00Z", "2025-08-12T22:00:00Z"),
                Window("Week52", "2026-01-12T23:00:00Z", "2026-02-10T23:00:00Z"),
                Window("Year2", "2026-12-28T23:00:00Z", "2027-02-23T23:00:00Z"),
                Window("Year3", "2027-12-27T23:00:00Z", "2028-02-22T23:00:00Z"),
                Window("Year4", "2028-12-25T23:00:00Z", "2029-02-20T23:00:00Z"),
                Window("Year5", "2029-12-24T23:00:00Z", "2030-02-19T23:00:00Z"),
                "FeedReference(Site=\"clinics/north\", Kind=Changed, PlanChanged=True)",
            ],
            Enrolled,
            Planned,
            Started(0),
            Dosed(0),
            Started(3),
            Dosed(3));
    }

    [Theory]
    [InlineData(14, "EndOfInduction")]
    [InlineData(31, "EndOfInduction")]
    [InlineData(43, "Week4")]
    [InlineData(57, "Week4")]
    [InlineData(400, "Week52")]
    [InlineData(722, "Year2")]
    [InlineData(1870, "Year5")]
    public void An_answer_in_a_window_does_the_visit(int day, string milestone) => Expect(
        [Assessed(day, 9)], [$"FollowUpDone(Milestone=\"{milestone}\")", .. NorthChanged], Enrolled, Planned, Started(0), Dosed(0));

    [Theory]
    [InlineData(-1)]
    [InlineData(13)]
    [InlineData(32)]
    [InlineData(42)]
    [InlineData(58)]
    [InlineData(401)]
    [InlineData(721)]
    [InlineData(1871)]
    public void An_answer_outside_the_windows_does_no_visit(int day) => Expect([Assessed(day, 9)], NorthChanged, Enrolled, Planned, Started(0), Dosed(0));

    [Fact]
    public void An_answer_before_any_dose_does_no_visit() => Expect([Assessed(0, 9)], NorthChanged, Enrolled);

    [Fact]
    public void A_missed_visit_is_dealt_with() => Expect(
        [new VisitMissed(Milestone.Week8, MissingReason.Declined, Commands.OnDay(80))],
        ["FollowUpDone(Milestone=\"Week8\")", .. NorthChanged],
        Enrolled);

    /// <summary>Day 20 after the dose of day 0 is day 17 after the dose of day 3: inside the window both before and after it moved.</summary>
    [Fact]
    public void A_visit_stays_done_when_its_answer_is_in_the_window_that_a_late_dose_moved() => Expect(
        [Dosed(3)],
        [
            Window("EndOfInduction", "2025-01-22T23:00:00Z", "2025-02-09T23:00:00Z"),
            "FollowUpDone(Milestone=\"EndOfInduction\")",
            .. LaterWindowsFromDay3,
            .. NorthChanged,
        ],
        Enrolled,
        Planned,
        Started(0),
        Dosed(0),
        Assessed(20, 9),
        Started(3));

    [Fact]
    public void A_visit_that_a_retracted_answer_had_done_is_open_again()
    {
        var rows = Projected([Wrong("a26")], [.. Treated, Assessed(26, 9)]);
        Assert.Contains(Window("EndOfInduction", "2025-01-29T23:00:00Z", "2025-02-16T23:00:00Z"), rows);
        Assert.DoesNotContain("FollowUpDone(Milestone=\"EndOfInduction\")", rows);
        Assert.DoesNotContain(rows, r => r.StartsWith("Due", StringComparison.Ordinal));
    }

    [Fact]
    public void A_visit_that_another_answer_did_or_that_was_missed_stays_done()
    {
        var rows = Projected([Wrong("a26")], [.. Treated, Assessed(26, 9), Assessed(27, 9), new VisitMissed(Milestone.Week4, MissingReason.Declined, Commands.OnDay(60))]);
        Assert.Equal(["EndOfInduction", "Week4"], rows.Where(r => r.StartsWith("FollowUpDone", StringComparison.Ordinal)).Select(r => r.Split('"')[1]));
    }

    [Fact]
    public void Without_any_dose_nothing_is_due() => Expect(
        [new FactEnteredInError(new(FactKind.Session, "s0", 0), "of another patient", "north-1", Commands.OnDay(1), null)],
        [.. MilestoneSchedule.All.SelectMany(m => (string[])[$"DueDone(Kind=\"milestone:{m}\")", $"FollowUpDone(Milestone=\"{m}\")"]), .. NorthChanged],
        [Enrolled, Planned, Started(0), Dosed(0)]);
}
