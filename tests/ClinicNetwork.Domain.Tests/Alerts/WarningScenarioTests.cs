using System.Globalization;
using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Alerts;

/// <summary>Abrupt stops, patterns of misuse, late entries and repeated pressures on a given clock, hand-worked: everything is entered at once unless a test says otherwise.</summary>
public sealed class WarningScenarioTests
{
    private static readonly AcknowledgeAlert Acknowledge = new(1, "Seen", "c-1", Roles.Clinician);

    /// <summary>Days of doses; the end of treatment on day 90. A taper: each of the last two intervals at least 14 days, and longer than the one before them.</summary>
    [Theory]
    [InlineData("0", true)]
    [InlineData("0 3 7 10", true)]
    [InlineData("0 14 28 42", true)] // long, and not widened
    [InlineData("0 7 21 35", false)]
    [InlineData("0 7 20 34", true)] // 13 days
    [InlineData("0 7 21 34", true)]
    [InlineData("0 14 42 84", false)]
    [InlineData("0 14 42 56", true)] // narrowed again
    public void The_end_of_a_responders_treatment_warns_unless_doses_were_tapered(string days, bool warns)
    {
        var chart = Responder();
        foreach (var day in days.Split(' '))
            Dose(chart, int.Parse(day, CultureInfo.InvariantCulture));
        chart.Do(Answer("x", 6, chart.At(85)), chart.At(85));
        var raised = chart.Try(new EndTreatment("Moved away", chart.At(90)), chart.At(90)).Events.OfType<AlertRaised>();
        Assert.Equal(warns ? [(AlertKind.AbruptStop, $"sessions/d-{days.Split(' ')[^1]}/dose")] : [], raised.Select(a => (a.Kind, a.Cause)));
    }

    /// <summary>Baseline 12; dose on day 10; PHQ-9s by day and total; the end on day 40.</summary>
    [Theory]
    [InlineData("5:6", true)]
    [InlineData("5:7", false)]
    [InlineData("5:6 9:7", false)] // lost before the last dose
    [InlineData("5:7 20:6", true)]
    [InlineData("5:6 20:9", true)] // came back after it
    [InlineData("5:7 41:6", false)] // measured after the end
    public void Who_responded_is_judged_from_the_last_dose_on(string answers, bool warns)
    {
        var chart = Responder();
        Dose(chart, 0);
        Dose(chart, 10);
        foreach (var (i, answer) in answers.Split(' ').Index())
        {
            var (day, total) = (int.Parse(answer.Split(':')[0], CultureInfo.InvariantCulture), int.Parse(answer.Split(':')[1], CultureInfo.InvariantCulture));
            chart.Do(Answer("x-" + i, total, chart.At(day)), chart.At(42));
        }

        chart.Do(new EndTreatment("Moved away", chart.At(40)), chart.At(42));
        Assert.Equal(warns, chart.State.Alerts.Any(a => a.Kind == AlertKind.AbruptStop));
    }

    [Fact]
    public void An_answer_that_is_entered_after_the_end_warns_then_and_once()
    {
        var chart = Responder();
        Dose(chart, 0);
        chart.Do(new EndTreatment("Moved away", chart.At(10)), chart.At(10));
        Assert.Empty(chart.State.Alerts);
        chart.Do(Answer("x", 5, chart.At(8)), chart.At(11)).Do(Answer("y", 5, chart.At(9)), chart.At(11));
        Assert.Equal((AlertKind.AbruptStop, chart.At(11)), chart.State.Alerts.Select(a => (a.Kind, a.RaisedAt)).Single());
    }

    /// <summary>One dose of an induction, 2 to 4 days apart: stopped when none came for 8 days. At the clock change the day has 23 or 25 hours.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2025-03-24", "2025-04-01T22:00Z")]
    [InlineData("Europe/Berlin", "2025-10-20", "2025-10-28T23:00Z")]
    [InlineData("America/New_York", "2025-03-03", "2025-03-12T04:00Z")]
    [InlineData("America/New_York", "2025-10-27", "2025-11-05T05:00Z")]
    public void No_dose_for_twice_the_longest_interval_warns_at_that_days_beginning_also_when_clocks_change(string zone, string day, string lapse)
    {
        var chart = Later(zone, DateOnly.Parse(day, CultureInfo.InvariantCulture));
        var due = DateTimeOffset.Parse(lapse, CultureInfo.InvariantCulture);
        Dose(chart, 0);
        chart.Do(Answer("x", 6, chart.At(2)), chart.At(2));
        Assert.Equal(due, NoticeLapse.DueAt(chart.State));
        Assert.Equal("LAPSE_NOT_DUE", chart.Try(new NoticeLapse(), due.AddTicks(-1)).Refusal?.Reason);
        Assert.Equal(new AlertRaised(1, AlertKind.AbruptStop, 1, "sessions/d-0/dose", due, due.AddDays(1)), chart.Try(new NoticeLapse(), due).Events[^1]);
        chart.Do(new NoticeLapse(), due);
        Assert.Null(NoticeLapse.DueAt(chart.State));
    }

    [Fact]
    public void Each_dose_moves_the_time_the_plan_and_the_end_take_it_away_and_who_did_not_respond_raises_nothing()
    {
        var chart = Later();
        Dose(chart, 0);
        Assert.Equal(chart.At(9, 0), NoticeLapse.DueAt(chart.State));
        Dose(chart, 3);
        Assert.Equal(chart.At(12, 0), NoticeLapse.DueAt(chart.State));
        Assert.Single(chart.Try(new NoticeLapse(), chart.At(12, 0)).Events);
        chart.Do(new EndTreatment("Moved away", chart.At(5)), chart.At(5));
        Assert.Null(NoticeLapse.DueAt(chart.State));
        var first = Responder();
        Dose(first, 0);
        Assert.Null(NoticeLapse.DueAt(first.State)); // version 1 plans no interval
    }

    [Fact]
    public void The_next_dose_answers_and_the_next_stop_warns_again()
    {
        var chart = Later();
        Dose(chart, 0);
        chart.Do(Answer("x", 6, chart.At(2)), chart.At(2)).Do(new NoticeLapse(), chart.At(9, 0));
        Assert.True(chart.State.Alerts.Single().IsOpen);
        Dose(chart, 10);
        Assert.Equal(("sessions/d-10/dose", chart.At(10)), (chart.State.Alerts.Single().Answer, chart.State.Alerts.Single().ClosedAt));
        chart.Do(new NoticeLapse(), NoticeLapse.DueAt(chart.State));
        Assert.Equal(["sessions/d-0/dose", "sessions/d-10/dose"], chart.State.Alerts.SelectMany(a => a.Causes));
    }

    [Fact]
    public void What_a_dose_answered_stays_answered_in_the_next_course_whatever_is_taken_back_there()
    {
        var chart = Later();
        Dose(chart, 0);
        chart.Do(Answer("x", 6, chart.At(2)), chart.At(2)).Do(new NoticeLapse(), chart.At(9, 0));
        Dose(chart, 10);
        chart.Do(new EndTreatment("Moved away", chart.At(11)), chart.At(11));
        chart.Do(new CreatePlan(new("ketamine-im"), Setting.Clinic, null, null, [Given.Goal], chart.Version + 1) { NewCourse = true }, chart.At(12)).Do(Answer("y", 8, chart.At(13)), chart.At(13));
        Assert.Empty(chart.State.Sessions);
        chart.Do(new MarkEnteredInError(FactName.Of(new AssessmentId("y")), "Of another patient", "one", Roles.Clinician), chart.At(14));
        Assert.Equal((false, "sessions/d-10/dose"), (chart.State.Alerts[0].IsOpen, chart.State.Alerts[0].Answer));
    }

    /// <summary>A dose before the last one answers nothing; a later one does, and warns of its own when its time is over.</summary>
    [Fact]
    public void A_dose_that_is_entered_late_answers_only_when_it_is_a_later_one()
    {
        var chart = Later();
        Dose(chart, 5);
        chart.Do(Answer("x", 6, chart.At(6)), chart.At(6)).Do(new NoticeLapse(), chart.At(14, 0));
        Dose(chart, 2, enteredOn: 15);
        Assert.True(chart.State.Alerts.Single().IsOpen);
        Dose(chart, 8, enteredOn: 30);
        Assert.Equal("sessions/d-8/dose", chart.State.Alerts.Single().Answer);
        Assert.Equal("sessions/d-8/dose", chart.Do(new NoticeLapse(), chart.At(30)).State.Alerts[1].Causes.Single());
    }

    /// <summary>Requests and what was missed, by day; what the pattern's alert holds as causes.</summary>
    [Theory]
    [InlineData("early:1", "")]
    [InlineData("early:1 early:29", "early-1 early-29")]
    [InlineData("early:1 early:30", "")]
    [InlineData("early:1 extra:2 replacement:3", "early-1 extra-2 replacement-3")]
    [InlineData("early:1 higher:2 higher:3", "")]
    [InlineData("otherclinic:1", "otherclinic-1")]
    [InlineData("early:1 otherclinic:2", "otherclinic-2")]
    [InlineData("early:1 early:40 early:60", "early-40 early-60")]
    public void Requests_make_a_pattern_within_28_days(string requests, string causes)
    {
        var chart = Responder();
        foreach (var request in requests.Split(' '))
            Ask(chart, request);
        Assert.Equal(causes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => "dose-requests/" + c), chart.State.Alerts.SelectMany(a => a.Causes));
        Assert.True(chart.State.Alerts.Length <= 1);
    }

    /// <summary>An hour of the change: 28 clinical days are fewer or more hours.</summary>
    [Theory]
    [InlineData("2025-03-10")]
    [InlineData("2025-10-06")]
    public void The_28_days_are_clinical_days_also_when_clocks_change(string day)
    {
        var chart = Later("Europe/Berlin", DateOnly.Parse(day, CultureInfo.InvariantCulture));
        Ask(chart, "early:0", hour: 0);
        Assert.NotEmpty(Ask(chart, "extra:28", hour: 23).State.Alerts);
        var apart = Later("Europe/Berlin", DateOnly.Parse(day, CultureInfo.InvariantCulture));
        Ask(apart, "early:0", hour: 23);
        Assert.Empty(Ask(apart, "extra:29", hour: 0).State.Alerts);
    }

    [Fact]
    public void The_commit_that_completes_a_pattern_names_all_that_make_it_and_the_same_facts_raise_no_second()
    {
        var chart = Responder();
        Ask(Ask(chart, "early:1"), "extra:2");
        Assert.Equal(["dose-requests/early-1", "dose-requests/extra-2"], chart.State.Alerts.Single().Causes.AsEnumerable());
        Ask(chart, "replacement:3");
        Assert.Equal(3, chart.State.Alerts.Single().Causes.Length);
        chart.Do(Acknowledge, chart.At(4)).Do(Answer("x", 9, chart.At(5)), chart.At(5));
        Assert.Single(chart.State.Alerts);
        Ask(chart, "early:6");
        Assert.Equal("dose-requests/early-6", chart.State.Alerts[1].Causes.Single());
    }

    [Theory]
    [InlineData(LeavingKind.AgainstAdvice, true)]
    [InlineData(LeavingKind.Transferred, false)]
    [InlineData(LeavingKind.OutsideProtocol, false)]
    public void A_session_left_against_advice_counts_with_a_request_in_whatever_order_and_no_other_leaving_does(LeavingKind kind, bool counts)
    {
        var chart = Later();
        Ask(chart, "early:0", hour: 8);
        Dose(chart, 0, leaving: kind);
        string[] expected = counts ? ["dose-requests/early-0", "sessions/d-0"] : [];
        Assert.Equal(expected, chart.State.Alerts.SelectMany(a => a.Causes));
        var other = Later();
        Dose(other, 0, leaving: kind);
        Assert.Equal(expected.Length, Ask(other, "early:28").State.Alerts.SelectMany(a => a.Causes).Count());
    }

    [Fact]
    public void Safety_items_that_nobody_answered_count_a_week_after_their_window_and_answered_ones_do_not()
    {
        var chart = Responder();
        Dose(chart, 0);
        Ask(chart, "early:30");
        var due = chart.At(43, 0);
        Assert.Equal(due, NoticeLapse.DueAt(chart.State));
        Assert.Equal(["dose-requests/early-30", "follow-ups/long-term-safety/1"], Causes(chart.Try(new NoticeLapse(), due)));
        chart.Do(Safety("s", chart.At(42, 23)), chart.At(42, 23));
        Assert.Single(chart.Try(new NoticeLapse(), due).Events);
    }

    [Fact]
    public void A_request_after_safety_items_were_missed_makes_the_pattern_at_once()
    {
        var chart = Responder();
        Dose(chart, 0);
        Assert.Equal(["dose-requests/early-50", "follow-ups/long-term-safety/1"], Ask(chart, "early:50").State.Alerts.Single().Causes.Order());
    }

    [Fact]
    public void Readings_at_home_that_are_not_there_a_day_later_count_with_a_request()
    {
        var chart = Later(protocol: ProtocolCatalogue.KetamineHome);
        Ask(chart, "early:0", hour: 8);
        Dose(chart, 0, leaving: null);
        var due = chart.At(0).AddMinutes(90).AddHours(24);
        Assert.Equal(due, NoticeLapse.DueAt(chart.State));
        Assert.Equal(["dose-requests/early-0", "sessions/d-0"], Causes(chart.Try(new NoticeLapse(), due)));
        foreach (var time in ProtocolCatalogue.KetamineHome.Rules.Monitoring)
            chart.Do(new RecordVitals(new("d-0"), LaterSession.Reading(chart.At(0).AddMinutes(time.Minute))), chart.At(1));
        Assert.Single(chart.Try(new NoticeLapse(), due).Events);
    }

    [Fact]
    public void Doses_outside_the_plan_by_the_patients_own_word_are_enough()
    {
        var chart = Responder();
        Assert.Equal(["assessments/s"], Causes(chart.Try(Safety("s", chart.At(1), otherUse: 1), chart.At(1))));
    }

    [Fact]
    public void A_severe_reading_after_the_acknowledgement_is_a_new_alert_and_before_it_a_further_cause()
    {
        var chart = Responder();
        chart.Do(new StartSession(new("s-1"), Given.Home, true, new(182, 88), 80, "Weighed", chart.At(0)), chart.At(0)).Do(Pressure(chart, 5, 185), chart.At(0, 10, 5));
        Assert.Equal(["sessions/s-1", "sessions/s-1/vitals/1"], chart.State.Alerts.Single().Causes.AsEnumerable());
        chart.Do(Acknowledge, chart.At(0, 10, 6)).Do(Pressure(chart, 10, 150), chart.At(0, 10, 10));
        Assert.Single(chart.State.Alerts);
        chart.Do(Pressure(chart, 15, 190), chart.At(0, 10, 15));
        Assert.Equal(("sessions/s-1/vitals/3", true), (chart.State.Alerts[1].Causes.Single(), chart.State.Alerts[1].IsOpen));
    }

    /// <summary>Of the fourteenth day or older, with a calm one after it: historical. The clock of what nobody answered since runs as today's.</summary>
    [Theory]
    [InlineData(16, 12, true)]
    [InlineData(16, 20, false)] // the later one is worse too
    [InlineData(26, 12, false)] // not long ago
    [InlineData(16, null, false)] // nothing came after it
    public void What_was_entered_late_and_is_overtaken_is_historical_and_does_not_escalate(int day, int? later, bool historical)
    {
        var chart = Responder();
        Dose(chart, 0);
        if (later is { } total)
            chart.Do(Answer("later", total, chart.At(30)), chart.At(30));
        var now = chart.At(31);
        chart.Do(Answer("x", 18, chart.At(day)), now);
        var alert = chart.State.Alerts.Single(a => a.Causes.Contains("assessments/x"));
        Assert.Equal((historical, historical ? now.AddDays(7) : now.AddDays(1)), (alert.Historical, alert.Causes is ["assessments/x"] ? alert.DueAt : now.AddDays(1)));
        Assert.Equal(historical ? "ALERT_ESCALATED" : null, chart.Try(new EscalateAlert(alert.Number, 1), chart.At(60)).Refusal?.Reason);
        Assert.True(chart.Try(Acknowledge with { Number = alert.Number }, now).Accepted);
    }

    [Fact]
    public void A_cause_of_today_is_not_hidden_in_a_historical_alert()
    {
        var chart = Responder();
        Dose(chart, 0);
        chart.Do(Answer("calm", 12, chart.At(30)), chart.At(30)).Do(Answer("old", 18, chart.At(10)), chart.At(31)).Do(Answer("new", 19, chart.At(32)), chart.At(32));
        Assert.Equal([(true, "assessments/old"), (false, "assessments/new")], chart.State.Alerts.Select(a => (a.Historical, a.Causes.Single())));
        chart.Do(Answer("older", 18, chart.At(9)), chart.At(33));
        Assert.Equal(2, chart.State.Alerts.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_high_risk_of_long_ago_escalates_unless_a_later_screen_was_not_high(bool later)
    {
        var chart = Responder();
        if (later)
            chart.Do(Screen("later", chart.At(20), high: false), chart.At(20));
        chart.Do(Screen("x", chart.At(1), high: true), chart.At(21));
        Assert.Equal((AlertKind.HighRisk, later), chart.State.Alerts.Select(a => (a.Kind, a.Historical)).Single());
    }

    /// <summary>Three weeks ago, and nobody answered: today's clock. A screen since then has answered.</summary>
    [Fact]
    public void Item_9_of_long_ago_is_dropped_never()
    {
        var chart = Responder();
        chart.Do(new RecordAssessment(new("x"), [0, 0, 0, 0, 0, 0, 0, 0, 1], chart.At(1)), chart.At(22));
        Assert.Equal((AlertKind.RiskScreenDue, false, true, chart.At(23, 0)), chart.State.Alerts.Select(a => (a.Kind, a.Historical, a.IsOpen, a.DueAt)).Single());
    }

    [Fact]
    public void Pressure_of_a_session_that_is_over_is_historical_when_entered_two_days_late()
    {
        var chart = Responder();
        chart.Do(new StartSession(new("s-1"), Given.Home, true, Given.Calm, 80, "", chart.At(0)), chart.At(0)).Do(new CompleteSession(new("s-1"), Given.Calm, chart.At(0, 12)), chart.At(0, 12));
        Assert.True(Assert.IsType<AlertRaised>(chart.Try(Pressure(chart, 30, 190), chart.At(2)).Events[^1]).Historical);
        Assert.False(Assert.IsType<AlertRaised>(chart.Try(Pressure(chart, 30, 190), chart.At(0, 13)).Events[^1]).Historical);
        Assert.False(Assert.IsType<AlertRaised>(chart.Try(Pressure(chart, 130, 190), chart.At(2)).Events[^1]).Historical);
    }

    /// <summary>PHQ-9 of 12 the day before day 0; a plan by version 1, which knows no intervals.</summary>
    private static Chart Responder()
    {
        var chart = Chart.Planned();
        return chart.Do(Answer("base", 12, chart.At(-1)), chart.At(-1));
    }

    /// <summary>As <see cref="Responder"/>, by a protocol with phases.</summary>
    private static Chart Later(string zone = "Europe/Berlin", DateOnly? dayZero = null, TreatmentProtocol? protocol = null)
    {
        protocol ??= ProtocolCatalogue.KetamineIv2;
        var chart = new Chart(zone, dayZero).Enrol().Consult();
        chart.Do(new CreatePlan(
            protocol.Id, protocol.Settings[0], null, null, [Given.Goal], chart.Version + 1, protocol.Version, protocol.Settings[0] == Setting.Home ? "Her partner" : ""));
        return chart.Do(Answer("base", 12, chart.At(-1)), chart.At(-1));
    }

    /// <summary>A whole session d-{day}, without readings; by later protocols it is left as told, or stays open.</summary>
    private static void Dose(Chart chart, int day, LeavingKind? leaving = LeavingKind.Transferred, int? enteredOn = null)
    {
        var (id, at) = (new SessionId("d-" + day), chart.At(day));
        var now = enteredOn is { } entered ? chart.At(entered) : at;
        chart.Do(new StartSession(id, Given.Home, true, Given.Calm, 80, "", at, 97, 600, 600, true, true, "c-1", Roles.Clinician)
        {
            Overrides = enteredOn is null ? [] : [new(GateKind.Spacing, "Entered late")],
        }, now);
        chart.Do(new RecordDose(id, chart.State.FindSession(id)!.PlannedDoseMg, 40, at), now);
        if (!chart.State.Plan!.MadeFrom.Rules.AsksForDischarge)
            chart.Do(new CompleteSession(id, Given.Calm, at.AddHours(2)), now.AddHours(2));
        else if (leaving is { } kind)
            chart.Do(new RecordLeaving(id, kind, "Left", at), now);
    }

    /// <summary><c>kind:day</c> is the request <c>kind-day</c>.</summary>
    private static Chart Ask(Chart chart, string request, int hour = 10)
    {
        var (kind, day) = (request.Split(':')[0], int.Parse(request.Split(':')[1], CultureInfo.InvariantCulture));
        var at = chart.At(day, hour);
        return chart.Do(
            new RecordRequestForDose(new($"{kind}-{day}"), Enum.Parse<DoseRequestKind>(kind, ignoreCase: true), DoseRequester.Carer, DoseRequestDecision.Deferred, "Talked over", at), at);
    }

    private static IEnumerable<string> Causes(Attempt attempt) =>
        attempt.Events.Select(e => e is AlertRaised { Kind: AlertKind.MisusePattern } raised ? raised.Cause : (e as AlertCauseAdded)?.Cause).OfType<string>();

    private static RecordVitals Pressure(Chart chart, int minute, int systolic) => new(new("s-1"), new(chart.At(0).AddMinutes(minute), new(systolic, 90)));

    private static RecordAssessment Answer(string id, int total, DateTimeOffset at) => new(new(id), Given.Items(total), at);

    private static RecordScale Safety(string id, DateTimeOffset at, int otherUse = 0) =>
        new(new(id), ScaleKind.LongTermSafety, [.. LongTermSafety.Scale.Items.Select(i => new ItemAnswer(i.Key, i.Key == "other-use" ? otherUse : 0))], at);

    private static RecordScale Screen(string id, DateTimeOffset at, bool high) =>
        new(new(id), ScaleKind.CssrsScreener, ScaleAnswers.Of(CssrsScreener.Scale, high ? "1,1,1,1,0,0,-" : "1,1,1,0,0,0,-"), at);
}
