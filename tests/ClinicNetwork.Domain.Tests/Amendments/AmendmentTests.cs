using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Amendments;

/// <summary>What changes when a fact is marked or amended, hand-worked: PHQ-9 of 20 before the first dose, then an induction of four doses on days 0, 3, 7 and 10.</summary>
public sealed class AmendmentTests
{
    [Fact]
    public void A_closed_milestone_is_read_anew_and_what_it_was_is_kept()
    {
        var chart = Treated().Answer(30, 9);
        var closed = chart.Close();
        Assert.True(closed is { Phq9: 9, Response: true });

        var answer = Assert.IsType<AmendmentAnswer>(Do(chart, Amend("assessments/a-2", new(Scale: Phq9("a-9", chart.At(30, 9), 15)))).Answer);

        Assert.Equal(Milestone.EndOfInduction, Assert.Single(answer.Revised));
        Assert.True(chart.State.Outcomes.Single() is { Phq9: 15, Response: false });
        Assert.Equal((closed, 1), chart.State.RevisedOutcomes.Select(r => (r.Was, r.Retraction)).Single());
        var kept = chart.State.Retracted.Single();
        Assert.Equal((1, "assessments/a-2", "assessments/a-9", 9, "home-1"), (kept.Number, $"{kept.Fact}", $"{kept.ReplacedBy}", kept.Assessment!.Total, kept.Actor));
        Assert.Equal(9, Retraction.AsFirstRecorded(chart.State).Assessments.Single(a => a.Id.Value == "a-2").Total);
    }

    [Fact]
    public void A_milestone_whose_answer_was_of_another_patient_is_missing()
    {
        var chart = Treated().Answer(30, 9);
        chart.Close();
        chart.Do(Mark("assessments/a-2"));
        Assert.Equal(MissingReason.NotAttended, chart.State.Outcomes.Single().Missing);
        chart.Do(Mark("assessments/a-1"));
        Assert.Equal(MissingReason.BaselineMissing, chart.State.Outcomes.Single().Missing);
        Assert.Equal([1, 2], chart.State.RevisedOutcomes.Select(r => r.Retraction));
    }

    [Fact]
    public void A_visit_that_a_retracted_answer_had_done_is_asked_for_again()
    {
        var chart = Treated().Answer(30, 9);
        Assert.Contains(FollowUpCalendar.Of(chart.State, chart.At(31)), v => v.Answer?.Value == "a-2");
        var done = FollowUpCalendar.Of(chart.State, chart.At(31)).Where(v => v.Answer?.Value == "a-2").Select(v => (v.Rule, v.Occurrence)).ToHashSet();
        chart.Do(Mark("assessments/a-2"), chart.At(31));
        Assert.All(FollowUpCalendar.Of(chart.State, chart.At(31)).Where(v => done.Contains((v.Rule, v.Occurrence))), v => Assert.NotEqual(FollowUpState.Done, v.State));
    }

    [Fact]
    public void A_number_is_one_side_effects_for_good()
    {
        var chart = Treated();
        foreach (var minutes in (int[])[10, 20, 30])
            chart.Do(new RecordSideEffect(new(new("s-1"), SideEffectKind.Nausea, SideEffectSeverity.Mild, chart.At(0, 10, minutes), 0, $"{minutes}")));
        chart.Do(Mark("side-effects/2"));
        chart.Do(new ResolveSideEffect(3, "", chart.At(0, 11)));
        Assert.Equal("30", chart.State.SideEffects.Single(e => e.ResolvedAt is not null).Note);
        Assert.Equal("SIDE_EFFECT_UNKNOWN", chart.Try(new ResolveSideEffect(2, "", chart.At(0, 11))).Refusal?.Reason);
        var amended = Do(chart, Amend("side-effects/1", new(SideEffect: new(new(new("s-1"), SideEffectKind.Headache, SideEffectSeverity.Mild, chart.At(0, 10, 5), 5, "right")))));
        Assert.Equal("side-effects/4", $"{Assert.IsType<AmendmentAnswer>(amended.Answer).ReplacedBy}");
        Assert.Equal([3, 4], chart.State.SideEffects.Select((_, i) => FactNumbers.At(chart.State, FactKind.SideEffect, "", i).Number));
        Assert.Equal("right", chart.State.SideEffects[FactNumbers.IndexOf(chart.State, new(FactKind.SideEffect, "", 4))].Note);
    }

    [Fact]
    public void A_session_that_never_was_goes_with_all_of_it_and_its_id_is_not_given_again()
    {
        var chart = Chart.Planned().Answer(-1, 20);
        chart.Do(new StartSession(new("s-1"), Given.Home, true, new(185, 90), 80, "Weighed", chart.At(0, 9)));
        chart.Do(new RecordDose(new("s-1"), 40, 40, chart.At(0)));
        chart.Do(new RecordVitals(new("s-1"), new(chart.At(0, 11), Given.Calm)));
        chart.Do(new RecordSideEffect(new(new("s-1"), SideEffectKind.Nausea, SideEffectSeverity.Mild, chart.At(0, 11), 10, "")));
        Assert.True(chart.State.Alerts.Single() is { IsOpen: true, Kind: AlertKind.SevereHypertension });

        chart.Do(Mark("sessions/s-1"));

        Assert.True(chart.State is { Sessions: [], Monitoring: [], SideEffects: [] });
        Assert.True(chart.State.Retracted is [{ Session.DoseMg: 40, Monitoring.Vitals.Length: 1, With: null }, { SideEffect: not null, With: not null }]);
        var alert = chart.State.Alerts.Single();
        Assert.True(alert is { IsOpen: false, Causes: [], Answer: "", Actor: "" });
        Assert.Equal(("sessions/s-1", 1), alert.Withdrawn.Select(w => (w.Cause, w.Retraction)).Single());
        Assert.Null(PatientSeries.Of(chart.State));
        Assert.Equal("SESSION_EXISTS", chart.Try(new StartSession(new("s-1"), Given.Home, true, Given.Calm, 80, "", chart.At(1))).Refusal?.Reason);
        Assert.Equal("ASSESSMENT_EXISTS", chart.Do(Mark("assessments/a-1")).Try(new RecordAssessment(new("a-1"), Given.Items(3), chart.At(1))).Refusal?.Reason);
    }

    [Fact]
    public void A_corrected_dose_is_judged_as_any_and_told_when_it_lies_outside()
    {
        var chart = Treated();
        var answer = Assert.IsType<AmendmentAnswer>(Do(chart, Amend("sessions/s-1/dose", new(Dose: new(new("s-1"), 80, 50, chart.At(0))))).Answer);
        Assert.True(answer.OutsidePlan);
        Assert.True(chart.State.Sessions[0] is { DoseMg: 80, OutsidePlan: true, DurationMinutes: 50 });
        Assert.True(chart.State.Retracted.Single().Session is { DoseMg: 40, OutsidePlan: false, DurationMinutes: 40 });
        Assert.Equal("replacement.occurred_at", chart.Try(Amend("sessions/s-1/dose", new(Dose: new(new("s-1"), 40, 40, chart.At(-1))))).Refusal?.Field);
    }

    [Fact]
    public void A_discharge_that_rested_on_a_wrong_reading_is_not_undone_and_says_what_it_lacks()
    {
        var chart = LaterSession.Read(ProtocolCatalogue.KetamineIv2);
        chart.Do(LaterSession.Leave(chart));
        Assert.Null(Retraction.BrokenDischarge(chart.State, chart.State.Sessions[0]));

        Assert.Equal("VITALS_MISSING", Assert.IsType<AmendmentAnswer>(Do(chart, Mark("sessions/s-1/vitals/1")).Answer).BrokenDischarge);

        Assert.Equal(SessionStage.Discharged, SessionCourse.StageOf(chart.State, chart.State.Sessions[0]));
        Assert.Equal("FACT_RETRACTED", chart.Try(Mark("sessions/s-1/vitals/1")).Refusal?.Reason);
        var first = chart.State.Retracted.Single().Vitals!;
        Assert.Equal("VITALS_MISSING", Assert.IsType<AmendmentAnswer>(Do(chart, Amend("sessions/s-1/vitals/2", new(Vitals: new(new("s-1"), first)))).Answer).BrokenDischarge);
    }

    [Fact]
    public void An_alert_goes_on_with_the_corrected_answer_by_the_same_clock_and_is_over_when_none_is_left()
    {
        var chart = Treated().Answer(20, 25);
        var raised = chart.State.Alerts.Single(a => a.Kind == AlertKind.ClinicalWorsening);
        chart.Do(Amend("assessments/a-2", new(Scale: Phq9("a-9", chart.At(20, 9), 26))));
        Assert.Equal((raised.Number, raised.DueAt, true), chart.State.Alerts.Where(a => a.Causes.Contains("assessments/a-9") && a.Kind == AlertKind.ClinicalWorsening).Select(a => (a.Number, a.DueAt, a.IsOpen)).Single());

        var attempt = Do(chart, Amend("assessments/a-9", new(Scale: Phq9("a-10", chart.At(20, 9), 20))));

        Assert.Contains(attempt.Events, e => e is AlertCauseWithdrawn { Number: var n } && n == raised.Number);
        Assert.False(chart.State.FindAlert(raised.Number)!.IsOpen);
        Assert.Contains(Do(chart, Amend("assessments/a-1", new(Scale: Phq9("a-11", chart.At(-1, 9), 8)))).Events, e => e is AlertRaised { Kind: AlertKind.ClinicalWorsening, Cause: "assessments/a-10" });
    }

    [Fact]
    public void A_screen_that_is_due_is_due_again_when_its_answer_was_wrong()
    {
        var chart = new Chart().Enrol();
        var now = chart.At(0, 12);
        chart.Do(new RecordAssessment(new("a-1"), [0, 0, 0, 0, 0, 0, 0, 0, 1], chart.At(0, 9)), now);
        chart.Do(Screen("c-1", chart.At(0, 11)), now);
        Assert.Equal("assessments/c-1", chart.State.Alerts.Single().Answer);

        chart.Do(Mark("assessments/c-1"), chart.At(2, 12));

        Assert.True(chart.State.Alerts.Single() is { IsOpen: true, Answer: "", ReopenedBy: 1 });
        Assert.Equal(chart.At(3, 0), chart.State.Alerts.Single().DueAt);
        chart.Do(Screen("c-2", chart.At(0, 11, 30)), chart.At(2, 13));
        Assert.Equal("assessments/c-2", chart.State.Alerts.Single().Answer);
        var amended = chart.Try(new AmendFact(FactName.Of(new AssessmentId("c-2")), "Copied wrongly", new(Scale: Screen("c-3", chart.At(0, 11, 40))), "home-1", Roles.Clinician), chart.At(2, 14));
        Assert.True(amended.Events is [FactEnteredInError, ScaleRecorded, AlertReopened, AlertClosed { Answer: "assessments/c-3" }]);
    }

    [Fact]
    public void Without_its_end_treatment_goes_on_and_its_reason_is_kept()
    {
        var chart = Treated().End(20);
        chart.Do(Mark("treatment-end"));
        Assert.True(chart.State is { EndedAt: null, EndReason: "" });
        Assert.True(chart.State.Retracted.Single() is { EndReason: "Moved away", EndedAt: not null });
    }

    [Theory]
    [InlineData("assessments/a-1")]
    [InlineData("sessions/s-1")]
    [InlineData("sessions/s-1/dose")]
    [InlineData("sessions/s-1/vitals/12")]
    [InlineData("side-effects/3")]
    [InlineData("missed-visits/1")]
    [InlineData("treatment-end")]
    [InlineData("consultation")]
    public void A_name_is_read_as_it_is_written(string text)
    {
        Assert.True(FactName.TryParse(text, out var fact));
        Assert.Equal(text, fact.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("assessments")]
    [InlineData("assessments/")]
    [InlineData("assessments/A")]
    [InlineData("sessions/s-1/vitals/0")]
    [InlineData("sessions/s-1/vitals/01")]
    [InlineData("sessions/s-1/vitals/1234567")]
    [InlineData("side-effects/-1")]
    [InlineData("side-effects/٣")]
    [InlineData("consultation/1")]
    [InlineData("patients/p-1/assessments/a-1")]
    public void What_is_no_name_is_not_read(string text) => Assert.False(FactName.TryParse(text, out _));

    private static Chart Treated() => Chart.Planned().Answer(-1, 20).Doses(0, 3, 7, 10);

    private static MarkEnteredInError Mark(string fact) => new(Name(fact), "Of another patient", "home-1", Roles.Clinician);

    private static AmendFact Amend(string fact, FactReplacement right) => new(Name(fact), "Copied wrongly", right, "home-1", Roles.Clinician);

    private static FactName Name(string text) => FactName.TryParse(text, out var fact) ? fact : throw new ArgumentException(text);

    private static RecordScale Phq9(string id, DateTimeOffset at, int total) =>
        new(new(id), ScaleKind.Phq9, [.. Given.Items(total).Zip(Domain.Scales.Phq9.Scale.Items, (value, item) => new ItemAnswer(item.Key, value))], at);

    private static RecordScale Screen(string id, DateTimeOffset at) =>
        new(new(id), ScaleKind.CssrsScreener, [.. ScaleAnswers.Random(ScaleCatalogue.Get(ScaleKind.CssrsScreener), new Random(1)).Select(i => i with { Value = 0 })], at);

    private static Attempt Do(Chart chart, object command)
    {
        var attempt = chart.Try(command);
        chart.Do(command);
        return attempt;
    }
}
