using ClinicNetwork.Domain.Advising;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Tests.Advising;

/// <summary>Limits and conditions of advice, written down a second time from the sources and in plain numbers; shares nothing with the rules.</summary>
internal static class AdviceOracle
{
    /// <summary>Days from one dose to the next.</summary>
    public static (int Low, int High) Spacing(Plan plan, PhaseKind phase) => (plan.Protocol.Value, phase) switch
    {
        (_, PhaseKind.Taper) => (14, 56),
        ("esketamine-nasal-induction", PhaseKind.Optimisation) => (5, 9),
        ("esketamine-nasal-induction", PhaseKind.Maintenance) => (5, 16),
        (_, PhaseKind.Optimisation) => (5, 10),
        (_, PhaseKind.Maintenance) => (5, 28),
        _ => throw new ArgumentOutOfRangeException(nameof(phase), "No interval is advised in induction."),
    };

    public static double DoseMax(Plan plan) => plan.Protocol.Value == "ketamine-sc" ? 0.9 : 1.0;

    private static double DoseMin(Plan plan) => plan.Protocol.Value switch { "ketamine-sc" => 0.5, "ketamine-im" => 0.25, _ => 0.1 };

    public static void Check(PatientState state, Advice advice, DateTimeOffset now)
    {
        Limits(state.Plan!, advice, PhaseOn(state, now));
        Conditions(state, advice, now);
    }

    private static void Limits(Plan plan, Advice advice, PhaseKind? phase)
    {
        if (advice.Change.IntervalDays is { } days)
        {
            var (low, high) = Spacing(plan, advice.Change.Phase ?? phase!.Value);
            Assert.InRange(days, low, high);
        }

        if (advice.Change.DoseMg is { } mg)
            Assert.Equal((advice.Kind == AdviceKind.StepDoseUp ? 84.0 : 56.0, "esketamine-nasal-induction"), (mg, plan.Protocol.Value));
        if (advice.Change.DoseMgPerKg is { } perKg)
        {
            Assert.InRange(perKg, DoseMin(plan), DoseMax(plan));
            Assert.Equal(advice.Kind == AdviceKind.StepDoseUp, perKg > plan.DoseMgPerKg);
            Assert.InRange(Math.Abs(perKg - plan.DoseMgPerKg!.Value), 0.001, 0.151);
        }
    }

    private static void Conditions(PatientState state, Advice advice, DateTimeOffset now)
    {
        var doses = state.Sessions.Where(s => s.DosedAt is not null).OrderBy(s => s.DosedAt).ToArray();
        var answers = state.Assessments.Where(a => a.OccurredAt >= doses[0].DosedAt).OrderBy(a => a.OccurredAt).ToArray();
        var before = state.Assessments.Where(a => a.OccurredAt < doses[0].DosedAt).OrderBy(a => a.OccurredAt).LastOrDefault();
        var effects = state.SideEffects.Where(e => e.Session == doses[^1].Id).ToArray();
        switch (advice.Kind)
        {
            case AdviceKind.AddAntiNausea:
                Assert.Contains(effects, e => e.Kind == SideEffectKind.Nausea);
                return;
            case AdviceKind.BloodPressureMeasures:
                var read = state.Monitoring.Where(m => m.Session == doses[^1].Id).SelectMany(m => m.Vitals).Select(v => v.BloodPressure).OfType<BloodPressure>();
                Assert.True(doses[^1].Before is { SystolicMmHg: > 140 } or { DiastolicMmHg: > 90 } || read.Any(p => p.SystolicMmHg >= 180 || p.DiastolicMmHg >= 110));
                return;
            case AdviceKind.StepDoseDown:
                var vitals = state.Monitoring.Where(m => m.Session == doses[^1].Id).SelectMany(m => m.Vitals);
                Assert.True(effects.Any(e => e.Severity == SideEffectSeverity.Severe) || vitals.Any(v => v.SpO2Percent < 90 || v.Moaas <= 1));
                return;
            case AdviceKind.ReassessBenefit:
                var last = doses.Take(state.Plan!.InductionSessions).Last(d => Day(state, d.DosedAt!.Value) - Day(state, doses[0].DosedAt!.Value) <= 28).DosedAt;
                Assert.DoesNotContain(answers, a => a.OccurredAt >= last && a.OccurredAt <= now);
                return;
        }

        // The rest rests on a baseline above 0, and on an answer of the last two weeks.
        Assert.NotNull(before);
        Assert.True(before.Total > 0 && Day(state, before.OccurredAt) >= Day(state, doses[0].DosedAt!.Value) - 30);
        var current = answers.Last(a => a.OccurredAt <= now);
        Assert.True(Day(state, now) - Day(state, current.OccurredAt) < 14);
        var (best, share) = (answers.Where(a => a.OccurredAt <= now).Min(a => a.Total), (double)current.Total / before.Total);
        bool Half(int total) => 2 * total <= before.Total;
        bool Quarter(int total) => 4 * total <= 3 * before.Total;
        switch (advice.Kind)
        {
            case AdviceKind.WidenInterval:
                Assert.True(share <= 0.5 && current.Total < best + 5);
                Assert.Contains(answers, a => Half(a.Total) && Day(state, current.OccurredAt) - Day(state, a.OccurredAt) >= 14);
                Assert.True(advice.Change.IntervalDays > PresentDays(state, doses, now), "It does not widen.");
                break;
            case AdviceKind.NarrowInterval:
                Assert.True(Half(best) && (!Half(current.Total) || current.Total >= best + 5));
                Assert.True(advice.Change.IntervalDays < PresentDays(state, doses, now), "It does not narrow.");
                break;
            case AdviceKind.HoldInterval:
                Assert.True(Quarter(current.Total));
                break;
            case AdviceKind.TaperRatherThanStop:
                Assert.True(Half(best) && Half(current.Total));
                Assert.Equal(PhaseKind.Taper, advice.Change.Phase);
                break;
            case AdviceKind.StepDoseUp:
                Assert.True(!Half(best) && doses.Length >= 3 && effects.All(e => e.Severity == SideEffectSeverity.Mild) && !PhaseIsTaper(state, now));
                break;
            case AdviceKind.StopForNoResponse:
                Assert.True(!Quarter(best));
                break;
            case AdviceKind.AddPsychotherapy:
                Assert.True(Quarter(current.Total));
                break;
            case AdviceKind.AddSupportGroup:
                Assert.True(!Half(current.Total));
                break;
            default:
                Assert.Fail($"Nothing is written down for {advice.Kind}.");
                break;
        }
    }

    private static bool PhaseIsTaper(PatientState state, DateTimeOffset now) => PhaseOn(state, now) == PhaseKind.Taper;

    private static int PresentDays(PatientState state, Session[] doses, DateTimeOffset now)
    {
        var phase = PhaseOn(state, now)!.Value;
        var (low, high) = Spacing(state.Plan!, phase);
        return state.Plan!.Interval is { } interval && interval.Phase == phase
            ? interval.Days
            : Math.Clamp(Day(state, doses[^1].DosedAt!.Value) - Day(state, doses[^2].DosedAt!.Value), low, high);
    }

    /// <summary>By the chosen phase, else by the weeks: IV and IM optimise from week 4 and maintain from week 8, the others from weeks 5 and 9.</summary>
    private static PhaseKind? PhaseOn(PatientState state, DateTimeOffset now)
    {
        if (state.Plan!.ChosenPhase is { } chosen)
            return chosen;
        var week = 1 + ((Day(state, now) - Day(state, state.Sessions.Min(s => s.DosedAt)!.Value)) / 7);
        var (optimise, maintain) = state.Plan.Protocol.Value is "ketamine-iv-induction" or "ketamine-im" ? (4, 8) : (5, 9);
        return week >= maintain ? PhaseKind.Maintenance : week >= optimise ? PhaseKind.Optimisation : PhaseKind.Induction;
    }

    private static int Day(PatientState state, DateTimeOffset at) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(state.TimeZone)).DateTime).DayNumber;
}
