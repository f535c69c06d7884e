using ClinicNetwork.Domain.Patients;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>A session from the domain to the wire.</summary>
internal static class SessionMessages
{
    public static Wire.Session Of(PatientState state, Session session)
    {
        var message = Recorded(state, session, state.MonitoringOf(session.Id));
        message.Stage = (Wire.SessionStage)SessionCourse.StageOf(state, session);
        message.DueMinute = SessionCourse.FirstMissing(state, session)?.Minute ?? 0;
        message.MayDriveOn = SessionCourse.MayDriveOn(state, session) is { } day ? PatientMessages.Iso(day) : "";
        message.BrokenDischarge = state.Retracted.Any(r => r.OfSession == session.Id) ? Retraction.BrokenDischarge(state, session) ?? "" : "";
        return message;
    }

    /// <summary>Without what is derived.</summary>
    public static Wire.Session Recorded(PatientState state, Session session, SessionMonitoring monitoring)
    {
        var message = new Wire.Session
        {
            Name = $"{state.Id.Name}/sessions/{session.Id.Value}",
            Clinic = session.Clinic.Name,
            StartedAt = session.StartedAt.ToTimestamp(),
            DoseMg = session.DoseMg ?? 0,
            DosedAt = session.DosedAt?.ToTimestamp(),
            OutsidePlan = session.OutsidePlan,
            CompletedAt = session.CompletedAt?.ToTimestamp(),
            BloodPressureBefore = PatientMessages.Of(session.Before),
            BloodPressureAfter = session.After is { } after ? PatientMessages.Of(after) : null,
            OverrideReason = session.OverrideReason,
            Checklist = monitoring.Discharge is { } checklist ? Of(checklist) : null,
            Leaving = monitoring.Left is { } left ? (Wire.LeavingKind)left : Wire.LeavingKind.Unspecified,
            LeavingReason = monitoring.LeavingReason,
            DurationMinutes = session.DurationMinutes ?? 0,
        };
        if (session.Report is { } report)
        {
            message.ReportedAt = report.ReportedAt.ToTimestamp();
            message.OutsideGates.AddRange(report.OutsideGates);
            message.EmergencyReason = report.EmergencyReason;
        }

        if (monitoring.Checks is { } checks)
        {
            Add(message, checks);
        }

        message.Overridden.AddRange(monitoring.Overridden.Select(o => new Wire.GateOverride { Gate = (Wire.GateKind)o.Gate, Reason = o.Reason, OverriddenBy = o.By }));
        message.Vitals.AddRange(monitoring.Vitals.Select((v, i) => Of(v, FactNumbers.At(state, FactKind.Vitals, session.Id.Value, i).Number)));
        return message;
    }

    private static void Add(Wire.Session message, PreDoseChecks checks)
    {
        message.Spo2PercentBefore = checks.SpO2Percent ?? 0;
        message.EscortConfirmed = checks.EscortConfirmed;
        message.EnrolmentConfirmed = checks.EnrolmentConfirmed;
        if (checks.FoodMinutes is { } food)
        {
            message.FoodMinutes = food;
        }

        if (checks.DrinkMinutes is { } drink)
        {
            message.DrinkMinutes = drink;
        }
    }

    internal static Wire.Vitals Of(Vitals vitals, int number)
    {
        var message = new Wire.Vitals
        {
            OccurredAt = vitals.OccurredAt.ToTimestamp(),
            BloodPressure = vitals.BloodPressure is { } pressure ? PatientMessages.Of(pressure) : null,
            Dissociation = Of(vitals.Dissociation),
            Number = number,
        };
        Set(vitals.HeartRate, v => message.HeartRate = v);
        Set(vitals.SpO2Percent, v => message.Spo2Percent = v);
        Set(vitals.RespiratoryRate, v => message.RespiratoryRate = v);
        Set(vitals.Moaas, v => message.Moaas = v);
        Set(vitals.Cadss6, v => message.Cadss6 = v);
        return message;
    }

    private static Wire.DischargeChecklist Of(DischargeChecklist checklist)
    {
        var message = new Wire.DischargeChecklist
        {
            Oriented = checklist.Oriented,
            Walks = checklist.Walks,
            NauseaSettled = checklist.NauseaSettled,
            EscortPresent = checklist.EscortPresent,
            NoDrivingAdviceGiven = checklist.NoDrivingAdviceGiven,
            RiskScreenDone = checklist.RiskScreenDone,
            Dissociation = Of(checklist.Dissociation),
        };
        Set(checklist.Moaas, v => message.Moaas = v);
        Set(checklist.Cadss6, v => message.Cadss6 = v);
        Set(checklist.SpO2Percent, v => message.Spo2Percent = v);
        return message;
    }

    private static Wire.DissociationRating Of(DissociationRating? rating) => rating is { } given ? (Wire.DissociationRating)given : Wire.DissociationRating.Unspecified;

    private static void Set(int? value, Action<int> set)
    {
        if (value is { } given)
        {
            set(given);
        }
    }
}
