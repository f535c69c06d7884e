using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.FollowUps;

/// <summary>Visits by name: repeats, agreed days, and those that did not happen.</summary>
public sealed class VisitTests
{
    private static readonly string SecondWindow = $"{FollowUpCatalogue.Safety.Key}/2";

    /// <summary>By hand: windows of the long-term items open on days 21, 49, 77, ...; on day 1,197 the 43rd does. Those of three months open on days 281 and 372 after induction, then every 91; the last of them so far on day 1,191.</summary>
    [Theory]
    [InlineData(0, 2, 3)]
    [InlineData(48, 2, 3)]
    [InlineData(49, 3, 3)]
    [InlineData(665, 25, 6)]
    [InlineData(1_196, 43, 12)]
    [InlineData(1_197, 44, 12)]
    public void Visits_repeat_as_long_as_treatment_goes_on_and_one_more_is_shown(int day, int safety, int threeMonthly)
    {
        var chart = Chart.Planned(inductionSessions: 4).Doses(0, 0, 0, 0);
        var visits = FollowUpCalendar.Of(chart.State, chart.At(day, 12));
        Assert.Equal(Enumerable.Range(1, safety), visits.Where(v => v.Rule == FollowUpCatalogue.Safety).Select(v => v.Occurrence));
        Assert.Equal(Enumerable.Range(1, threeMonthly), visits.Where(v => v.Rule == FollowUpCatalogue.ThreeMonthly).Select(v => v.Occurrence));
    }

    [Fact]
    public void An_agreed_day_is_shown_and_opens_the_visit_in_the_worklist_and_an_answer_before_it_counts()
    {
        var chart = Chart.Planned().Dose(0);
        var day = chart.State.DayOf(chart.At(60));
        chart.Do(new RescheduleVisit(SecondWindow, day, "Away until then", chart.At(50)), chart.At(50));

        var visit = Visit(chart, SecondWindow, 55);
        Assert.Equal((FollowUpState.Due, day), (visit.State, visit.PlannedOn));
        Assert.Equal(chart.At(60, hour: 0), Assert.Single(FollowUpCalendar.OpenOf(chart.State), v => v.Name == SecondWindow).OpensAt);

        chart.Answered(ScaleKind.LongTermSafety, "x-1", chart.At(55));
        Assert.Equal(FollowUpState.Done, Visit(chart, SecondWindow, 56).State);
        Assert.DoesNotContain(FollowUpCalendar.OpenOf(chart.State), v => v.Name == SecondWindow);
    }

    /// <summary>A dose recorded later moves the windows after induction: a day outside the new one is no agreed day any more.</summary>
    [Fact]
    public void An_agreed_day_holds_as_long_as_the_window_has_it()
    {
        var chart = Chart.Planned().Doses(0, 2, 4);
        var name = $"{FollowUpCatalogue.TwoWeekly.Key}/1";
        chart.Do(new RescheduleVisit(name, chart.State.DayOf(chart.At(36)), "Away", chart.At(31)), chart.At(31));
        Assert.NotNull(Visit(chart, name, 33).PlannedOn);
        chart.Dose(20);
        Assert.Null(Visit(chart, name, 33).PlannedOn);
    }

    [Fact]
    public void A_visit_that_was_missed_is_not_asked_after_and_a_later_answer_in_its_window_counts()
    {
        var chart = Chart.Planned().Dose(0).Do(new RecordMissedVisit(default, MissingReason.Unreachable, new Chart().At(50), SecondWindow), new Chart().At(50));
        Assert.Equal((FollowUpState.Missed, MissingReason.Unreachable), (Visit(chart, SecondWindow, 51).State, Visit(chart, SecondWindow, 51).Missing!.Value));
        Assert.DoesNotContain(FollowUpCalendar.OpenOf(chart.State), v => v.Name == SecondWindow);
        chart.Answered(ScaleKind.LongTermSafety, "x-1", chart.At(55));
        Assert.Equal(FollowUpState.Done, Visit(chart, SecondWindow, 56).State);
    }

    [Fact]
    public void A_visit_with_a_milestone_is_missed_as_its_milestone()
    {
        var chart = Chart.Planned().Dose(0).Do(new RecordMissedVisit(default, MissingReason.Declined, new Chart().At(60), $"{FollowUpCatalogue.TwoWeekly.Key}/2"), new Chart().At(60));
        Assert.Equal(Milestone.Week4, Assert.Single(chart.State.MissedVisits).Milestone);
        Assert.Empty(chart.State.FollowUpMisses);
    }

    /// <summary>Its name is its day, so that an older answer recorded later does not rename it.</summary>
    [Fact]
    public void A_risk_screen_is_named_by_its_day()
    {
        var chart = Chart.Planned().Answer(5, 27);
        var name = $"{FollowUpCatalogue.RiskScreen.Key}/2025-02-08";
        Assert.Equal(1, Visit(chart, name, 6).Occurrence);
        chart.Answer(3, 27);
        Assert.Equal(2, Visit(chart, name, 6).Occurrence);
        // In the worklist it stands as its alert.
        Assert.Empty(FollowUpCalendar.OpenOf(chart.State));
    }

    [Fact]
    public void A_session_says_what_it_needs_next()
    {
        var (chart, id) = (LaterSession.Planned(ProtocolCatalogue.KetamineIv2), LaterSession.Id);
        chart.Do(LaterSession.Start(chart));
        Assert.Equal((SessionStage.Cleared, (DateTimeOffset?)null), (SessionProgress.Of(chart.State, id)!.Stage, SessionProgress.Of(chart.State, id)!.ObservedUntil));

        chart.Do(new RecordDose(id, chart.State.Sessions[0].PlannedDoseMg, 40, chart.At(0)));
        var rules = chart.State.Plan!.MadeFrom.Rules;
        var dosed = SessionProgress.Of(chart.State, id)!;
        Assert.Equal(rules.Monitoring.Select(m => (m.Minute, chart.At(0).AddMinutes(m.FromMinute), m.Signs)), dosed.Readings.Select(r => (r.Minute, r.From, r.Missing)));
        Assert.Equal(rules.Checklist, dosed.Checklist);
        Assert.Equal(chart.At(0).AddMinutes(chart.State.Plan.MadeFrom.ObservationMinutesMin), dosed.ObservedUntil);

        var first = rules.Monitoring[0];
        chart.Do(new RecordVitals(id, new(chart.At(0).AddMinutes(first.FromMinute), Given.Calm)));
        Assert.Equal(first.Signs & ~VitalSigns.BloodPressure, SessionProgress.Of(chart.State, id)!.Readings[0].Missing);
        chart.Do(new RecordSideEffect(new(id, SideEffectKind.Headache, SideEffectSeverity.Severe, chart.At(0).AddMinutes(5), 0, "")));
        Assert.Equal([1], SessionProgress.Of(chart.State, id)!.Unresolved.AsEnumerable());
        chart.Do(new RecordLeaving(id, LeavingKind.AgainstAdvice, "Would not wait", chart.At(0).AddMinutes(30)));
        Assert.Null(SessionProgress.Of(chart.State, id));
    }

    private static FollowUpVisit Visit(Chart chart, string name, int day) => FollowUpCalendar.Find(chart.State, name, chart.At(day))!;
}
