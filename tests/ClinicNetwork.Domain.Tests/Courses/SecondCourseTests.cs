using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Courses;

/// <summary>A later course is one of the patient's, with its own plan, baseline and outcomes; what is not a course's goes on over all.</summary>
public sealed class SecondCourseTests
{
    /// <summary>Six doses from day 0, 20 before and 8 after; ended on day 100; again from day 200, 18 before and 17 after.</summary>
    private static Chart Twice() => Chart.Planned().Answer(-1, 20).Doses(0, 2, 4, 7, 9, 11).Answer(30, 8).End(100)
        .Answer(190, 18).BeginCourse().Doses(200, 202, 204, 207, 209, 211).Answer(230, 17);

    [Fact]
    public void Each_course_has_its_own_baseline_doses_and_judgements()
    {
        var state = Twice().State;
        var (first, second) = (state.InCourse(1), state.InCourse(2));

        Assert.Equal((20, 18), (OutcomeEvaluation.Baseline(first), OutcomeEvaluation.Baseline(second)));
        Assert.Equal((6, 6), (first.Sessions.Length, second.Sessions.Length));
        Assert.True(OutcomeEvaluation.Evaluate(first, Milestone.EndOfInduction)!.Response);
        Assert.Equal((17, false), (OutcomeEvaluation.Evaluate(second, Milestone.EndOfInduction)!.Phq9, OutcomeEvaluation.Evaluate(second, Milestone.EndOfInduction)!.Response));
        Assert.DoesNotContain(first.Assessments, a => a.Total == 17);
        Assert.Same(second, state);
    }

    [Fact]
    public void A_milestone_of_an_earlier_course_closes_in_it_and_is_missing_once_another_treatment_began()
    {
        var chart = Twice().Answer(440, 3);
        foreach (var course in (int[])[1, 2])
            chart.Do(new CloseMilestone(Milestone.EndOfInduction, course)).Do(new CloseMilestone(Milestone.Week52, course));

        var (first, second) = (chart.State.InCourse(1).Outcomes, chart.State.InCourse(2).Outcomes);
        Assert.Equal([(8, null), ((int?)null, MissingReason.LeftTreatment)], first.Select(o => (o.Phq9, o.Missing)));
        Assert.Equal([(17, null), ((int?)null, MissingReason.NotAttended)], second.Select(o => (o.Phq9, o.Missing)));
        Assert.Equal("MILESTONE_CLOSED", chart.Try(new CloseMilestone(Milestone.Week52, 1)).Refusal?.Reason);
    }

    /// <summary>The first course decides, whatever the later one has.</summary>
    [Fact]
    public void The_place_in_the_pool_is_the_first_courses()
    {
        var chart = Twice();
        chart.Do(new SetResearchConsent([RecipientClass.ResearchRegistry], chart.At(240))).Do(new CloseMilestone(Milestone.EndOfInduction, 2));
        Assert.False(chart.State.InPool);

        Assert.True(chart.Do(new CloseMilestone(Milestone.EndOfInduction, 1)).State.InPool);
    }

    [Fact]
    public void A_session_id_is_one_sessions_for_ever_and_the_spacing_counts_from_the_last_dose_of_whatever_course()
    {
        var chart = Chart.Planned().Doses(0).End(0, 13).BeginCourse();
        Assert.Equal("SESSION_EXISTS", chart.Try(chart.Start(1, "s-1")).Refusal?.Reason);

        var spaced = chart.State with { Plan = chart.State.Plan! with { ProtocolVersion = 2 } };
        var start = chart.Start(1) with { SpO2Percent = 98, FoodMinutes = 480, DrinkMinutes = 480, EscortConfirmed = true };
        Assert.Equal("SPACING_TOO_SHORT", StartSession.Decide(spaced, start, chart.At(3)).Refusal?.Reason);
        Assert.Null(StartSession.Decide(spaced, start with { OccurredAt = chart.At(2) }, chart.At(3)).Refusal);
    }

    [Fact]
    public void What_is_recorded_late_about_an_earlier_session_stands_in_its_course()
    {
        var chart = Chart.Planned();
        chart.Do(chart.Start(0, "s-late")).Do(new CompleteSession(new("s-late"), Given.Calm, chart.At(0, 13))).End(1).BeginCourse();

        chart.Do(new RecordDose(new("s-late"), 40, 40, chart.At(0, 11))).Do(new RecordVitals(new("s-late"), new(chart.At(0, 12), new(190, 100))));

        Assert.Empty(chart.State.Sessions);
        Assert.Equal(40, chart.State.InCourse(1).Sessions.Single().DoseMg);
        Assert.Equal("sessions/s-late/vitals/1", Assert.Single(Assert.Single(chart.State.Alerts).Causes));
    }

    [Fact]
    public void A_warning_looks_at_the_present_courses_baseline_and_best()
    {
        // The 18 before the second course is the first one's, whose best was 8. The 17 in the second one is below its baseline, and no response was there to be lost.
        Assert.Equal(["ClinicalWorsening assessments/a-3", "LossOfResponse assessments/a-3"], CausesOf(Twice()));
        Assert.Equal(["ClinicalWorsening assessments/a-3 assessments/a-5", "LossOfResponse assessments/a-3"], CausesOf(Twice().Answer(231, 23)));

        static IEnumerable<string> CausesOf(Chart chart) => chart.State.Alerts.Where(a => a.Kind != AlertKind.AbruptStop).Select(a => $"{a.Kind} {string.Join(' ', a.Causes)}");
    }
}
