using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.FollowUps;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Voice;

/// <summary>Why a visit was not answered, in the calendar and in outcomes.</summary>
public sealed class ExplainedVisitTests
{
    private static readonly FollowUpRule Rule = FollowUpCatalogue.EndOfInduction;

    [Theory]
    [InlineData(VisitReason.Declined, MissingReason.Declined)]
    [InlineData(VisitReason.Unwell, MissingReason.NotAttended)]
    [InlineData(VisitReason.Burden, MissingReason.NotAttended)]
    public void What_was_told_is_shown_flows_into_the_milestone_and_an_answer_in_the_window_still_counts(VisitReason reason, MissingReason missing)
    {
        var chart = Course();
        chart.Do(Told(chart, 30, reason), chart.At(30));
        var visit = Calendar.Visit(chart.State, Rule, 1, chart.At(30));
        Assert.Equal((FollowUpState.Missed, reason, missing), (visit.State, visit.Explained, visit.Missing));
        Assert.Equal((false, missing), (OutcomeOf(chart).Measured, OutcomeOf(chart).Missing));

        chart.Answer(40, 9);
        visit = Calendar.Visit(chart.State, Rule, 1, chart.At(41));
        Assert.Equal((FollowUpState.Done, reason, null), (visit.State, visit.Explained, visit.Missing));
        Assert.True(OutcomeOf(chart).Measured);
    }

    [Fact]
    public void The_last_that_was_told_counts_and_what_is_recorded_for_the_milestone_counts_more()
    {
        var chart = Course();
        chart.Do(Told(chart, 30, VisitReason.Declined), chart.At(30));
        chart.Do(Told(chart, 31, VisitReason.Forgot), chart.At(31));
        Assert.Equal(MissingReason.NotAttended, OutcomeOf(chart).Missing);
        chart.Do(Told(chart, 32, VisitReason.Declined), chart.At(32));
        Assert.Equal(MissingReason.Declined, OutcomeOf(chart).Missing);
        chart.Missed(Milestone.EndOfInduction, MissingReason.Unreachable, 20);
        Assert.Equal(MissingReason.Unreachable, OutcomeOf(chart).Missing);
        Assert.Equal(MissingReason.Unreachable, Calendar.Visit(chart.State, Rule, 1, chart.At(40)).Missing);
    }

    /// <summary>Nobody who forgot an answer hides that the patient left.</summary>
    [Fact]
    public void A_reason_that_says_no_more_than_is_derived_changes_no_outcome()
    {
        var (told, silent) = (Course(), Course());
        told.Do(Told(told, 28, VisitReason.Forgot), told.At(28));
        Assert.Equal(MissingReason.LeftTreatment, OutcomeOf(told.End(30)).Missing);
        Assert.Equal(OutcomeOf(silent.End(30)) with { Definitions = [] }, OutcomeOf(told) with { Definitions = [] });
    }

    [Fact]
    public void A_screen_that_a_clinician_owes_is_explained_by_the_clinic_alone()
    {
        var chart = Chart.Planned().Answer(0, 27);
        var told = new ExplainVisit(FollowUpCatalogue.RiskScreen.Key, 1, VisitReason.Declined, "", chart.At(0, 12), AtHome: true);
        Assert.Equal("SCALE_NOT_SELF_RATED", chart.Try(told, chart.At(0, 12)).Refusal!.Reason);
        chart.Do(told with { AtHome = false }, chart.At(0, 12));
        Assert.True(chart.State.Alerts.Single().IsOpen);
    }

    private static Chart Course() => Chart.Planned().Answer(-1, 20).Doses(0, 2, 4, 7, 9, 11);

    private static ExplainVisit Told(Chart chart, int day, VisitReason reason) => new(Rule.Key, 1, reason, "", chart.At(day), AtHome: true);

    private static MilestoneOutcome OutcomeOf(Chart chart) => OutcomeEvaluation.Evaluate(chart.State, Milestone.EndOfInduction)!;
}
