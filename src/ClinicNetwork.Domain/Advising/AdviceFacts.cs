using System.Globalization;
using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Advising;

/// <summary>What the rules look at, read once from the state; null is what is not there.</summary>
internal sealed class AdviceFacts
{
    private static readonly OutcomeCondition Response = new(ScaleKind.Phq9, OutcomeRule.FallAtLeastShare, 0.5);
    private static readonly OutcomeCondition PartialResponse = new(ScaleKind.Phq9, OutcomeRule.FallAtLeastShare, 0.25);
    private static readonly OutcomeCondition RiseFromBest = new(ScaleKind.Phq9, OutcomeRule.RiseFromBestAtLeast, 5);

    /// <param name="state">With a plan and at least one dose.</param>
    public AdviceFacts(PatientState state, InductionCourse course, DateTimeOffset now)
    {
        (State, Plan, Course, Day) = (state, state.Plan!, course, state.DayOf(now));
        Doses = [.. state.Sessions.Where(s => s.DosedAt >= course.FirstDoseAt).OrderBy(s => s.DosedAt)];
        DaysSinceFirst = Day.DayNumber - course.FirstDose.DayNumber;
        Phase = Plan.ProtocolPhaseOn(DaysSinceFirst);
        Baseline = PatientSeries.BaselinePhq9(state, course.FirstDoseAt) is > 0
            ? state.Assessments.Where(a => a.OccurredAt < course.FirstDoseAt).OrderBy(a => a.OccurredAt).Last()
            : null;
        Answers = [.. state.Assessments.Where(a => a.OccurredAt >= course.FirstDoseAt && a.OccurredAt <= now).OrderBy(a => a.OccurredAt)];
        Current = Answers.LastOrDefault() is { } last && Day.DayNumber - state.DayOf(last.OccurredAt).DayNumber < AdviceCatalogue.RecallDays ? last : null;
        Best = Answers.MinBy(a => a.Total);
        IntervalDays = Plan.Interval is { } planned && planned.Phase == Phase?.Kind ? planned.Days : SpacingGiven();
    }

    public PatientState State { get; }

    public Plan Plan { get; }

    public InductionCourse Course { get; }

    public DateOnly Day { get; }

    public int DaysSinceFirst { get; }

    /// <summary>As the protocol has it.</summary>
    public Phase? Phase { get; }

    /// <summary>In order of time; at least one.</summary>
    public IReadOnlyList<Session> Doses { get; }

    /// <summary>Above 0: nothing is better than 0.</summary>
    public Assessment? Baseline { get; }

    /// <summary>PHQ-9s from the first dose on, in order of time.</summary>
    public IReadOnlyList<Assessment> Answers { get; }

    /// <summary>The last one, when it tells of the last two weeks.</summary>
    public Assessment? Current { get; }

    /// <summary>The lowest of the course.</summary>
    public Assessment? Best { get; }

    /// <summary>As planned for the phase that holds; else as the last two doses were given, within the phase's spacing.</summary>
    public int? IntervalDays { get; }

    public Session LastDose => Doses[^1];

    public bool IsInductionOver => Course.Doses >= Plan.InductionSessions || DaysSinceFirst > MilestoneSchedule.InductionDaysMax;

    public Session LastInductionDose => Doses[Course.Doses - 1];

    public bool IsResponse(Assessment answer) => IsMet(Response, answer);

    public bool IsPartialResponse(Assessment answer) => IsMet(PartialResponse, answer);

    /// <summary>At least 50 % better at some time of the course.</summary>
    public bool WasResponder => Baseline is not null && Best is { } best && IsResponse(best);

    /// <summary>A responder's present answer that is no response, or 5 points above the best.</summary>
    public bool IsLost => WasResponder && Current is { } current && (!IsResponse(current) || IsMet(RiseFromBest, current));

    /// <summary>The latest answer that is a measure of its own beside the present one.</summary>
    public Assessment? Earlier => Current is { } current
        ? Answers.LastOrDefault(a => State.DayOf(current.OccurredAt).DayNumber - State.DayOf(a.OccurredAt).DayNumber >= AdviceCatalogue.RecallDays)
        : null;

    /// <summary>At least 50 % better from the earlier measure to the present one, and nothing between that is not.</summary>
    public bool IsKept => Baseline is not null && Earlier is { } earlier && Answers.Where(a => a.OccurredAt >= earlier.OccurredAt).All(IsResponse) && !IsLost;

    public AdviceDatum BaselineDatum => Of(Baseline!, "PHQ-9 baseline, at most 30 days before the first dose");

    public AdviceDatum CurrentDatum => Of(Current!, "PHQ-9 of the last two weeks, " + Words(Current!));

    public AdviceDatum IntervalDatum => Plan.Interval is { } planned && planned.Phase == Phase?.Kind
        ? new($"plan/interval-{planned.Days}", $"planned every {planned.Days} days in {Words(Phase!.Kind)}")
        : new($"sessions/{LastDose.Id.Value}", $"given {IntervalDays} days after the dose before, within {Words(Phase!.Kind)}'s spacing");

    public AdviceDatum DoseDatum => Plan.DoseMgPerKg is { } perKg
        ? new($"plan/dose-{Number(perKg)}-mg-per-kg", $"planned dose of {Number(perKg)} mg/kg")
        : new($"plan/dose-{Number(Plan.DoseMg!.Value)}-mg", $"planned dose of {Number(Plan.DoseMg!.Value)} mg");

    public AdviceDatum Of(Assessment answer, string says) => new($"assessments/{answer.Id.Value}", says);

    public static AdviceDatum Of(Session session, string says) => new($"sessions/{session.Id.Value}", says);

    public string Words(Assessment answer) =>
        IsResponse(answer) ? "at least 50 % below baseline" : IsPartialResponse(answer) ? "25 % to less than 50 % below baseline" : "less than 25 % below baseline";

    public static string Words(PhaseKind phase) => phase switch
    {
        PhaseKind.Induction => "induction",
        PhaseKind.Optimisation => "optimisation",
        PhaseKind.Maintenance => "maintenance",
        PhaseKind.Taper => "taper",
        _ => throw new ArgumentOutOfRangeException(nameof(phase)),
    };

    public string LimitOf(Phase phase) =>
        $"{phase.SpacingDaysMin} to {phase.SpacingDaysMax} days in {Words(phase.Kind)}: {Plan.Protocol.Name}, version {Plan.ProtocolVersion}";

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Severe side effects of a session that a smaller dose may spare, with their numbers.</summary>
    public IEnumerable<(SideEffect Effect, int Number)> EffectsOf(Session session) =>
        State.SideEffects.Select((e, i) => (Effect: e, Number: i + 1)).Where(e => e.Effect.Session == session.Id);

    /// <summary>A reading of the session that its protocol calls an emergency.</summary>
    public bool HadEmergency(Session session) => State.ProtocolOf(session).Rules.Limits is { } limits
        && State.MonitoringOf(session.Id).Vitals.Any(v =>
            v.SpO2Percent < limits.EmergencySpO2Percent || v.Moaas <= limits.EmergencyMoaas || v.RespiratoryRate < limits.EmergencyRespiratoryRate);

    /// <summary>Before, during or after: of the alert's cut.</summary>
    public bool HadSeverePressure(Session session) =>
        new[] { session.Before, session.After }.Concat(State.MonitoringOf(session.Id).Vitals.Select(v => v.BloodPressure)).OfType<BloodPressure>()
            .Any(p => p.SystolicMmHg >= AlertCatalogue.SevereSystolicMmHg || p.DiastolicMmHg >= AlertCatalogue.SevereDiastolicMmHg);

    /// <summary>Null when the plan of the session was not kept.</summary>
    public bool? WasGivenByPresentDose(Session session) =>
        State.PlanOf(session) is { } plan ? plan.DoseMgPerKg == Plan.DoseMgPerKg && plan.DoseMg == Plan.DoseMg && plan.MadeFrom.Route == Plan.MadeFrom.Route : null;

    private bool IsMet(OutcomeCondition condition, Assessment answer) =>
        condition.IsMet(new(Day, ScaleKind.Phq9, Baseline!.Total, answer.Total, Best!.Total));

    private int? SpacingGiven() => Phase is { } phase && Doses.Count > 1
        ? Math.Clamp(
            State.DayOf(Doses[^1].DosedAt!.Value).DayNumber - State.DayOf(Doses[^2].DosedAt!.Value).DayNumber, phase.SpacingDaysMin, phase.SpacingDaysMax)
        : null;
}
