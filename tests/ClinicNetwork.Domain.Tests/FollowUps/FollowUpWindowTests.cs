using System.Globalization;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.FollowUps;

/// <summary>Both sides of each edge of the calendar's windows.</summary>
public sealed class FollowUpWindowTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Days 14 to 31 after a dose at 10:00 of the day given; one of the edges lies on a day of 23 or 25 hours.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2025-03-16", "2025-03-29T23:00", "2025-04-16T22:00")]
    [InlineData("Europe/Berlin", "2025-09-25", "2025-10-08T22:00", "2025-10-26T23:00")]
    [InlineData("America/New_York", "2025-02-23", "2025-03-09T05:00", "2025-03-27T04:00")]
    [InlineData("America/New_York", "2025-10-02", "2025-10-16T04:00", "2025-11-03T05:00")]
    [InlineData("Africa/Cairo", "2025-04-11", "2025-04-24T22:00", "2025-05-12T21:00")] // 00:00 of 25 April became 01:00
    [InlineData("Africa/Cairo", "2025-09-29", "2025-10-12T21:00", "2025-10-30T22:00")] // 24:00 of 30 October became 23:00
    public void The_end_of_induction_is_read_in_the_clinics_days_over_both_clock_changes(string zone, string doseDay, string opensUtc, string dueByUtc)
    {
        var (opens, dueBy) = (Utc(opensUtc), Utc(dueByUtc));
        Chart Dosed() => Chart.Planned(zone, DateOnly.Parse(doseDay, CultureInfo.InvariantCulture), inductionSessions: 1).Dose(0);

        var visit = Calendar.Visit(Dosed().State, FollowUpCatalogue.EndOfInduction, 1, opens);
        Assert.Equal((opens, dueBy, Milestone.EndOfInduction), (visit.OpensAt, visit.DueBy, visit.Milestone));
        foreach (var (at, done) in new[] { (opens - Second, false), (opens, true), (dueBy - Second, true), (dueBy, false) })
        {
            var chart = Dosed();
            chart.Do(new RecordAssessment(new AssessmentId("edge"), Given.Items(9), at));
            Assert.Equal((done, at), (Calendar.Visit(chart.State, FollowUpCatalogue.EndOfInduction, 1, at).State == FollowUpState.Done, at));
        }

        foreach (var (now, state) in new[]
        {
            (opens - Second, FollowUpState.Upcoming), (opens, FollowUpState.Due), (dueBy - Second, FollowUpState.Due), (dueBy, FollowUpState.Overdue),
            (dueBy.AddDays(14) - Second - TimeSpan.FromHours(1), FollowUpState.Overdue), (dueBy.AddDays(14).AddHours(1), FollowUpState.Missed),
        })
            Assert.Equal((now, state), (now, Calendar.Visit(Dosed().State, FollowUpCatalogue.EndOfInduction, 1, now).State));
    }

    /// <summary>Hours are hours, also over a clock change: the dose is at 10:00 of 29 March.</summary>
    [Theory]
    [InlineData(24 * 3600 - 1, false)]
    [InlineData(24 * 3600, true)]
    [InlineData(72 * 3600 - 1, true)]
    [InlineData(72 * 3600, false)]
    public void After_the_first_dose_hours_count(int seconds, bool done)
    {
        var chart = Chart.Planned("Europe/Berlin", new DateOnly(2025, 3, 29)).Dose(0);
        chart.Do(new RecordAssessment(new AssessmentId("edge"), Given.Items(9), chart.At(0).AddSeconds(seconds)));
        Assert.Equal(done, Calendar.Visit(chart.State, FollowUpCatalogue.AfterFirstDose, 1, chart.At(5)).State == FollowUpState.Done);
    }

    [Theory]
    [InlineData(2, 23, 59, false)]
    [InlineData(3, 0, 0, true)]
    [InlineData(4, 9, 59, true)]
    [InlineData(4, 10, 0, false)]
    public void Before_a_session_is_its_day_or_the_day_before(int day, int hour, int minute, bool done)
    {
        var chart = Chart.Planned().Doses(0, 4).Answer(day, 9, hour, minute);
        Assert.Equal(done, Calendar.Visit(chart.State, FollowUpCatalogue.BeforeSession, 2, chart.At(5)).State == FollowUpState.Done);
    }

    [Theory]
    [InlineData(-31, 23, false)]
    [InlineData(-30, 0, true)]
    [InlineData(0, 9, true)]
    [InlineData(0, 10, false)]
    public void A_baseline_is_at_most_30_days_old(int day, int hour, bool done)
    {
        var chart = Chart.Planned().Dose(0).Answer(day, 9, hour);
        Assert.Equal(done, Calendar.Visit(chart.State, FollowUpCatalogue.Baseline, 1, chart.At(5)).State == FollowUpState.Done);
    }

    [Fact]
    public void One_answer_between_two_sessions_is_before_the_later_one_alone()
    {
        var chart = Chart.Planned().Doses(0, 1, 2).Answer(1, 9);
        Assert.Equal(FollowUpState.Done, Calendar.Visit(chart.State, FollowUpCatalogue.BeforeSession, 2, chart.At(5)).State);
        Assert.Equal(FollowUpState.Missed, Calendar.Visit(chart.State, FollowUpCatalogue.BeforeSession, 3, chart.At(5)).State);
    }

    [Theory]
    [InlineData(0, 8, false)] // before the answer
    [InlineData(0, 9, true)]
    [InlineData(0, 23, true)]
    [InlineData(1, 0, true)] // late, and still counts
    [InlineData(30, 23, true)]
    [InlineData(31, 0, false)]
    public void A_screen_counts_from_the_answer_on_also_when_it_is_late(int day, int hour, bool done)
    {
        var chart = Chart.Planned().Answer(0, 27);
        chart.Answered(ScaleKind.CssrsScreener, "c", chart.At(day, hour));
        Assert.Equal(done, Calendar.Visit(chart.State, FollowUpCatalogue.RiskScreen, 1, chart.At(40)).State == FollowUpState.Done);
    }

    [Fact]
    public void A_screen_is_due_the_same_day_overdue_the_next_and_answers_no_later_thoughts()
    {
        var chart = Chart.Planned().Answer(0, 27);
        FollowUpState State(int occurrence, DateTimeOffset now) => Calendar.Visit(chart.State, FollowUpCatalogue.RiskScreen, occurrence, now).State;
        Assert.Equal((FollowUpState.Due, FollowUpState.Overdue), (State(1, chart.At(0, 23)), State(1, chart.At(1, 0))));

        chart.Answered(ScaleKind.CssrsScreener, "c-1", chart.At(0, 12));
        Assert.Equal(FollowUpState.Done, State(1, chart.At(0, 13)));
        chart.Answer(0, 26, hour: 17);
        Assert.Equal(FollowUpState.Due, State(1, chart.At(0, 18)));
        chart.Answer(8, 25);
        chart.Answered(ScaleKind.CssrsScreener, "c-2", chart.At(8, 12));
        Assert.Equal((FollowUpState.Missed, FollowUpState.Done), (State(1, chart.At(9)), State(2, chart.At(9))));
        Assert.Empty(FollowUpCalendar.Of(Chart.Planned().Answer(0, 24).State, chart.At(1)));
    }

    /// <summary>Ketamine IV: 2 to 4 days apart in the induction, 5 to 10 from week 4, day 21, on.</summary>
    [Theory]
    [InlineData(new[] { 0 }, 1, 4)]
    [InlineData(new[] { 0, 2, 4 }, 5, 8)]
    [InlineData(new[] { 0, 2, 4, 7, 9, 11 }, 20, 21)]
    [InlineData(new[] { 0, 2, 4, 7, 9, 11, 21 }, 25, 31)]
    [InlineData(new[] { 0, 2, 4, 7, 9, 11, 21, 50 }, 54, 78)]
    public void The_next_session_is_expected_by_the_spacing_of_its_phase(int[] days, int first, int last)
    {
        var chart = Chart.Planned().Doses(days).Answer(days[^1] + 1, 9, hour: 11);
        var next = days.Length + 1;
        FollowUpVisit At(int day, int hour = 10) => Calendar.Visit(chart.State.WithPhases(), FollowUpCatalogue.BeforeSession, next, chart.At(day, hour));

        Assert.Equal((chart.At(first, 0), chart.At(last + 1, 0)), (At(first).OpensAt, At(first).DueBy));
        Assert.Equal((FollowUpState.Due, FollowUpState.Overdue, FollowUpState.Overdue), (At(last, 23).State, At(last + 1, 0).State, At(last + 90).State));
        Assert.DoesNotContain(FollowUpCalendar.Of(chart.End(days[^1] + 1, hour: 12).State.WithPhases(), chart.At(90)), v => v.Rule == FollowUpCatalogue.BeforeSession && v.Occurrence == next);
    }

    [Fact]
    public void What_comes_after_induction_waits_until_no_induction_dose_can_follow()
    {
        var chart = Chart.Planned().Doses(0, 2, 4);
        bool Knows(DateTimeOffset now) => FollowUpCalendar.Of(chart.State, now).Any(v => v.Rule == FollowUpCatalogue.EndOfInduction);
        Assert.Equal((false, true), (Knows(chart.At(28, 23)), Knows(chart.At(29, 0))));
        chart.End(6);
        Assert.True(Knows(chart.At(7)));
    }

    [Fact]
    public void Whoever_left_before_is_told_as_such_and_an_answer_counts_more_than_a_reason()
    {
        var chart = Chart.Planned().Doses(0, 2, 4, 7, 9, 11).End(20).Missed(Milestone.EndOfInduction, MissingReason.Unreachable, 30);
        Assert.Equal(MissingReason.LeftTreatment, Calendar.Visit(chart.State, FollowUpCatalogue.TwoWeekly, 1, chart.At(80)).Missing);
        Assert.Equal(MissingReason.Unreachable, Calendar.Visit(chart.State, FollowUpCatalogue.EndOfInduction, 1, chart.At(31)).Missing);
        Assert.Equal(FollowUpState.Done, Calendar.Visit(chart.Answer(40, 9).State, FollowUpCatalogue.EndOfInduction, 1, chart.At(41)).State);
    }

    [Fact]
    public void Rules_have_windows_without_overlap_ids_for_ever_and_a_source()
    {
        Assert.Distinct(FollowUpCatalogue.All.Select(r => r.Key));
        Assert.All(FollowUpCatalogue.All, r =>
        {
            Assert.True(Slug(r.Id));
            Assert.All(r.Windows.Zip(r.Windows.Skip(1)), pair => Assert.True(pair.First.Last < pair.Second.First));
            Assert.True(r.RepeatDays == 0 || r.RepeatDays > r.Windows[^1].Last - r.Windows[^1].First);
            Assert.NotEqual("", r.Source);
        });
    }

    private static bool Slug(string id) => id.Length is >= 1 and <= 40 && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [Theory]
    [InlineData(362, new int[0])]
    [InlineData(363, new[] { 722 })]
    [InlineData(1086, new[] { 722, 1086 })]
    [InlineData(1500, new[] { 722, 1086, 1450, 1814 })]
    public void Years_are_in_the_calendar_from_a_year_before_whether_or_not_treatment_goes_on(int day, int[] opens)
    {
        var chart = Chart.Planned().Doses(0, 2, 4, 7).End(60);
        var visits = FollowUpCalendar.Of(chart.State, FollowUpCatalogue.Yearly, chart.At(day));
        Assert.Equal(opens.Select(o => chart.At(7 + o, 0)), visits.Select(v => v.OpensAt));
    }
}
