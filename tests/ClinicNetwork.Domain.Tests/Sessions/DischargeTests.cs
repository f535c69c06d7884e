using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Sessions;

/// <summary>What leaving asks for, item by item on both sides of its bound; emergencies; leaving without a discharge; driving.</summary>
public sealed class DischargeTests
{
    private static string? Refused(Chart chart, CompleteSession leave) => chart.Try(leave).Refusal?.Reason;

    private static SessionStage Stage(Chart chart) => SessionCourse.StageOf(chart.State, chart.State.Sessions[0]);

    private static RecordVitals Read(Chart chart, int minute, Vitals? values = null) =>
        new(LaterSession.Id, (values ?? LaterSession.Reading(default)) with { OccurredAt = chart.At(0).AddMinutes(minute) });

    [Theory]
    [MemberData(nameof(LaterGateTests.Asking), MemberType = typeof(LaterGateTests))]
    public void With_all_that_the_protocol_asks_for_the_patient_is_discharged_and_not_a_minute_earlier(string protocol, int version)
    {
        var chart = LaterSession.Read(ProtocolCatalogue.Get(new(protocol), version));
        var leave = LaterSession.Leave(chart);
        Assert.Equal("OBSERVATION_TOO_SHORT", Refused(chart, leave with { OccurredAt = leave.OccurredAt.AddTicks(-1) }));

        chart.Do(leave);

        Assert.Equal(SessionStage.Discharged, Stage(chart));
        Assert.Equal(LaterSession.Checked, chart.State.MonitoringOf(LaterSession.Id).Discharge);
    }

    [Theory]
    [MemberData(nameof(LaterGateTests.Asking), MemberType = typeof(LaterGateTests))]
    public void Each_time_of_the_protocol_needs_its_readings_and_the_refusal_names_it(string protocol, int version)
    {
        var times = ProtocolCatalogue.Get(new(protocol), version).Rules.Monitoring;
        foreach (var left in times)
        {
            var chart = LaterSession.Dosed(ProtocolCatalogue.Get(new(protocol), version));
            foreach (var time in times.Where(t => t != left))
                chart.Do(Read(chart, time.Minute));
            chart.Do(Read(chart, left.FromMinute - 1)).Do(Read(chart, left.ToMinute + 1));
            var refusal = chart.Try(LaterSession.Leave(chart)).Refusal!;
            Assert.Equal("VITALS_MISSING", refusal.Reason);
            Assert.Contains($"due {left.Minute} minutes after the dose", refusal.Message, StringComparison.Ordinal);

            Assert.True(chart.Do(Read(chart, left.FromMinute)).Try(LaterSession.Leave(chart)).Accepted);
        }
    }

    /// <summary>Spravato label: about 40 min after; counted from 30 to 60 ([K]).</summary>
    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void Esketamines_reading_at_40_minutes_has_a_window(int minute, bool counts)
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.EsketamineNasal2);
        Assert.Equal(new VitalsAnswer(SessionStage.Monitored, counts ? null : 40), chart.Try(Read(chart, minute)).Answer);
    }

    [Fact]
    public void The_signs_of_one_time_may_be_read_one_after_the_other_but_none_may_lack()
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(Read(chart, 38, new(default, new(150, 95)))).Do(Read(chart, 41, new(default, SpO2Percent: 97)));
        Assert.Contains("sedation", chart.Try(LaterSession.Leave(chart)).Refusal!.Message, StringComparison.Ordinal);

        Assert.True(chart.Do(Read(chart, 44, new(default, Moaas: 5))).Try(LaterSession.Leave(chart)).Accepted);
    }

    [Fact]
    public void Each_item_of_the_checklist_is_asked_for_by_its_field()
    {
        var chart = LaterSession.Read(ProtocolCatalogue.EsketamineNasal2);
        var leave = LaterSession.Leave(chart);
        (string Field, DischargeChecklist? Checklist)[] lacking =
        [
            ("checklist.oriented", null),
            ("checklist.oriented", LaterSession.Checked with { Oriented = false }),
            ("checklist.walks", LaterSession.Checked with { Walks = false }),
            ("checklist.nausea_settled", LaterSession.Checked with { NauseaSettled = false }),
            ("checklist.escort_present", LaterSession.Checked with { EscortPresent = false }),
            ("checklist.no_driving_advice_given", LaterSession.Checked with { NoDrivingAdviceGiven = false }),
            ("checklist.risk_screen_done", LaterSession.Checked with { RiskScreenDone = false }),
            ("checklist.moaas", LaterSession.Checked with { Moaas = null }),
            ("checklist.moaas", LaterSession.Checked with { Moaas = 4 }),
            ("checklist.cadss6", LaterSession.Checked with { Cadss6 = null }),
            ("checklist.cadss6", LaterSession.Checked with { Cadss6 = 4 }),
            ("checklist.cadss6", LaterSession.Checked with { Cadss6 = 4, Dissociation = DissociationRating.None }),
            ("checklist.cadss6", LaterSession.Checked with { Cadss6 = null, Dissociation = DissociationRating.Moderate }),
            ("checklist.spo2_percent", LaterSession.Checked with { SpO2Percent = null }),
            ("checklist.spo2_percent", LaterSession.Checked with { SpO2Percent = 93 }),
        ];

        Assert.All(lacking, one =>
        {
            var refusal = chart.Try(leave with { Checklist = one.Checklist }).Refusal;
            Assert.Equal(("CHECKLIST_INCOMPLETE", one.Field), (refusal?.Reason, refusal?.Field));
        });
        Assert.True(chart.Try(leave with { Checklist = LaterSession.Checked with { Cadss6 = null, Dissociation = DissociationRating.Mild } }).Accepted);
    }

    /// <summary>Before 140/90, highest after 150/95: leaving may be within 20/10 of the first ([K]) and must be below the second.</summary>
    [Theory]
    [InlineData(149, 94, null)]
    [InlineData(150, 94, "BLOOD_PRESSURE_NOT_FALLING")]
    [InlineData(149, 95, "BLOOD_PRESSURE_NOT_FALLING")]
    [InlineData(120, 70, null)]
    public void The_pressure_must_fall(int systolic, int diastolic, string? reason)
    {
        var chart = LaterSession.Read(ProtocolCatalogue.EsketamineNasal2);

        Assert.Equal(reason, Refused(chart, LaterSession.Leave(chart) with { BloodPressure = new(systolic, diastolic) }));
    }

    [Theory]
    [InlineData(160, 100, null)]
    [InlineData(161, 100, "BLOOD_PRESSURE_NOT_NEAR_BASELINE")]
    [InlineData(160, 101, "BLOOD_PRESSURE_NOT_NEAR_BASELINE")]
    public void Falling_it_must_be_near_what_it_was_before(int systolic, int diastolic, string? reason)
    {
        var chart = LaterSession.Read(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(Read(chart, 70, new(default, new(190, 120))));

        Assert.Equal(reason, Refused(chart, LaterSession.Leave(chart) with { BloodPressure = new(systolic, diastolic) }));
    }

    [Fact]
    public void A_pressure_that_never_rose_need_not_fall()
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(Read(chart, 40, LaterSession.Reading(default) with { BloodPressure = new(130, 85) }));

        Assert.Null(Refused(chart, LaterSession.Leave(chart)));
        Assert.Equal("BLOOD_PRESSURE_NOT_FALLING", Refused(chart, LaterSession.Leave(chart) with { BloodPressure = new(141, 90) }));
    }

    [Theory]
    [InlineData(SideEffectKind.Dissociation, SideEffectSeverity.Mild, true)]
    [InlineData(SideEffectKind.Sedation, SideEffectSeverity.Mild, true)]
    [InlineData(SideEffectKind.Nausea, SideEffectSeverity.Mild, true)]
    [InlineData(SideEffectKind.BloodPressureIncreased, SideEffectSeverity.Mild, true)]
    [InlineData(SideEffectKind.Hallucination, SideEffectSeverity.Mild, true)]
    [InlineData(SideEffectKind.Headache, SideEffectSeverity.Moderate, false)]
    [InlineData(SideEffectKind.Headache, SideEffectSeverity.Severe, true)]
    [InlineData(SideEffectKind.Other, SideEffectSeverity.Severe, true)]
    public void A_side_effect_that_matters_is_over_before_the_patient_leaves(SideEffectKind kind, SideEffectSeverity severity, bool matters)
    {
        var chart = LaterSession.Read(ProtocolCatalogue.EsketamineNasal2);
        var leave = LaterSession.Leave(chart);
        var effect = new SideEffect(LaterSession.Id, kind, severity, chart.At(0, 10, 20), 0, "");
        Assert.Null(Refused(With(effect with { DurationMinutes = 100 }), leave)); // 10:20 to 12:00, when the patient leaves
        Assert.Equal(matters ? "SIDE_EFFECT_UNRESOLVED" : null, Refused(With(effect with { DurationMinutes = 101 }), leave));
        Assert.Null(Refused(With(effect with { ResolvedAt = chart.At(0, 12) }), leave));
        chart.Do(new RecordSideEffect(effect));
        Assert.Equal(matters ? "SIDE_EFFECT_UNRESOLVED" : null, Refused(chart, leave));

        chart.Do(new ResolveSideEffect(1, "ondansetron 4 mg", chart.At(0, 11)));

        Assert.Null(Refused(chart, leave));
        Assert.Equal((chart.At(0, 11), "ondansetron 4 mg"), (chart.State.SideEffects[0].ResolvedAt, chart.State.SideEffects[0].TreatmentGiven));

        static Chart With(SideEffect effect) => LaterSession.Read(ProtocolCatalogue.EsketamineNasal2).Do(new RecordSideEffect(effect));
    }

    [Theory]
    [InlineData(90, 2, 8, false)]
    [InlineData(89, 2, 8, true)]
    [InlineData(90, 1, 8, true)] // MOAA/S 0 or 1
    [InlineData(90, 2, 7, true)]
    public void An_emergency_stops_the_discharge_until_the_same_sign_is_read_again(int saturation, int moaas, int breaths, bool emergency)
    {
        var chart = LaterSession.Read(ProtocolCatalogue.KetamineIm);
        var expected = emergency ? SessionStage.Emergency : SessionStage.Monitored;
        chart.Do(Read(chart, 80, new(default, SpO2Percent: saturation, Moaas: moaas, RespiratoryRate: breaths)));
        Assert.Equal(expected, Stage(chart));
        chart.Do(Read(chart, 85, new(default, new(141, 90), HeartRate: 80)));
        Assert.Equal(expected, Stage(chart));
        Assert.Equal(emergency ? "EMERGENCY_OPEN" : null, Refused(chart, LaterSession.Leave(chart)));

        chart.Do(Read(chart, 89, new(default, SpO2Percent: 97, Moaas: 5, RespiratoryRate: 14)));

        Assert.Equal(SessionStage.Monitored, Stage(chart));
        Assert.Null(Refused(chart, LaterSession.Leave(chart)));
    }

    /// <summary>The patient is told to have left in the middle of it; a later reading is there already.</summary>
    [Fact]
    public void Nobody_left_in_an_emergency_that_was_over_only_later()
    {
        var chart = LaterSession.Read(ProtocolCatalogue.KetamineIm);
        chart.Do(Read(chart, 85, new(default, SpO2Percent: 80))).Do(Read(chart, 95, new(default, SpO2Percent: 98)));

        Assert.Equal("EMERGENCY_OPEN", Refused(chart, LaterSession.Leave(chart)));
        Assert.Null(Refused(chart, LaterSession.Leave(chart) with { OccurredAt = chart.At(0).AddMinutes(95) }));
    }

    [Fact]
    public void Respiratory_depression_is_an_emergency_until_it_is_over_whatever_is_read()
    {
        var chart = LaterSession.Read(ProtocolCatalogue.KetamineSc);
        chart.Do(new RecordSideEffect(new(LaterSession.Id, SideEffectKind.RespiratoryDepression, SideEffectSeverity.Mild, chart.At(0, 10, 30), 0, "")));
        Assert.Equal(SessionStage.Emergency, ((VitalsAnswer)chart.Try(Read(chart, 80)).Answer!).Stage);
        Assert.Equal("EMERGENCY_OPEN", Refused(chart, LaterSession.Leave(chart)));

        chart.Do(new ResolveSideEffect(1, "oxygen", chart.At(0, 10, 40)));

        Assert.Null(Refused(chart, LaterSession.Leave(chart)));
    }

    [Fact]
    public void An_emergency_before_the_dose_keeps_the_session_open_too()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.KetamineIm);
        chart.Do(LaterSession.Start(chart)).Do(Read(chart, -5, new(default, SpO2Percent: 80)));
        Assert.Equal("EMERGENCY_OPEN", Refused(chart, LaterSession.Leave(chart)));

        chart.Do(Read(chart, 0, new(default, SpO2Percent: 95))).Do(LaterSession.Leave(chart) with { Checklist = null });

        Assert.Equal(SessionStage.EndedWithoutDose, Stage(chart));
    }

    [Fact]
    public void Who_leaves_all_the_same_has_left_and_was_not_discharged()
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.EsketamineNasal2);
        chart.Do(Read(chart, 5, new(default, SpO2Percent: 80)));

        chart.Do(new RecordLeaving(LaterSession.Id, LeavingKind.AgainstAdvice, "would not wait", chart.At(0, 10, 10)));

        Assert.Equal((SessionStage.LeftWithoutDischarge, chart.At(0, 10, 10)), (Stage(chart), chart.State.Sessions[0].CompletedAt));
        Assert.Equal("SESSION_COMPLETED", Refused(chart, LaterSession.Leave(chart)));
        Assert.True(chart.Try(LaterSession.Start(chart, 2) with { Session = new("s-2") }).Accepted);
    }

    /// <summary>A dose that is told of later, of a session that was ended as held.</summary>
    [Fact]
    public void A_session_ended_without_a_dose_is_no_discharge_when_the_dose_turns_up()
    {
        var chart = LaterSession.Planned(ProtocolCatalogue.KetamineIm);
        chart.Do(LaterSession.Start(chart)).Do(LaterSession.Leave(chart) with { Checklist = null });

        chart.Do(new RecordDose(LaterSession.Id, 40, 0, chart.At(0)));

        Assert.Equal((SessionStage.LeftWithoutDischarge, "VITALS_MISSING"), (Stage(chart), SessionCourse.FirstMissing(chart.State, chart.State.Sessions[0]) is null ? null : "VITALS_MISSING"));
    }

    [Fact]
    public void Plans_of_version_1_ask_for_nothing_new()
    {
        var chart = Chart.Planned(esketamine: true);
        chart.Do(new StartSession(LaterSession.Id, Given.Home, true, Given.Calm, null, "", chart.At(0))).Do(new RecordDose(LaterSession.Id, 56, 10, chart.At(0)));
        Assert.Equal(new VitalsAnswer(SessionStage.Monitored, null), chart.Try(Read(chart, 5, new(default, SpO2Percent: 70))).Answer);

        chart.Do(new CompleteSession(LaterSession.Id, new(170, 100), chart.At(0, 12)));

        Assert.Equal((SessionStage.Discharged, 0), (Stage(chart), chart.State.Monitoring.Length));
    }

    /// <summary>Both clock changes, a skipped midnight (Cairo) and one at night: the day after the one on which the patient left, at home's clocks.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2025-03-29", 21, 59, "2025-03-30")]
    [InlineData("Europe/Berlin", "2025-03-29", 22, 30, "2025-03-31")] // left at 00:30 of the 30th, whose night has 23 h
    [InlineData("Europe/Berlin", "2025-10-25", 22, 30, "2025-10-27")]
    [InlineData("Europe/Berlin", "2025-10-26", 1, 0, "2025-10-27")] // left at 02:00, the first of two
    [InlineData("America/New_York", "2025-11-01", 21, 59, "2025-11-02")]
    [InlineData("Africa/Cairo", "2025-04-24", 22, 30, "2025-04-26")]
    [InlineData("Australia/Melbourne", "2025-10-04", 21, 59, "2025-10-05")]
    public void Nobody_drives_until_the_day_after(string zone, string day, int hour, int minute, string drives)
    {
        var chart = new Chart(zone, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).Enrol().Consult();
        chart.Do(new CreatePlan(Given.Esketamine, Setting.CertifiedClinic, null, null, [Given.Goal], 3, 1));
        var dosed = chart.At(0, hour, minute);
        chart.Do(new StartSession(LaterSession.Id, Given.Home, true, Given.Calm, null, "", dosed));
        Assert.Null(SessionCourse.MayDriveOn(chart.State, chart.State.Sessions[0]));
        chart.Do(new RecordDose(LaterSession.Id, 56, 10, dosed));

        chart.Do(new CompleteSession(LaterSession.Id, Given.Calm, dosed.AddHours(2)));

        Assert.Equal(drives, SessionCourse.MayDriveOn(chart.State, chart.State.Sessions[0])!.Value.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    }
}
