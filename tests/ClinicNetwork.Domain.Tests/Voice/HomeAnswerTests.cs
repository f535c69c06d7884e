using System.Globalization;
using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Voice;

/// <summary>Scales that the patient answers alone: which, when, and what they set off.</summary>
public sealed class HomeAnswerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The last day of a window, day 40 after a dose at 10:00 of the day given, has 23 or 25 hours; no window holds days 41 and 42. The first is day 14, after a day without one. All in UTC, by hand.
    /// </summary>
    [Theory]
    [InlineData("Europe/Berlin", "2025-02-18", "2025-03-03T23:00", "2025-03-30T22:00")]
    [InlineData("Europe/Berlin", "2025-09-16", "2025-09-29T22:00", "2025-10-26T23:00")]
    [InlineData("America/New_York", "2025-01-28", "2025-02-11T05:00", "2025-03-10T04:00")]
    [InlineData("America/New_York", "2025-09-23", "2025-10-07T04:00", "2025-11-03T05:00")]
    [InlineData("Africa/Cairo", "2025-03-16", "2025-03-29T22:00", "2025-04-25T21:00")] // 00:00 of 25 April became 01:00
    public void A_PHQ9_at_home_is_in_the_window_to_its_last_minute_over_both_clock_changes(string zone, string doseDay, string opensUtc, string dueByUtc)
    {
        var (opens, dueBy) = (Utc(opensUtc), Utc(dueByUtc));
        foreach (var (at, outside) in new[] { (opens - Minute, true), (opens, false), (dueBy - Minute, false), (dueBy, true) })
        {
            var chart = Chart.Planned(zone, DateOnly.Parse(doseDay, CultureInfo.InvariantCulture), inductionSessions: 1).Dose(0);
            var answer = (ScaleAnswer)chart.Try(Phq9At(at, 9), at).Answer!;
            Assert.Equal((at, outside), (at, answer.OutsideWindow));
            chart.Do(Phq9At(at, 9), at);
            var home = Assert.Single(HomeAnswers.Of(chart.State));
            Assert.Equal((ScaleKind.Phq9, at, !outside), (home.Scale, home.At, HomeAnswers.IsInWindow(chart.State, home.Scale, home.At, at.AddDays(60))));
            Assert.Equal(at == dueBy - Minute, FollowUps.Calendar.Visit(chart.State, FollowUpCatalogue.TwoWeekly, 1, at.AddDays(60)).Answer == new AssessmentId("home"));
        }
    }

    [Fact]
    public void Item_9_at_home_raises_the_same_alert_as_in_the_clinic_in_any_window()
    {
        foreach (var day in (int[])[-20, 0, 20])
        {
            var (home, clinic) = (Chart.Planned(), Chart.Planned());
            home.Do(Phq9At(home.At(day), 27), home.At(day));
            clinic.Do(Phq9At(clinic.At(day), 27) with { AtHome = false }, clinic.At(day));
            var alert = Assert.Single(home.State.Alerts);
            var same = Assert.Single(clinic.State.Alerts);
            Assert.Equal((AlertKind.RiskScreenDue, "assessments/home", same.DueAt), (alert.Kind, alert.Causes.Single(), alert.DueAt));
        }
    }

    [Fact]
    public void Who_answered_is_kept_and_nothing_else_is_another()
    {
        var (home, clinic) = (Chart.Planned().Doses(0, 2, 4, 7, 9, 11), Chart.Planned().Doses(0, 2, 4, 7, 9, 11));
        home.Do(Phq9At(home.At(30), 9), home.At(31));
        clinic.Do(Phq9At(clinic.At(30), 9) with { AtHome = false }, clinic.At(31));
        Assert.Equal(new HomeAnswer(new AssessmentId("home"), home.At(31)), Assert.Single(home.State.Voice.HomeAnswers));
        Assert.Empty(clinic.State.Voice.HomeAnswers);
        Assert.Equal(clinic.State.Assessments.Single().Items.AsEnumerable(), home.State.Assessments.Single().Items);
        Assert.Equal(
            OutcomeEvaluation.Evaluate(clinic.State, Milestone.EndOfInduction)! with { Definitions = [] }, OutcomeEvaluation.Evaluate(home.State, Milestone.EndOfInduction)! with { Definitions = [] });
    }

    [Fact]
    public void Only_what_asks_for_nobody_is_answered_alone()
    {
        var chart = Chart.Planned();
        var taken = ScaleCatalogue.All.Where(s => chart.Try(new RecordScale(new AssessmentId("x"), s.Kind, ScaleAnswers.Random(s, new Random(7)), chart.At(0)) { AtHome = true }).Accepted).Select(s => s.Kind);
        Assert.Equal([ScaleKind.Phq9, ScaleKind.Gad7, ScaleKind.QidsSr16, ScaleKind.LongTermSafety], taken.Order());
    }

    [Fact]
    public void An_answer_that_was_taken_out_of_the_record_is_no_home_answer_any_more()
    {
        var chart = Chart.Planned();
        chart.Do(Phq9At(chart.At(0), 9), chart.At(0));
        Assert.Empty(HomeAnswers.Of(chart.State with { Assessments = [] }));
    }

    private static RecordScale Phq9At(DateTimeOffset at, int total) =>
        new(new AssessmentId("home"), ScaleKind.Phq9, [.. Given.Items(total).Zip(Phq9.Scale.Items, (value, item) => new ItemAnswer(item.Key, value))], at) { AtHome = true };

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
