using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Sessions;

/// <summary>A session by a protocol that asks for more than version 1 did, hand-worked: day 0, 10:00 is its dose's time.</summary>
internal static class LaterSession
{
    public static readonly SessionId Id = new("s-1");

    public static readonly DischargeChecklist Checked = new(true, true, true, true, true, true, Moaas: 5, Cadss6: 3, Dissociation: null, SpO2Percent: 94);

    public static Chart Planned(TreatmentProtocol protocol)
    {
        var chart = new Chart().Enrol().Consult();
        return chart.Do(new CreatePlan(
            protocol.Id, protocol.Settings[0], null, null, [Given.Goal], chart.Version + 1, protocol.Version, protocol.Settings[0] == Setting.Home ? "Her partner" : ""));
    }

    /// <summary>Every gate just open: 140/90, 94 %, fasted to the minute.</summary>
    public static StartSession Start(Chart chart, int day = 0)
    {
        var limits = chart.State.Plan!.MadeFrom.Rules.Limits!;
        return new(
            Id, Given.Home, true, new(140, 90), 80, "", chart.At(day, 9, 50),
            SpO2Percent: 94,
            FoodMinutes: limits.FoodMinutesMin,
            DrinkMinutes: limits.DrinkMinutesMin,
            EscortConfirmed: true,
            EnrolmentConfirmed: true,
            Actor: "clinician-1",
            ActorRoles: Roles.Clinician);
    }

    public static Chart Dosed(TreatmentProtocol protocol)
    {
        var chart = Planned(protocol);
        chart.Do(Start(chart));
        return chart.Do(new RecordDose(Id, chart.State.Sessions[0].PlannedDoseMg, 10, chart.At(0)));
    }

    /// <summary>Dosed, with all the readings that the protocol asks for, of one sort.</summary>
    public static Chart Read(TreatmentProtocol protocol)
    {
        var chart = Dosed(protocol);
        foreach (var time in protocol.Rules.Monitoring)
            chart.Do(new RecordVitals(Id, Reading(chart.At(0).AddMinutes(time.Minute))));
        return chart;
    }

    public static Vitals Reading(DateTimeOffset at) => new(at, new(150, 95), 80, 97, 14, 5, 2);

    public static CompleteSession Leave(Chart chart) =>
        new(Id, new(140, 90), chart.At(0).AddMinutes(chart.State.Plan!.MadeFrom.ObservationMinutesMin), Checked);
}
