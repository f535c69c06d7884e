using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>A protocol from the domain to the wire.</summary>
internal static class ProtocolMessages
{
    public static Wire.TreatmentProtocol Of(TreatmentProtocol protocol)
    {
        var rules = protocol.Rules;
        var message = new Wire.TreatmentProtocol
        {
            Name = protocol.Id.Name,
            Version = protocol.Version,
            Title = protocol.Title,
            Drug = (Wire.Drug)protocol.Drug,
            Route = (Wire.Route)protocol.Route,
            DoseMgPerKg = protocol.DoseMgPerKg ?? 0,
            DoseMgPerKgMin = protocol.DoseMgPerKg is null ? 0 : protocol.DoseMgPerKgMin,
            DoseMgPerKgMax = protocol.DoseMgPerKg is null ? 0 : protocol.DoseMgPerKgMax,
            DurationMinutes = protocol.DurationMinutes,
            InductionSessions = protocol.InductionSessions,
            InductionDaysMax = protocol.InductionDaysMax,
            ObservationMinutesMin = protocol.ObservationMinutesMin,
            Source = protocol.Source,
            Limits = rules.Limits is { } limits ? Of(limits) : null,
        };
        message.Settings.AddRange(protocol.Settings.Select(s => (Wire.Setting)s));
        message.DosesMg.AddRange(protocol.DosesMg);
        message.Phases.AddRange(protocol.Phases.Select(p => new Wire.Phase
        {
            Kind = (Wire.PhaseKind)p.Kind,
            FirstWeek = p.FirstWeek,
            SpacingDaysMin = p.SpacingDaysMin,
            SpacingDaysMax = p.SpacingDaysMax,
        }));
        message.Gates.AddRange(rules.Gates.Select(Of));
        message.Monitoring.AddRange(rules.Monitoring.Select(Of));
        message.Checklist.AddRange(rules.Checklist.Select(DischargeChecklist.FieldOf));
        message.MustResolve.AddRange(rules.MustResolve.Select(k => (Wire.SideEffectKind)k));
        return message;
    }

    private static Wire.Gate Of(Gate gate)
    {
        var message = new Wire.Gate { Kind = (Wire.GateKind)gate.Kind, Overridable = gate.OverriddenBy is not null };
        message.OverriddenBy.AddRange(RoleNames.All.Where(r => gate.OverriddenBy?.HasFlag(r.Value) is true).OrderBy(r => r.Value).Select(r => r.Key));
        return message;
    }

    private static Wire.MonitoringTime Of(MonitoringTime time)
    {
        var message = new Wire.MonitoringTime { Minute = time.Minute, FromMinute = time.FromMinute, ToMinute = time.ToMinute };
        message.Signs.AddRange(Names(time.Signs));
        return message;
    }

    public static IEnumerable<string> Names(VitalSigns signs) => Enum.GetValues<VitalSigns>().Where(s => s != VitalSigns.None && signs.HasFlag(s)).Select(Name);

    private static string Name(VitalSigns sign) => sign switch
    {
        VitalSigns.BloodPressure => "BLOOD_PRESSURE",
        VitalSigns.HeartRate => "HEART_RATE",
        VitalSigns.OxygenSaturation => "OXYGEN_SATURATION",
        VitalSigns.RespiratoryRate => "RESPIRATORY_RATE",
        VitalSigns.Sedation => "SEDATION",
        VitalSigns.Dissociation => "DISSOCIATION",
        _ => throw new ArgumentOutOfRangeException(nameof(sign)),
    };

    private static Wire.SessionLimits Of(SessionLimits limits) => new()
    {
        FoodMinutesMin = limits.FoodMinutesMin,
        DrinkMinutesMin = limits.DrinkMinutesMin,
        Spo2PercentMin = limits.SpO2PercentMin,
        EmergencySpo2Percent = limits.EmergencySpO2Percent,
        EmergencyMoaas = limits.EmergencyMoaas,
        EmergencyRespiratoryRate = limits.EmergencyRespiratoryRate,
        NearSystolicMmhg = limits.NearSystolicMmHg,
        NearDiastolicMmhg = limits.NearDiastolicMmHg,
        Cadss6Max = limits.Cadss6Max,
        ClearanceMinutesMax = limits.ClearanceMinutesMax,
    };
}
