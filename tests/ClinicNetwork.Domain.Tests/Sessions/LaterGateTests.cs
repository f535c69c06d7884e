using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Sessions;

/// <summary>Each gate before the dose on both sides of its bound, and who may override which.</summary>
public sealed class LaterGateTests
{
    public static TheoryData<string, int> Asking
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var p in ProtocolCatalogue.All.Where(p => p.Rules.AsksForDischarge))
                data.Add(p.Id.Value, p.Version);
            return data;
        }
    }

    /// <summary>What must hold at each gate, and how it looks a step inside and outside its bound.</summary>
    private static IEnumerable<(GateKind Gate, string Reason, Func<StartSession, StartSession> Close)> Closed(TreatmentProtocol protocol)
    {
        var limits = protocol.Rules.Limits!;
        yield return (GateKind.BloodPressure, "BLOOD_PRESSURE_HOLD", s => s with { BloodPressure = new(141, 90) });
        yield return (GateKind.BloodPressure, "BLOOD_PRESSURE_HOLD", s => s with { BloodPressure = new(140, 91) });
        yield return (GateKind.OxygenSaturation, "OXYGEN_SATURATION_LOW", s => s with { SpO2Percent = 93 });
        yield return (GateKind.Fasting, "FASTING_TOO_SHORT", s => s with { FoodMinutes = limits.FoodMinutesMin - 1 });
        yield return (GateKind.Fasting, "FASTING_TOO_SHORT", s => s with { DrinkMinutes = limits.DrinkMinutesMin - 1 });
        yield return (GateKind.Escort, "ESCORT_MISSING", s => s with { EscortConfirmed = false });
        if (protocol.Drug == Drug.Esketamine)
        {
            yield return (GateKind.Enrolment, "ENROLMENT_MISSING", s => s with { EnrolmentConfirmed = false });
            yield return (GateKind.SiteCertificate, "SETTING_NOT_CERTIFIED", s => s with { ClinicCertified = false });
        }
        else
        {
            yield return (GateKind.Weight, "WEIGHT_MISSING", s => s with { WeightKg = null });
        }
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void Just_inside_every_bound_the_dose_is_told(string protocol, int version)
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.Get(new(protocol), version));

        chart.Do(LaterSession.Start(chart));

        Assert.Equal(SessionStage.Cleared, SessionCourse.StageOf(chart.State, chart.State.Sessions[0]));
        Assert.Empty(chart.State.MonitoringOf(LaterSession.Id).Overridden);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void Just_outside_a_bound_the_session_is_held_and_only_a_clinician_may_override_only_what_the_protocol_lets(string protocol, int version)
    {
        GateKind[] overridable = [GateKind.BloodPressure, GateKind.Fasting];
        var chart = LaterSession.Planned(ProtocolCatalogue.Get(new(protocol), version));
        foreach (var (gate, reason, close) in Closed(chart.State.Plan!.MadeFrom))
        {
            var held = close(LaterSession.Start(chart));
            var overridden = held with { Overrides = [new(gate, "Benefit outweighs the risk.")] };
            Assert.Equal(reason, chart.Try(held).Refusal?.Reason);
            Assert.Equal(reason, chart.Try(held with { Overrides = [new(GateKind.Spacing, "Another gate's reason.")] }).Refusal?.Reason);
            if (!overridable.Contains(gate))
            {
                Assert.Equal((gate, reason), (gate, chart.Try(overridden).Refusal?.Reason));
                continue;
            }

            foreach (var roles in new[] { Roles.None, Roles.Nurse, Roles.Coordinator | Roles.SiteAdmin })
                Assert.Equal((RefusalKind.Denied, "OVERRIDE_NOT_ALLOWED"), Told(chart.Try(overridden with { ActorRoles = roles })));
            var accepted = chart.Try(overridden with { ActorRoles = Roles.Clinician | Roles.Nurse });
            Assert.Equal(new GateOverridden(gate, "Benefit outweighs the risk.", "clinician-1"), Assert.Single(((SessionCleared)accepted.Events[1]).Overridden));
        }

        static (RefusalKind?, string?) Told(Attempt attempt) => (attempt.Refusal?.Kind, attempt.Refusal?.Reason);
    }

    [Fact]
    public void What_nobody_asked_or_measured_cannot_be_overridden()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.EsketamineNasal2);
        var start = LaterSession.Start(chart) with { Overrides = [new(GateKind.Fasting, "Urgent"), new(GateKind.OxygenSaturation, "Urgent")] };

        Assert.Equal("FASTING_MISSING", chart.Try(start with { FoodMinutes = null }).Refusal?.Reason);
        Assert.Equal("FASTING_MISSING", chart.Try(start with { DrinkMinutes = null }).Refusal?.Reason);
        Assert.Equal("OXYGEN_SATURATION_MISSING", chart.Try(start with { SpO2Percent = null }).Refusal?.Reason);
    }

    [Fact]
    public void The_old_reason_overrides_the_pressure_for_clinicians_and_nothing_else()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.KetamineIv2);
        var held = LaterSession.Start(chart) with { BloodPressure = new(150, 95), OverrideReason = "White-coat pressure" };

        Assert.True(chart.Try(held).Accepted);
        Assert.Equal("OVERRIDE_NOT_ALLOWED", chart.Try(held with { ActorRoles = Roles.Nurse }).Refusal?.Reason);
        Assert.Equal("FASTING_TOO_SHORT", chart.Try(held with { FoodMinutes = 0 }).Refusal?.Reason);
    }

    [Fact]
    public void An_override_of_a_gate_that_does_not_hold_leaves_nothing()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.KetamineIv2);

        chart.Do(LaterSession.Start(chart) with { Overrides = [new(GateKind.Fasting, "To be safe")], ActorRoles = Roles.Nurse });

        Assert.Empty(chart.State.MonitoringOf(LaterSession.Id).Overridden);
    }

    /// <summary>Clinic days of Berlin: a dose late on Monday and a session early on Wednesday are two days apart, whatever the hours.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)] // induction: 2 days
    [InlineData(25, false)] // week 4, 4 days after the dose of day 21
    [InlineData(26, true)] // 5 days
    public void Spacing_is_the_phases_in_clinic_days(int day, bool accepted)
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.KetamineIv2);
        foreach (var (dosed, id) in new[] { (0, "d-0"), (21, "d-21") }.Where(d => d.Item1 == 0 || day > 21))
        {
            chart.Do(LaterSession.Start(chart) with { Session = new(id), OccurredAt = chart.At(dosed, 22, 30) });
            chart.Do(new RecordDose(new(id), 40, 40, chart.At(dosed, 23)));
            chart.Do(new RecordLeaving(new(id), LeavingKind.OutsideProtocol, "not read", chart.At(dosed + 1, 1)));
        }

        var start = LaterSession.Start(chart) with { Session = new("s-2"), OccurredAt = chart.At(day, 0, 30) };

        Assert.Equal(accepted ? null : "SPACING_TOO_SHORT", chart.Try(start).Refusal?.Reason);
        Assert.True(chart.Try(start with { Overrides = [new(GateKind.Spacing, "She travels tomorrow")] }).Accepted);
    }

    [Fact]
    public void Consent_and_contraindications_are_hard_stops_here_too()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.KetamineSc);
        var start = LaterSession.Start(chart) with { Overrides = [new(GateKind.TreatmentConsent, "x"), new(GateKind.Contraindications, "x")] };

        chart.Consult("Aneurysmal vascular disease");
        Assert.Equal("CONTRAINDICATED", chart.Try(start).Refusal?.Reason);
        chart.Do(new RecordConsultation(Given.Consultation with { TreatmentConsent = false }, chart.At(-1)));
        Assert.Equal("TREATMENT_CONSENT_MISSING", chart.Try(start).Refusal?.Reason);
    }

    /// <summary>A dose that was given is a fact; what should have stopped it is marked.</summary>
    [Fact]
    public void A_dose_past_a_stop_is_recorded_and_marked()
    {
        Assert.False(Outside(_ => { }));
        Assert.False(Outside(_ => { }, minutes: 60));
        Assert.True(Outside(_ => { }, minutes: 61)); // 60 min from the checks to the dose
        Assert.True(Outside(c => c.Consult("Intracerebral haemorrhage")));
        Assert.True(Outside(c => c.Do(new RecordConsultation(Given.Consultation with { TreatmentConsent = false }, c.At(0, 9, 55)))));
        Assert.True(Outside(c => c.Do(new EndTreatment("withdrew", c.At(0, 9, 55)))));
        Assert.True(Outside(c => c.Do(new RecordVitals(LaterSession.Id, new(c.At(0, 9, 55), SpO2Percent: 89)))));
        Assert.False(Outside(c => c.Do(new RecordVitals(LaterSession.Id, new(c.At(0, 9, 55), SpO2Percent: 90)))));
        Assert.True(Outside(c => c.Do(new RecordSideEffect(new(LaterSession.Id, SideEffectKind.RespiratoryDepression, SideEffectSeverity.Mild, c.At(0, 9, 55), 0, "")))));
        Assert.True(Outside(c => c.Do(new RecordLeaving(LaterSession.Id, LeavingKind.AgainstAdvice, "went out", c.At(0, 9, 55)))));

        static bool Outside(Action<Chart> meanwhile, int minutes = 10)
        {
            var chart = LaterSession.Planned(ProtocolCatalogue.KetamineIm);
            chart.Do(LaterSession.Start(chart));
            meanwhile(chart);
            return ((DoseAnswer)chart.Try(new RecordDose(LaterSession.Id, 40, 0, chart.At(0, 9, 50).AddMinutes(minutes))).Answer!).OutsidePlan;
        }
    }
}
