using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What a dosed session's protocol asks for before the patient is discharged. None of it may be overridden: who leaves all the same has left without discharge.</summary>
internal static class DischargeRules
{
    /// <summary>Null when the patient may be discharged.</summary>
    public static Refusal? Check(PatientState state, Session session, CompleteSession command)
    {
        var rules = state.Plan!.MadeFrom.Rules;
        if (rules.Limits is not { } limits)
        {
            return null;
        }

        if (SessionCourse.FirstMissing(state, session) is { } missing)
        {
            return Refusal.Precondition(
                "VITALS_MISSING",
                "session_id",
                $"Record the readings due {missing.Minute} minutes after the dose ({missing.FromMinute} to {missing.ToMinute}): {Words(missing.Signs)}.");
        }

        if (state.SideEffects.Any(e => e.Session == session.Id && e.OccurredAt <= command.OccurredAt && MustBeOver(rules, e) && !SessionCourse.IsOver(e, command.OccurredAt)))
        {
            return Refusal.Precondition("SIDE_EFFECT_UNRESOLVED", "session_id", "Wait until the side effects are over, and record when each was.");
        }

        foreach (var item in rules.Checklist)
        {
            if (command.Checklist?.Has(item, limits) is not true)
            {
                return Refusal.Precondition("CHECKLIST_INCOMPLETE", DischargeChecklist.FieldOf(item), "Confirm this, or wait until it can be confirmed.");
            }
        }

        return CheckPressure(state, session, command, limits);
    }

    internal static bool MustBeOver(SessionRules rules, SideEffect effect) => rules.MustResolve.Contains(effect.Kind) || effect.Severity == SideEffectSeverity.Severe;

    /// <summary>Falling: below the highest reading since the dose, unless that was no higher than before it. Each of the two values by itself.</summary>
    private static Refusal? CheckPressure(PatientState state, Session session, CompleteSession command, SessionLimits limits)
    {
        var (before, leaving) = (session.Before, command.BloodPressure);
        var since = state.MonitoringOf(session.Id).Vitals.Where(v => v.OccurredAt >= session.DosedAt && v.OccurredAt <= command.OccurredAt).Select(v => v.BloodPressure).OfType<BloodPressure>().ToArray();
        if (!Falls(before.SystolicMmHg, since.Select(p => p.SystolicMmHg), leaving.SystolicMmHg) || !Falls(before.DiastolicMmHg, since.Select(p => p.DiastolicMmHg), leaving.DiastolicMmHg))
        {
            return Refusal.Precondition("BLOOD_PRESSURE_NOT_FALLING", "blood_pressure", "Measure again until the pressure falls.");
        }

        return leaving.SystolicMmHg > before.SystolicMmHg + limits.NearSystolicMmHg || leaving.DiastolicMmHg > before.DiastolicMmHg + limits.NearDiastolicMmHg
            ? Refusal.Precondition(
                "BLOOD_PRESSURE_NOT_NEAR_BASELINE",
                "blood_pressure",
                $"Wait until the pressure is within {limits.NearSystolicMmHg}/{limits.NearDiastolicMmHg} mmHg of that before the dose.")
            : null;
    }

    private static bool Falls(int before, IEnumerable<int> since, int leaving) => leaving <= before || leaving < since.DefaultIfEmpty(int.MaxValue).Max();

    private static string Words(VitalSigns signs) => string.Join(", ", Enum.GetValues<VitalSigns>().Where(s => s != VitalSigns.None && signs.HasFlag(s)).Select(s => s switch
    {
        VitalSigns.BloodPressure => "blood pressure",
        VitalSigns.HeartRate => "heart rate",
        VitalSigns.OxygenSaturation => "oxygen saturation",
        VitalSigns.RespiratoryRate => "respiratory rate",
        VitalSigns.Sedation => "sedation",
        VitalSigns.Dissociation => "dissociation",
        _ => throw new ArgumentOutOfRangeException(nameof(signs)),
    }));
}
