using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.FollowUps;

/// <summary>Whole calendars worked out by hand from the rules' texts; a line is rule, occurrence, first and last clinic day from the first dose, state, answer or reason.</summary>
public sealed class GoldenCalendarTests
{
    /// <summary>Six infusions on days 0 to 11, read on day 60. Answers are a-1 to a-5; the last induction dose is day 11, day 22 after it day 33.</summary>
    [Fact]
    public void Six_infusions()
    {
        var chart = Chart.Planned().Doses(0, 2, 4, 7, 9, 11).Answer(-1, 20).Answer(2, 17).Answer(4, 15).Answer(7, 14, hour: 11).Answer(8, 14).Answer(30, 9)
            .Missed(Milestone.Week4, MissingReason.Declined, 56);
        chart.Answered(ScaleKind.LongTermSafety, "l-1", chart.At(-3)).Answered(ScaleKind.LongTermSafety, "l-2", chart.At(58));

        string[] lines =
        [
            "liver-panel-baseline 1 -30..0 Missed NotAttended",
            "long-term-safety-baseline 1 -30..0 Done l-1",
            "phq9-baseline 1 -30..0 Done a-1",
            "phq9-before-session 2 1..2 Done a-2",
            "urinary-before-session 2 1..2 Missed NotAttended",
            "phq9-after-first-dose 1 1..3 Done a-2",
            "phq9-before-session 3 3..4 Done a-3",
            "urinary-before-session 3 3..4 Missed NotAttended",
            "phq9-before-session 4 6..7 Missed NotAttended", // a-4 came an hour after the dose
            "urinary-before-session 4 6..7 Missed NotAttended",
            "phq9-before-session 5 8..9 Done a-5",
            "urinary-before-session 5 8..9 Missed NotAttended",
            "phq9-before-session 6 10..11 Missed NotAttended",
            "urinary-before-session 6 10..11 Missed NotAttended",
            "long-term-safety 1 21..35 Missed NotAttended",
            "phq9-end-of-induction 1 25..42 Done a-6",
            "phq9-two-weekly 1 43..51 Missed NotAttended",
            "long-term-safety 2 49..63 Done l-2",
            "phq9-two-weekly 2 54..68 Missed Declined",
            "phq9-two-weekly 3 71..79 Upcoming",
            "liver-panel 1 77..105 Upcoming",
            "long-term-safety 3 77..91 Upcoming",
            "misuse-screen 1 77..105 Upcoming",
            "phq9-two-weekly 4 82..96 Upcoming",
            "phq9-monthly 1 110..124 Upcoming",
            "phq9-monthly 2 145..159 Upcoming",
            "cognition-test 1 161..203 Upcoming",
            "liver-panel 2 168..196 Upcoming",
            "misuse-screen 2 168..196 Upcoming",
            "phq9-monthly 3 180..194 Upcoming",
            "phq9-monthly 4 201..229 Upcoming",
            "phq9-three-monthly 1 292..320 Upcoming",
            "cognition-test 2 343..385 Upcoming",
            "liver-panel 3 344..386 Upcoming",
            "phq9-three-monthly 2 383..411 Upcoming",
            "phq9-three-monthly 3 474..502 Upcoming",
            "liver-panel 4 709..751 Upcoming",
        ];
        Assert.Equal(lines, Calendar.Lines(chart.State, chart.At(60), chart.At(0)));
    }

    /// <summary>Eight sprays on days 0 to 24, one PHQ-9 with item 9 on day 13, ended on day 40 by the afternoon, read on day 50.</summary>
    [Fact]
    public void Eight_sprays_of_esketamine_and_an_end()
    {
        var chart = Chart.Planned(esketamine: true).Answer(-10, 24).Doses(0, 3, 7, 10).Answer(13, 25).Doses(14, 17, 21, 24).Answer(37, 12).End(40, hour: 15).Answer(44, 13);
        chart.Answered(ScaleKind.CssrsScreener, "c-1", chart.At(13, 18));

        string[] lines =
        [
            "liver-panel-baseline 1 -30..0 Missed NotAttended",
            "long-term-safety-baseline 1 -30..0 Missed NotAttended",
            "phq9-baseline 1 -30..0 Done a-1",
            "phq9-after-first-dose 1 1..3 Missed NotAttended",
            "phq9-before-session 2 2..3 Missed NotAttended",
            "urinary-before-session 2 2..3 Missed NotAttended",
            "phq9-before-session 3 6..7 Missed NotAttended",
            "urinary-before-session 3 6..7 Missed NotAttended",
            "phq9-before-session 4 9..10 Missed NotAttended",
            "urinary-before-session 4 9..10 Missed NotAttended",
            "phq9-before-session 5 13..14 Done a-2",
            "urinary-before-session 5 13..14 Missed NotAttended",
            "cssrs-after-item-9 1 13..13 Done c-1",
            "phq9-before-session 6 16..17 Missed NotAttended",
            "urinary-before-session 6 16..17 Missed NotAttended",
            "phq9-before-session 7 20..21 Missed NotAttended",
            "urinary-before-session 7 20..21 Missed NotAttended",
            "long-term-safety 1 21..35 Missed NotAttended",
            "phq9-before-session 8 23..24 Missed NotAttended",
            "urinary-before-session 8 23..24 Missed NotAttended",
            "phq9-after-last-dose 2 35..41 Done a-3", // the first, on days 28 to 34, was over before the end
            "phq9-end-of-induction 1 38..55 Done a-4",
            "phq9-after-last-dose 3 42..48 Done a-4",
            "phq9-after-last-dose 4 49..55 Due",
            "phq9-after-last-dose 5 56..62 Upcoming",
            "phq9-two-weekly 1 56..64 Upcoming",
            "phq9-after-last-dose 6 63..69 Upcoming",
            "phq9-two-weekly 2 67..81 Upcoming",
            "phq9-after-last-dose 7 70..76 Upcoming",
            "phq9-after-last-dose 8 77..83 Upcoming",
            "phq9-two-weekly 3 84..92 Upcoming",
            "phq9-two-weekly 4 95..109 Upcoming",
            "phq9-monthly 1 123..137 Upcoming",
            "phq9-monthly 2 158..172 Upcoming",
            "phq9-monthly 3 193..207 Upcoming",
            "phq9-monthly 4 214..242 Upcoming",
            "phq9-three-monthly 1 305..333 Upcoming",
            "phq9-three-monthly 2 396..424 Upcoming",
        ];
        Assert.Equal(lines, Calendar.Lines(chart.State, chart.At(50), chart.At(0)));
    }

    [Fact]
    public void Before_the_first_dose_there_is_nothing_but_a_screen_that_an_answer_asks_for()
    {
        var chart = Chart.Planned().Answer(-3, 20);
        Assert.Empty(Calendar.Lines(chart.State, chart.At(0), chart.At(0)));
        Assert.Equal(["cssrs-after-item-9 1 -2..-2 Overdue"], Calendar.Lines(chart.Answer(-2, 27).State, chart.At(0), chart.At(0)));
    }
}
