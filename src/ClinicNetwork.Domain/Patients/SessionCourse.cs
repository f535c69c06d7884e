using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Where a session stands, by its protocol's rules and what was recorded. Decides nothing by itself.</summary>
public static class SessionCourse
{
    public static SessionStage StageOf(PatientState state, Session session)
    {
        var monitoring = state.MonitoringOf(session.Id);
        if (session.CompletedAt is null)
        {
            return IsEmergency(state, session, DateTimeOffset.MaxValue) ? SessionStage.Emergency : session.DoseMg is null ? SessionStage.Cleared : SessionStage.Monitored;
        }

        return monitoring.Left is not null ? SessionStage.LeftWithoutDischarge
            : session.DoseMg is null ? SessionStage.EndedWithoutDose
            : RulesOf(state, session).AsksForDischarge && monitoring.Discharge is null ? SessionStage.LeftWithoutDischarge
            : SessionStage.Discharged;
    }

    /// <summary>
    /// The latest reading of a sign up to a time calls for emergency care, or respiratory depression that had begun was not over then. A reading of one
    /// sign does not clear another.
    /// </summary>
    public static bool IsEmergency(PatientState state, Session session, DateTimeOffset until)
    {
        if (RulesOf(state, session).Limits is not { } limits)
        {
            return false;
        }

        var monitoring = state.MonitoringOf(session.Id);
        return monitoring.Latest(VitalSigns.OxygenSaturation, until)?.SpO2Percent < limits.EmergencySpO2Percent
            || monitoring.Latest(VitalSigns.Sedation, until)?.Moaas <= limits.EmergencyMoaas
            || monitoring.Latest(VitalSigns.RespiratoryRate, until)?.RespiratoryRate < limits.EmergencyRespiratoryRate
            || state.SideEffects.Any(e => e.Session == session.Id && e.Kind == SideEffectKind.RespiratoryDepression && e.OccurredAt <= until && !IsOver(e, until));
    }

    /// <summary>The first time of the protocol whose readings are not all there; null when none is missing, or no dose was given.</summary>
    public static MonitoringTime? FirstMissing(PatientState state, Session session)
    {
        foreach (var (time, _) in Missing(state, session))
        {
            return time;
        }

        return null;
    }

    /// <summary>The times of the protocol whose readings are not all there, with what is missing of each; none when no dose was given.</summary>
    internal static IEnumerable<(MonitoringTime Time, VitalSigns Signs)> Missing(PatientState state, Session session)
    {
        if (session.DosedAt is not { } dosed)
        {
            yield break;
        }

        var vitals = state.MonitoringOf(session.Id).Vitals;
        foreach (var time in RulesOf(state, session).Monitoring)
        {
            var read = vitals
                .Where(v => v.OccurredAt >= dosed.AddMinutes(time.FromMinute) && v.OccurredAt <= dosed.AddMinutes(time.ToMinute))
                .Aggregate(VitalSigns.None, (signs, v) => signs | v.Signs);
            if ((read & time.Signs) != time.Signs)
            {
                yield return (time, time.Signs & ~read);
            }
        }
    }

    /// <summary>Over by this time, as far as that is known.</summary>
    public static bool IsOver(SideEffect effect, DateTimeOffset by) => effect.OverAt is { } over && over <= by;

    /// <summary>The first clinic day on which the patient may drive again, after a night's sleep; null without a dose.</summary>
    public static DateOnly? MayDriveOn(PatientState state, Session session) =>
        session.DosedAt is { } dosed ? state.DayOf(session.CompletedAt is { } left && left > dosed ? left : dosed).AddDays(1) : null;

    /// <summary>No session starts without a plan.</summary>
    private static SessionRules RulesOf(PatientState state, Session session) => state.ProtocolOf(session).Rules;
}
