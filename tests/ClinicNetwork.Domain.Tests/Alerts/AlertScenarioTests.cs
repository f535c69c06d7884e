using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Alerts;

/// <summary>Each early warning on a given clock: raised once, escalated, acknowledged. The course: PHQ-9 of 12 before the first dose on day 0, session s-1 open on day 20.</summary>
public sealed class AlertScenarioTests
{
    private static readonly DateTimeOffset Now = Course().At(20, 11);

    public static TheoryData<AlertKind> Kinds => [.. Enum.GetValues<AlertKind>()];

    [Fact]
    public void Every_kind_has_a_rule_with_owners_and_clocks() => Assert.All(Enum.GetValues<AlertKind>(), kind =>
    {
        var rule = AlertCatalogue.Get(kind);
        Assert.Same(rule, AlertCatalogue.Get(kind, rule.Version));
        Assert.NotEmpty(rule.Levels);
        Assert.All(rule.Levels, level => Assert.True(level is { Owner: not Roles.None, Minutes: null or > 0 }));
        Assert.True(rule.Cause.Length > 0 && rule.Source.Contains("[K]", StringComparison.Ordinal));
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_fact_that_meets_the_rule_raises_its_alert_in_the_same_command_and_only_that(AlertKind kind)
    {
        var chart = Course(kind);
        var attempt = chart.Try(Fact(kind, meets: true), Now);
        var raised = Assert.IsType<AlertRaised>(attempt.Events[^1]);
        Assert.Equal(EventsOf(kind) + 1, attempt.Events.Count);
        Assert.Equal((1, kind, Now), (raised.Number, raised.Kind, raised.At));
        Assert.Equal(
            kind switch
            {
                AlertKind.SevereHypertension => "sessions/s-1/vitals/1",
                AlertKind.AbruptStop => "sessions/s-0/dose",
                AlertKind.MisusePattern => "dose-requests/x",
                AlertKind.Pregnancy => "pregnancies/1",
                AlertKind.PlanConflict => "plan-conflicts/1",
                AlertKind.OutsideGates => "sessions/x",
                _ => "assessments/x",
            },
            raised.Cause);
        Assert.Equal(EventsOf(kind), chart.Try(Fact(kind, meets: false), Now).Events.Count);
    }

    [Theory]
    [InlineData(180, 100, true)]
    [InlineData(179, 109, false)]
    [InlineData(150, 110, true)]
    public void Pressure_counts_from_180_or_110_also_when_a_session_ends(int systolic, int diastolic, bool severe)
    {
        var (vitals, end) = (new RecordVitals(new("s-1"), new(Now, new(systolic, diastolic))), new CompleteSession(new("s-1"), new(systolic, diastolic), Course().At(20, 13)));
        Assert.Equal(severe, Course().Try(vitals, Now).Events.Any(e => e is AlertRaised));
        Assert.Equal(severe, Course().Do(new RecordDose(new("s-1"), 40, 40, Now), Now).Try(end, Course().At(20, 13)).Events.Any(e => e is AlertRaised));
    }

    [Theory]
    [InlineData(12, 16, "")]
    [InlineData(12, 17, "ClinicalWorsening")]
    [InlineData(7, 11, "")] // 7 is no response to 12, so its best does not count
    [InlineData(6, 6, "")]
    [InlineData(6, 7, "LossOfResponse")]
    [InlineData(4, 8, "LossOfResponse")]
    [InlineData(4, 9, "ClinicalWorsening,LossOfResponse")]
    [InlineData(1, 5, "")]
    [InlineData(1, 6, "ClinicalWorsening")] // still a response
    public void Totals_are_compared_with_baseline_and_with_a_responders_best(int earlier, int total, string kinds)
    {
        var chart = Course();
        chart.Do(Answer("e", earlier, chart.At(10)), chart.At(10));
        Assert.Equal(kinds, string.Join(',', chart.Try(Answer("x", total, Now), Now).Events.OfType<AlertRaised>().Select(e => e.Kind)));
    }

    [Fact]
    public void Without_a_baseline_or_a_dose_no_total_is_worse()
    {
        var (undosed, unmeasured) = (Chart.Planned().Answer(-1, 4), Chart.Planned().Dose(0));
        Assert.Single(undosed.Try(Answer("x", 20, Now), Now).Events);
        Assert.Single(unmeasured.Try(Answer("x", 20, Now), Now).Events);
    }

    /// <summary>A fact of before may come to meet a rule when the dose that makes it one of the course is recorded late.</summary>
    [Fact]
    public void Facts_that_come_in_another_order_raise_what_they_come_to()
    {
        var chart = Chart.Planned().Answer(-1, 12);
        chart.Do(Answer("x", 17, chart.At(2)), chart.At(2));
        chart.Do(new StartSession(new("s-1"), Given.Home, true, Given.Calm, 80, "", chart.At(0)), chart.At(3));
        var dose = chart.Try(new RecordDose(new("s-1"), 40, 40, chart.At(0)), chart.At(3));
        Assert.Equal((AlertKind.ClinicalWorsening, "assessments/x"), dose.Events.OfType<AlertRaised>().Select(e => (e.Kind, e.Cause)).Single());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_cause_never_raises_two(AlertKind kind)
    {
        var chart = Course(kind).Do(Fact(kind, meets: true), Now);
        chart.Do(Answer("calm", 9, chart.At(20, 12)), chart.At(20, 12)).Do(new RecordVitals(new("s-1"), new(chart.At(20, 12), new(170, 105))), chart.At(20, 12));
        Assert.Single(chart.State.Alerts, a => a.Kind == kind);
        chart.Do(Closing(chart, kind), chart.At(20, 13));
        chart.Do(new RecordVitals(new("s-1"), new(chart.At(20, 14), new(170, 105))), chart.At(20, 14));
        if (kind != AlertKind.AbruptStop)
            chart.Do(new EndTreatment("Moved away", chart.At(21)), chart.At(21));
        Assert.Single(chart.State.Alerts, a => a.Kind == kind);
    }

    [Fact]
    public void An_open_alert_takes_a_further_cause_and_a_closed_one_does_not()
    {
        var chart = Course().Do(Answer("x", 17, Now), Now);
        Assert.Equal(new AlertCauseAdded(1, "assessments/y"), chart.Try(Answer("y", 18, Now.AddDays(1)), Now.AddDays(1)).Events[^1]);
        chart.Do(Answer("y", 18, Now.AddDays(1)), Now.AddDays(1)).Do(new AcknowledgeAlert(1, "Seen", "c-1", Roles.Clinician), Now.AddDays(2)).Do(Answer("z", 18, Now.AddDays(3)), Now.AddDays(3));
        Assert.Equal(["assessments/x assessments/y", "assessments/z"], chart.State.Alerts.Select(a => string.Join(" ", a.Causes)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_escalates_level_by_level_at_its_time_stays_overdue_at_the_last_and_is_acknowledged(AlertKind kind)
    {
        var chart = Course(kind).Do(Fact(kind, meets: true), Now);
        var rule = AlertCatalogue.Get(kind);
        for (var level = 1; level < rule.Levels.Length; level++)
        {
            var (escalate, due) = (new EscalateAlert(1, level), chart.State.Alerts[0].DueAt);
            Assert.Equal("ALERT_NOT_DUE", chart.Try(escalate, due.AddTicks(-1)).Refusal?.Reason);
            chart.Do(escalate, due);
            Assert.Equal((level + 1, due.AddMinutes(rule.Levels[level].Minutes!.Value)), (chart.State.Alerts[0].Level, chart.State.Alerts[0].DueAt));
            Assert.Equal("ALERT_ESCALATED", chart.Try(escalate, due.AddYears(1)).Refusal?.Reason);
        }

        Assert.True(chart.State.Alerts[0] is { IsAtLastLevel: true, IsOpen: true });
        Assert.Equal("ALERT_ESCALATED", chart.Try(new EscalateAlert(1, rule.Levels.Length), Now.AddYears(1)).Refusal?.Reason);
        var at = chart.State.Alerts[0].DueAt.AddDays(1);
        chart.Do(Closing(chart, kind), at);
        Assert.Equal(kind == AlertKind.PlanConflict ? (at, "", "", "plan-conflicts/1") : (at, "c-1", "Seen and treated", ""), (chart.State.Alerts[0].ClosedAt, chart.State.Alerts[0].Actor, chart.State.Alerts[0].Done, chart.State.Alerts[0].Answer));
        Assert.Equal("ALERT_CLOSED", chart.Try(new EscalateAlert(1, chart.State.Alerts[0].Level), at.AddYears(1)).Refusal?.Reason);
    }

    [Fact]
    public void Ended_treatment_closes_no_alert_and_an_erased_patient_has_none()
    {
        var chart = Course().Do(Answer("x", 17, Now), Now).Do(new EndTreatment("Moved away", Now), Now);
        Assert.True(chart.State.Alerts.Single().IsOpen);
        Assert.Empty(chart.Do(new ErasePatient("Asked for it"), Now).State.Alerts);
    }

    /// <summary>Recorded at half past midnight in the clinic; the day's end as the time zone database has it.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2025-03-30", "2025-03-30T22:00Z")]
    [InlineData("Europe/Berlin", "2025-10-26", "2025-10-26T23:00Z")]
    [InlineData("America/New_York", "2025-03-09", "2025-03-10T04:00Z")]
    [InlineData("America/New_York", "2025-11-02", "2025-11-03T05:00Z")]
    [InlineData("America/New_York", "2025-07-01", "2025-07-02T04:00Z")]
    public void A_screen_is_due_by_the_end_of_the_clinical_day_also_when_clocks_change(string zone, string day, string end)
    {
        var chart = new Chart(zone, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).Enrol();
        var (asked, due) = (chart.At(0, 0, 30), DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture));
        chart.Do(Asking("x", asked), asked);
        Assert.Equal(due, chart.State.Alerts.Single().DueAt);

        Assert.Equal(2, chart.Try(Screen("s", due.AddTicks(-1)), due.AddTicks(-1)).Events.Count);
        Assert.Single(chart.Try(Screen("s", due), due).Events);
        Assert.Single(chart.Try(Screen("s", asked.AddTicks(-1)), asked).Events);
        Assert.Equal(new AlertClosed(1, "assessments/s", asked), chart.Try(Screen("s", asked), asked).Events[^1]);
        Assert.Equal("ALERT_NOT_DUE", chart.Try(new EscalateAlert(1, 1), due.AddTicks(-1)).Refusal?.Reason);
        Assert.Equal(2, chart.Do(new EscalateAlert(1, 1), due).State.Alerts.Single().Level);
    }

    [Fact]
    public void A_screen_of_the_day_that_is_entered_late_still_answers_and_one_of_the_next_day_does_not()
    {
        var chart = new Chart().Enrol();
        chart.Do(Asking("x", chart.At(0, 9)), chart.At(0, 9)).Do(new EscalateAlert(1, 1), chart.At(1, 0));
        Assert.Single(chart.Try(Screen("s", chart.At(1, 8)), chart.At(1, 8)).Events);
        chart.Do(Screen("s", chart.At(0, 15)), chart.At(1, 8));
        Assert.Equal("assessments/s", chart.State.Alerts.Single().Answer);
    }

    [Fact]
    public void Each_day_asks_for_a_screen_of_its_own_and_one_answers_all_of_its_day_before_it()
    {
        var chart = new Chart().Enrol();
        chart.Do(Asking("x", chart.At(0, 9)), chart.At(0, 9)).Do(Asking("y", chart.At(0, 11)), chart.At(0, 11)).Do(Asking("z", chart.At(1, 9)), chart.At(1, 9));
        Assert.Equal(["assessments/x assessments/y", "assessments/z"], chart.State.Alerts.Select(a => string.Join(" ", a.Causes)));
        chart.Do(Screen("s", chart.At(0, 10)), chart.At(1, 10));
        Assert.All(chart.State.Alerts, a => Assert.True(a.IsOpen));
        chart.Do(Screen("t", chart.At(0, 12)), chart.At(1, 10));
        Assert.Equal([false, true], chart.State.Alerts.Select(a => a.IsOpen));
    }

    [Fact]
    public void A_screen_that_was_recorded_before_what_asks_for_it_answers_at_once()
    {
        var chart = new Chart().Enrol();
        chart.Do(Screen("s", chart.At(0, 10)), chart.At(0, 11));
        var attempt = chart.Try(Asking("x", chart.At(0, 9)), chart.At(0, 12));
        Assert.Equal([nameof(AssessmentRecorded), nameof(AlertRaised), nameof(AlertClosed)], attempt.Events.Select(e => e.GetType().Name));
    }

    [Fact]
    public void A_screen_of_high_risk_answers_and_warns_itself()
    {
        var chart = new Chart().Enrol();
        chart.Do(Asking("x", chart.At(0, 9)), chart.At(0, 9)).Do(Screen("s", chart.At(0, 10), high: true), chart.At(0, 10));
        Assert.Equal([(AlertKind.RiskScreenDue, false), (AlertKind.HighRisk, true)], chart.State.Alerts.Select(a => (a.Kind, a.IsOpen)));
        Assert.Equal(chart.At(0, 10, 15), chart.State.Alerts[1].DueAt);
    }

    /// <summary>Day 20 at 10:00: a session has begun.</summary>
    private static Chart Course(AlertKind kind = default)
    {
        var chart = Chart.Planned().Answer(-1, 12);
        chart.Do(new StartSession(new("s-0"), Given.Home, true, Given.Calm, 80, "", chart.At(0)), chart.At(0));
        chart.Do(new RecordDose(new("s-0"), 40, 40, chart.At(0)), chart.At(0)).Do(new CompleteSession(new("s-0"), Given.Calm, chart.At(0, 13)), chart.At(0, 13));
        if (kind == AlertKind.LossOfResponse)
            chart.Do(Answer("best", 6, chart.At(10)), chart.At(10));
        chart.Do(new StartSession(new("s-1"), Given.Home, true, Given.Calm, 80, "", chart.At(20)), chart.At(20));
        if (kind == AlertKind.PlanConflict)
            chart.Do(new RevisePlan(chart.State.Plan!.Version, 0.6, null, null, [], "More", chart.Version + 1), chart.At(20, 10, 30));
        if (kind == AlertKind.OutsideGates)
            chart.Do(new CompleteSession(new("s-1"), Given.Calm, chart.At(20, 10, 30)), chart.At(20, 10, 30)).Do(new TakeDosing(Given.Home), chart.At(20, 10, 30));
        return kind == AlertKind.AbruptStop ? chart.Do(new EndTreatment("Moved away", Now), Now) : chart;
    }

    /// <summary>A session that is reported is a start, and that it was reported.</summary>
    private static int EventsOf(AlertKind kind) => kind == AlertKind.OutsideGates ? 2 : 1;

    /// <summary>On either side of the rule.</summary>
    private static object Fact(AlertKind kind, bool meets) => kind switch
    {
        AlertKind.RiskScreenDue => new RecordAssessment(new("x"), [0, 0, 0, 0, 0, 0, 0, meets ? 0 : 3, meets ? 1 : 0], Now),
        AlertKind.HighRisk => Screen("x", Now, high: meets),
        AlertKind.ClinicalWorsening => Answer("x", meets ? 17 : 16, Now),
        AlertKind.LossOfResponse => Answer("x", meets ? 7 : 6, Now),
        AlertKind.SevereHypertension => new RecordVitals(new("s-1"), new(Now, meets ? new(180, 109) : new(179, 109))),
        AlertKind.AbruptStop => Answer("x", meets ? 6 : 7, Now),
        AlertKind.MisusePattern => new RecordRequestForDose(
            new("x"), meets ? DoseRequestKind.OtherClinic : DoseRequestKind.Higher, DoseRequester.Patient, DoseRequestDecision.Refused, "Talked over", Now),
        AlertKind.PlanConflict => new ProposeRevision(
            new(3, meets ? 0.75 : null, null, meets ? null : 6, meets ? [] : [Given.Goal], "Decided while offline", 99), Now),
        AlertKind.OutsideGates => new ReportSession(new(new("x"), Given.Home, true, meets ? new(150, 95) : Given.Calm, 80, "", Now)),
        AlertKind.Pregnancy => new RecordPregnancy(meets ? PregnancyFinding.Reported : PregnancyFinding.Breastfeeding, "", Now),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>By whoever it would escalate to last; a conflict of the plan by its resolution alone.</summary>
    private static object Closing(Chart chart, AlertKind kind) => kind == AlertKind.PlanConflict
        ? new ResolvePlanConflict(1, PlanChoice.Present, "Seen", chart.State.Plan!.Version, null, "c-1", Given.Home, chart.Version + 1)
        : new AcknowledgeAlert(1, "Seen and treated", "c-1", Roles.Clinician | Roles.SiteAdmin);

    private static RecordAssessment Answer(string id, int total, DateTimeOffset at) => new(new(id), Given.Items(total), at);

    private static RecordAssessment Asking(string id, DateTimeOffset at) => new(new(id), [0, 0, 0, 0, 0, 0, 0, 0, 1], at);

    private static RecordScale Screen(string id, DateTimeOffset at, bool high = false) =>
        new(new(id), ScaleKind.CssrsScreener, ScaleAnswers.Of(CssrsScreener.Scale, high ? "1,1,1,1,0,0,-" : "1,1,1,0,0,0,-"), at);
}
