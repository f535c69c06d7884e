using ClinicNetwork.Domain.Advising;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.FollowUps;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Advising;

/// <summary>Hand-worked courses: what is advised, on which facts, and what becomes of a decision.</summary>
public sealed class AdviceTests
{
    /// <summary>Twice a week for three weeks.</summary>
    private static readonly int[] Induction = [0, 3, 7, 10, 14, 17];

    [Fact]
    public void A_response_kept_for_two_weeks_widens_a_weekly_interval_to_two_weeks_and_says_on_what_it_rests()
    {
        var chart = Course(20, [.. Induction, 24, 31, 38, 45, 52], (24, 8), (38, 9), (52, 7));
        var advice = Only(chart, 53, AdviceKind.WidenInterval);

        Assert.Equal("widen-interval/1", advice.Rule);
        Assert.Equal("Widen the interval to 14 days.", advice.Text);
        Assert.Equal(["assessments/a-1", "assessments/a-3", "assessments/a-4", "sessions/s-11"], advice.Data.Select(d => d.Fact));
        Assert.Equal("5 to 28 days in maintenance: protocols/ketamine-iv-induction, version 2", advice.Limit);
        Assert.Equal(new AdviceChange(IntervalDays: 14), advice.Change);
    }

    [Theory]
    [InlineData(10, AdviceKind.HoldInterval)]
    [InlineData(11, AdviceKind.HoldInterval)]
    [InlineData(15, AdviceKind.HoldInterval)]
    public void It_is_held_while_it_is_not_kept(int total, AdviceKind kind)
    {
        var chart = Course(20, [.. Induction, 24, 31, 38, 45, 52], (38, 16), (45, 11), (52, total));
        Assert.Equal(kind, Only(chart, 53, kind).Kind);
        Assert.DoesNotContain(AdviceSheet.Of(chart.State, chart.At(53)).Given, a => a.Kind == AdviceKind.WidenInterval);
    }

    [Fact]
    public void A_response_that_is_lost_narrows_the_interval_back_to_two_weeks()
    {
        var chart = Course(20, [.. Induction, 24, 38, 59, 80], (24, 8), (80, 11));
        var advice = Only(chart, 81, AdviceKind.NarrowInterval);

        Assert.Equal(new AdviceChange(IntervalDays: 14), advice.Change);
        Assert.Equal(["assessments/a-1", "assessments/a-2", "assessments/a-3", "sessions/s-10"], advice.Data.Select(d => d.Fact));
    }

    [Fact]
    public void A_responder_whose_next_dose_is_late_is_to_taper_rather_than_stop()
    {
        var chart = Course(20, [.. Induction, 24, 38, 52], (24, 8), (75, 8));

        Assert.Empty(AdviceSheet.Of(chart.State, chart.At(80)).Given.Where(a => a.Kind == AdviceKind.TaperRatherThanStop));
        Assert.Equal(new AdviceChange(35, PhaseKind.Taper), Only(chart, 81, AdviceKind.TaperRatherThanStop).Change);
    }

    [Fact]
    public void Without_a_response_the_dose_goes_up_a_step_in_induction_and_after_it_a_stop_is_considered()
    {
        var chart = Course(20, [0, 3, 7], (8, 18));
        Assert.Equal(new AdviceChange(DoseMgPerKg: 0.6), Only(chart, 8, AdviceKind.StepDoseUp).Change);

        chart = Course(20, Induction, (18, 17));
        Assert.Equal(AdviceChange.None, Only(chart, 18, AdviceKind.StopForNoResponse).Change);
        Assert.Equal([AdviceKind.AddSupportGroup, AdviceKind.StopForNoResponse], AdviceSheet.Of(chart.State, chart.At(18)).Given.Select(a => a.Kind));
    }

    [Fact]
    public void Where_nothing_was_measured_nothing_is_advised_on_it_and_it_says_what_is_missing()
    {
        var chart = Course(20, Induction);
        var sheet = AdviceSheet.Of(chart.State, chart.At(18));

        Assert.Equal(AdviceKind.ReassessBenefit, Assert.Single(sheet.Given).Kind);
        Assert.Equal("a PHQ-9 of the last 14 days", Assert.Single(sheet.Missing).Missing);
        Assert.Equal(8, sheet.Missing[0].Kinds.Length);
    }

    /// <summary>13 days old it tells of the last two weeks, at 14 it does not.</summary>
    [Fact]
    public void An_answer_counts_for_the_two_weeks_that_it_asks_about()
    {
        var chart = Course(20, [.. Induction, 24, 38], (31, 8));
        Assert.Equal(AdviceKind.HoldInterval, Only(chart, 44, AdviceKind.HoldInterval).Kind);
        Assert.Contains(AdviceSheet.Of(chart.State, chart.At(45)).Missing, gap => gap.Missing == "a PHQ-9 of the last 14 days");
    }

    [Fact]
    public void A_dose_that_was_not_tolerated_goes_down_a_step_once_and_not_again_before_the_next_dose()
    {
        var chart = Course(20, [0]);
        chart.Do(new RecordSideEffect(new(new SessionId("s-1"), SideEffectKind.Dissociation, SideEffectSeverity.Severe, chart.At(0, 11), 30, "")));
        var advice = Only(chart, 1, AdviceKind.StepDoseDown);
        Assert.Equal(new AdviceChange(DoseMgPerKg: 0.4), advice.Change);

        chart.Do(Revise(chart) with { DoseMgPerKg = 0.4 }, chart.At(1));
        Assert.Empty(AdviceSheet.Of(chart.State, chart.At(1)).Given);
        chart.Do(new RecordAdviceDecision(advice.Id, AdviceVerdict.Followed, "Agreed", 2, "clinician-1"), chart.At(1));
        Assert.Equal((advice.Id, 2, "clinician-1"), (chart.State.AdviceDecisions[0].Advice.Id, chart.State.AdviceDecisions[0].PlanRevision, chart.State.AdviceDecisions[0].Actor));
    }

    [Fact]
    public void What_was_decided_is_kept_as_it_was_shown_and_is_open_no_more_until_its_facts_change()
    {
        var chart = Course(20, [.. Induction, 24, 31], (31, 8));
        var hold = Only(chart, 32, AdviceKind.HoldInterval);
        chart.Do(new RecordAdviceDecision(hold.Id, AdviceVerdict.Declined, "She wants to come less often"), chart.At(32));

        Assert.DoesNotContain(AdviceSheet.Open(chart.State, chart.At(33)), a => a.Kind == AdviceKind.HoldInterval);
        chart.Answer(34, 9);
        Assert.Contains(AdviceSheet.Open(chart.State, chart.At(34)), a => a.Kind == AdviceKind.HoldInterval);
        var kept = chart.State.AdviceDecisions[0].Advice;
        Assert.Equal((hold.Id, hold.Text, hold.Limit), (kept.Id, kept.Text, kept.Limit));
        Assert.True(hold.Data.SequenceEqual(kept.Data));
    }

    [Fact]
    public void A_session_keeps_to_the_protocol_that_it_was_started_by_when_the_plan_moves()
    {
        var chart = Chart.Planned().Dose(0);
        chart.Do(Revise(chart) with { ProtocolVersion = 2 }, chart.At(1));

        Assert.Equal(2, chart.State.Plan!.MadeFrom.Version);
        Assert.Equal(SessionStage.Discharged, SessionCourse.StageOf(chart.State, chart.State.Sessions[0]));
        Assert.Equal("FASTING_MISSING", chart.Try(LaterSession.Start(chart, 3) with { Session = new("s-2"), FoodMinutes = null }).Refusal?.Reason);
    }

    [Theory]
    [InlineData(42, "SPACING_TOO_SHORT")] // 11 days after the last dose: too soon for 14 less 2.
    [InlineData(43, null)]
    public void A_planned_interval_holds_a_sooner_session_within_its_tolerance(int day, string? refused)
    {
        var chart = Course(20, [.. Induction, 24, 31], (31, 8));
        chart.Do(Revise(chart) with { Phase = PhaseKind.Maintenance, IntervalDays = 14 }, chart.At(32));

        Assert.Equal(refused, chart.Try(LaterSession.Start(chart, day) with { Session = new("s-next") }).Refusal?.Reason);
        var next = Calendar.Visit(chart.State, FollowUpCatalogue.BeforeSession, 9, chart.At(32));
        Assert.Equal((chart.State.DayOf(chart.At(42)), chart.State.DayOf(chart.At(47))), (chart.State.DayOf(next.OpensAt), chart.State.DayOf(next.DueBy.AddTicks(-1))));
        Assert.Equal((12, 16), (chart.State.Plan!.PhaseOn(day)!.SpacingDaysMin, chart.State.Plan.PhaseOn(day)!.SpacingDaysMax));
    }

    [Fact]
    public void Moved_home_and_back_the_supervision_goes_with_the_setting()
    {
        var chart = Chart.Planned();
        chart.Do(Revise(chart) with { Protocol = ProtocolCatalogue.KetamineHome.Id, Setting = Setting.Home, Supervision = "Her partner" }, chart.At(-1));
        Assert.Equal("Her partner", chart.State.Plan!.Supervision);
        chart.Do(Revise(chart) with { Protocol = ProtocolCatalogue.KetamineIm.Id, Setting = Setting.Clinic }, chart.At(-1));
        Assert.Null(chart.State.Plan.Supervision);
    }

    private static Advice Only(Chart chart, int day, AdviceKind kind) => Assert.Single(AdviceSheet.Of(chart.State, chart.At(day)).Given, a => a.Kind == kind);

    private static RevisePlan Revise(Chart chart) => new(chart.State.Plan!.Version, null, null, null, [], "As advised", chart.Version + 1);

    /// <summary>By version 2 of the IV protocol; sessions without its readings have left without discharge, which advice does not look at.</summary>
    private static Chart Course(int baseline, int[] doses, params (int Day, int Total)[] answers)
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.KetamineIv2).Answer(-1, baseline);
        var entries = doses.Select((day, i) => (Day: day, Hour: 10, Dose: i + 1, Total: 0)).Concat(answers.Select(a => (a.Day, Hour: 9, Dose: 0, a.Total)));
        foreach (var entry in entries.OrderBy(e => e.Day).ThenBy(e => e.Hour))
        {
            if (entry.Dose == 0)
            {
                chart.Answer(entry.Day, entry.Total);
                continue;
            }

            var id = new SessionId($"s-{entry.Dose}");
            chart.Do(LaterSession.Start(chart, entry.Day) with { Session = id });
            chart.Do(new RecordDose(id, chart.State.FindSession(id)!.PlannedDoseMg, 40, chart.At(entry.Day)));
            chart.Do(new RecordLeaving(id, LeavingKind.OutsideProtocol, "Not read", chart.At(entry.Day, 13)));
        }

        return chart;
    }
}
