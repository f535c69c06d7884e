using System.Collections.Immutable;
using System.Globalization;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What every plan keeps to, new or changed.</summary>
public static class PlanRules
{
    /// <summary>Sessions in an induction, at most ([K], our bound).</summary>
    public const int InductionSessionsMax = 12;

    private const int GoalsMax = 20;

    private const int SupervisionLengthMax = 1_000;

    private const int SupportMax = 20;

    /// <summary>Null when the plan keeps to its protocol and bounds, else SETTING_NOT_PERMITTED, SUPERVISION_MISSING, DOSE_OUT_OF_RANGE, SESSIONS_OUT_OF_RANGE, PHASE_UNKNOWN, INTERVAL_OUT_OF_RANGE, a series of support's refusal or a goal's.</summary>
    public static Refusal? Check(TreatmentProtocol protocol, Plan plan)
    {
        if (protocol.Drug == Drug.Esketamine && plan.Setting == Setting.Home)
        {
            return Refusal.Invalid("SETTING_NOT_PERMITTED", "setting", "Esketamine is never given at home; choose a certified clinic.");
        }

        var placement = TreatmentMatrix.Of(protocol.Drug, protocol.Route, plan.Setting);
        if (placement == Placement.Refused || !protocol.Settings.Contains(plan.Setting))
        {
            return Refusal.Invalid("SETTING_NOT_PERMITTED", "setting", $"Choose one of the protocol's settings: {string.Join(", ", protocol.Settings)}.");
        }

        if (placement == Placement.NeedsSupervision && string.IsNullOrWhiteSpace(plan.Supervision))
        {
            return Refusal.Invalid("SUPERVISION_MISSING", "supervision", "Record who supervises doses at home, and how.");
        }

        if (Texts.Check(plan.Supervision ?? "", 0, SupervisionLengthMax, "supervision") is { } text)
        {
            return text;
        }

        if (plan.InductionSessions is < 1 or > InductionSessionsMax)
        {
            return Refusal.Invalid("SESSIONS_OUT_OF_RANGE", "induction_sessions", $"Give 1 to {InductionSessionsMax}.");
        }

        return CheckDose(protocol, plan) ?? CheckSpacing(protocol, plan) ?? CheckSupport(plan.GivenSupport) ?? CheckGoals(plan.Goals);
    }

    private static Refusal? CheckDose(TreatmentProtocol protocol, Plan plan)
    {
        var byWeight = protocol.DoseMgPerKg is not null;
        if (byWeight && plan.DoseMg is not null)
        {
            return Refusal.Invalid("DOSE_OUT_OF_RANGE", "dose_mg", "Give no fixed dose; this protocol doses by weight.");
        }

        if (!byWeight && plan.DoseMgPerKg is not null)
        {
            return Refusal.Invalid("DOSE_OUT_OF_RANGE", "dose_mg_per_kg", "Give no dose by weight; this protocol has fixed doses.");
        }

        if (!byWeight)
        {
            return plan.DoseMg is { } fixedDose && protocol.DosesMg.Contains(fixedDose)
                ? null
                : Refusal.Invalid("DOSE_OUT_OF_RANGE", "dose_mg", $"Give one of the protocol's doses in mg: {string.Join(", ", protocol.DosesMg)}.");
        }

        return plan.DoseMgPerKg >= protocol.DoseMgPerKgMin && plan.DoseMgPerKg <= protocol.DoseMgPerKgMax
            ? null
            : Refusal.Invalid("DOSE_OUT_OF_RANGE", "dose_mg_per_kg", string.Create(CultureInfo.InvariantCulture, $"Give {protocol.DoseMgPerKgMin:0.0#} to {protocol.DoseMgPerKgMax:0.0#} mg/kg."));
    }

    private static Refusal? CheckSpacing(TreatmentProtocol protocol, Plan plan)
    {
        if (plan.ChosenPhase is { } chosen && protocol.Phases.All(p => p.Kind != chosen))
        {
            return Refusal.Invalid("PHASE_UNKNOWN", "phase", "Choose a phase that the protocol has; list the protocols. Version 1 of some has none.");
        }

        if (plan.Interval is not { } interval)
        {
            return null;
        }

        return protocol.Phases.FirstOrDefault(p => p.Kind == interval.Phase) is not { } phase
            ? Refusal.Invalid("PHASE_UNKNOWN", "interval_days", "An interval is planned within a phase, and this protocol lacks the phase; move to a version that has it.")
            : interval.Days < phase.SpacingDaysMin || interval.Days > phase.SpacingDaysMax
                ? Refusal.Invalid("INTERVAL_OUT_OF_RANGE", "interval_days", $"Give {phase.SpacingDaysMin} to {phase.SpacingDaysMax} days, the protocol's spacing in this phase.")
                : null;
    }

    private static Refusal? CheckSupport(ImmutableArray<PlannedSupport> support)
    {
        if (support.Length > SupportMax)
        {
            return Refusal.Invalid("TOO_MANY", "support", $"Give at most {SupportMax}.");
        }

        return support.Select((s, i) =>
                Texts.Check(s.Provider, 1, 200, $"support[{i}].provider")
                ?? (s.EveryDays is < 1 or > PlannedSupport.EveryDaysMax
                    ? Refusal.Invalid("SUPPORT_OUT_OF_RANGE", $"support[{i}].every_days", $"Give 1 to {PlannedSupport.EveryDaysMax} days.")
                    : s.To < s.From ? Refusal.Invalid("SUPPORT_OUT_OF_RANGE", $"support[{i}].to_day", "Give a last day that is not before the first.") : null))
            .FirstOrDefault(r => r is not null);
    }

    private static Refusal? CheckGoals(ImmutableArray<Goal> goals)
    {
        if (goals.Length is 0 or > GoalsMax)
        {
            return Refusal.Invalid("GOALS_MISSING", "goals", $"Agree on 1 to {GoalsMax} goals.");
        }

        for (var i = 0; i < goals.Length; i++)
        {
            if (Texts.Check(goals[i].Text, 1, 300, $"goals[{i}].text") is { } text)
            {
                return text;
            }

            if (goals[i].TargetPhq9 is < 0 or > Phq9.TotalMax)
            {
                return Refusal.Invalid("GOAL_OUT_OF_RANGE", $"goals[{i}].target_phq9", $"Give 0 to {Phq9.TotalMax}.");
            }

            if (CheckMeasure(goals[i], $"goals[{i}]") is { } measure)
            {
                return measure;
            }
        }

        return null;
    }

    private static Refusal? CheckMeasure(Goal goal, string field) => goal switch
    {
        { Measure: null, TargetTotal: null } => null,
        { TargetPhq9: not null } => Refusal.Invalid("GOAL_MEASURE_INVALID", $"{field}.target_phq9", "Give one measure a goal: the PHQ-9 by target_phq9, or another scale."),
        { Measure: not (ScaleKind.Gad7 or ScaleKind.Madrs or ScaleKind.QidsSr16) } =>
            Refusal.Invalid("GOAL_MEASURE_INVALID", $"{field}.measure", "Give GAD7, MADRS or QIDS_SR16; the PHQ-9 has target_phq9."),
        _ => ScaleCatalogue.Get(goal.Measure.Value).TotalMax is var most && goal.TargetTotal >= 0 && goal.TargetTotal <= most
            ? null
            : Refusal.Invalid("GOAL_OUT_OF_RANGE", $"{field}.target_total", $"Give 0 to {most}."),
    };
}
