using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of starting, dosing and completing sessions, and of side effects.</summary>
internal static class SessionRefusals
{
    private static readonly SessionId Id = new("s-1");

    public static IEnumerable<RefusalCase> All() => [.. Starting(), .. Pressures(), .. Dosing(), .. Completing(), .. SideEffects(), .. Gates(), .. Discharge(), .. Facts()];

    /// <summary>A ketamine session of this patient, open since day 0, 10:00.</summary>
    internal static Chart Open()
    {
        var chart = Chart.Planned();
        return chart.Do(Start(chart, 0));
    }

    internal static StartSession Start(Chart chart, int day) => new(Id, Given.Home, true, Given.Calm, 80, "", chart.At(day));

    private static IEnumerable<RefusalCase> Starting()
    {
        var chart = Chart.Planned();
        var start = Start(chart, 0);
        var refusing = new Chart().Enrol().Consult();
        refusing.Do(new CreatePlan(Given.Ketamine, Domain.Protocols.Setting.Clinic, null, null, [Given.Goal], 3));
        refusing.Do(new RecordConsultation(Given.Consultation with { TreatmentConsent = false }, refusing.At(-1)));
        yield return RefusalCase.Precondition("TREATMENT_ENDED", "patient", "after the end", Chart.Planned().End(-1), start);
        yield return RefusalCase.Precondition("PLAN_MISSING", "patient", "no plan", new Chart().Enrol().Consult(), start);
        yield return RefusalCase.Precondition("TREATMENT_CONSENT_MISSING", "patient", "consent taken back in a later consultation", refusing, start);
        yield return RefusalCase.Precondition("CONTRAINDICATED", "patient", "a contraindication found later", Chart.Planned().Consult("Aneurysmal vascular disease"), start);
        yield return RefusalCase.Exists("SESSION_EXISTS", "session_id", "the id of a session that is over", Chart.Planned().Dose(0), Start(chart, 3) with { Session = new("s-1") });
        yield return RefusalCase.Precondition("SESSION_OPEN", "patient", "another one open", Open(), start with { Session = new("s-2") });
        yield return RefusalCase.Precondition("SITE_NOT_PERMITTED", "clinic", "a site the patient has not named", chart, start with { Clinic = Given.Other });
        var reader = Chart.Planned().Do(new SetSharing([new(Given.Other, SiteAccess.Read)], chart.At(-1)));
        yield return RefusalCase.Precondition("SITE_NOT_PERMITTED", "clinic", "a site that may only read", reader, start with { Clinic = Given.Other });
        yield return RefusalCase.Precondition("SETTING_NOT_CERTIFIED", "clinic", "esketamine, no certificate", Chart.Planned(esketamine: true), start with { ClinicCertified = false });
        yield return RefusalCase.Precondition("WEIGHT_MISSING", "weight_kg", "the dose goes by weight", chart, start with { WeightKg = null });
        foreach (var weight in new[] { 29.9, 300.1, -80, double.PositiveInfinity, double.NaN })
            yield return RefusalCase.Invalid("WEIGHT_OUT_OF_RANGE", "weight_kg", FormattableString.Invariant($"{weight} kg"), chart, start with { WeightKg = weight });
        yield return RefusalCase.Precondition("BLOOD_PRESSURE_HOLD", "blood_pressure", "141/90", chart, start with { BloodPressure = new(141, 90) });
        yield return RefusalCase.Invalid("TEXT_INVALID", "override_reason", "501 characters", chart, start with { OverrideReason = new('x', 501) });
        foreach (var one in RefusalCase.OfTime(chart, at => start with { OccurredAt = at }))
            yield return one;
    }

    /// <summary>By a protocol with every gate; which gates hold when is tested on its own.</summary>
    private static IEnumerable<RefusalCase> Gates()
    {
        var chart = LaterSession.Planned(Domain.Protocols.ProtocolCatalogue.EsketamineNasal2);
        var start = LaterSession.Start(chart);
        yield return RefusalCase.Precondition("ENROLMENT_MISSING", "enrolment_confirmed", "not enrolled", chart, start with { EnrolmentConfirmed = false });
        yield return RefusalCase.Precondition("ESCORT_MISSING", "escort_confirmed", "nobody takes the patient home", chart, start with { EscortConfirmed = false });
        yield return RefusalCase.Precondition("OXYGEN_SATURATION_MISSING", "spo2_percent", "not measured", chart, start with { SpO2Percent = null });
        yield return RefusalCase.Precondition("OXYGEN_SATURATION_LOW", "spo2_percent", "93 %", chart, start with { SpO2Percent = 93 });
        yield return RefusalCase.Precondition("FASTING_MISSING", "food_minutes", "food was not asked for", chart, start with { FoodMinutes = null });
        yield return RefusalCase.Precondition("FASTING_TOO_SHORT", "food_minutes", "119 min after food", chart, start with { FoodMinutes = 119 });
        yield return RefusalCase.Precondition("FASTING_TOO_SHORT", "drink_minutes", "29 min after a drink", chart, start with { DrinkMinutes = 29 });
        var dosed = LaterSession.Dosed(Domain.Protocols.ProtocolCatalogue.EsketamineNasal2);
        dosed.Do(new RecordLeaving(Id, LeavingKind.AgainstAdvice, "would not wait", dosed.At(0, 11)));
        yield return RefusalCase.Precondition("SPACING_TOO_SHORT", "occurred_at", "the day after", dosed, LaterSession.Start(dosed, 1) with { Session = new("s-2") });
        var held = start with { BloodPressure = new(141, 90), Overrides = [new(Domain.Protocols.GateKind.BloodPressure, "Known")], ActorRoles = Roles.Nurse };
        yield return RefusalCase.Denied("OVERRIDE_NOT_ALLOWED", "blood_pressure", "by a nurse", chart, held);
        foreach (var percent in new[] { 49, 101 })
            yield return RefusalCase.Invalid("VITALS_OUT_OF_RANGE", "spo2_percent", $"{percent} %", chart, start with { SpO2Percent = percent });
        yield return RefusalCase.Invalid("FASTING_OUT_OF_RANGE", "food_minutes", "-1 min", chart, start with { FoodMinutes = -1 });
        yield return RefusalCase.Invalid("FASTING_OUT_OF_RANGE", "drink_minutes", "a week and a minute", chart, start with { DrinkMinutes = 10_081 });
        yield return RefusalCase.Invalid("OVERRIDE_REPEATED", "overrides", "one gate twice", chart, held with { Overrides = [.. held.Overrides, .. held.Overrides] });
        yield return RefusalCase.Invalid("TEXT_INVALID", "overrides[0].reason", "no reason", chart, held with { Overrides = [new(Domain.Protocols.GateKind.Fasting, "")] });
    }

    private static IEnumerable<RefusalCase> Discharge()
    {
        var protocol = Domain.Protocols.ProtocolCatalogue.EsketamineNasal2;
        var read = LaterSession.Read(protocol);
        var leave = LaterSession.Leave(read);
        yield return RefusalCase.Precondition("VITALS_MISSING", "session_id", "no reading at 40 min", LaterSession.Dosed(protocol), leave);
        yield return RefusalCase.Precondition("CHECKLIST_INCOMPLETE", "checklist.oriented", "none", read, leave with { Checklist = null });
        yield return RefusalCase.Precondition("CHECKLIST_INCOMPLETE", "checklist.walks", "does not walk", read, leave with { Checklist = LaterSession.Checked with { Walks = false } });
        yield return RefusalCase.Precondition("BLOOD_PRESSURE_NOT_FALLING", "blood_pressure", "as high as at 40 min", read, leave with { BloodPressure = new(150, 95) });
        var high = LaterSession.Read(protocol).Do(new RecordVitals(Id, new(read.At(0, 11), new(200, 110))));
        yield return RefusalCase.Precondition("BLOOD_PRESSURE_NOT_NEAR_BASELINE", "blood_pressure", "21 mmHg above", high, leave with { BloodPressure = new(161, 90) });
        var low = LaterSession.Read(protocol).Do(new RecordVitals(Id, new(read.At(0, 11), SpO2Percent: 89)));
        yield return RefusalCase.Precondition("EMERGENCY_OPEN", "session_id", "89 %", low, leave);
        var sick = LaterSession.Read(protocol).Do(new RecordSideEffect(new(Id, SideEffectKind.Nausea, SideEffectSeverity.Mild, read.At(0, 11), 0, "")));
        yield return RefusalCase.Precondition("SIDE_EFFECT_UNRESOLVED", "session_id", "nausea goes on", sick, leave);
        foreach (var moaas in new[] { -1, 6 })
            yield return RefusalCase.Invalid("VITALS_OUT_OF_RANGE", "checklist.moaas", $"MOAA/S {moaas}", read, leave with { Checklist = LaterSession.Checked with { Moaas = moaas } });
        yield return RefusalCase.Invalid("VITALS_OUT_OF_RANGE", "checklist.cadss6", "CADSS-6 25", read, leave with { Checklist = LaterSession.Checked with { Cadss6 = 25 } });
        yield return RefusalCase.Invalid("VITALS_OUT_OF_RANGE", "checklist.spo2_percent", "101 %", read, leave with { Checklist = LaterSession.Checked with { SpO2Percent = 101 } });
    }

    private static IEnumerable<RefusalCase> Facts()
    {
        var chart = Open();
        var vitals = new Vitals(chart.At(0), Given.Calm);
        yield return RefusalCase.Precondition("SESSION_UNKNOWN", "session_id", "never started", chart, new RecordVitals(new("s-9"), vitals));
        yield return RefusalCase.Invalid("VITALS_EMPTY", "blood_pressure", "nothing measured", chart, new RecordVitals(Id, new(chart.At(0))));
        yield return RefusalCase.Invalid("BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.systolic_mmhg", "301 mmHg", chart, new RecordVitals(Id, vitals with { BloodPressure = new(301, 80) }));
        foreach (var (field, wrong) in new[]
        {
            ("heart_rate", vitals with { HeartRate = 19 }), ("heart_rate", vitals with { HeartRate = 251 }), ("spo2_percent", vitals with { SpO2Percent = 49 }),
            ("spo2_percent", vitals with { SpO2Percent = 101 }), ("respiratory_rate", vitals with { RespiratoryRate = -1 }), ("respiratory_rate", vitals with { RespiratoryRate = 61 }),
            ("moaas", vitals with { Moaas = -1 }), ("moaas", vitals with { Moaas = 6 }), ("cadss6", vitals with { Cadss6 = -1 }), ("cadss6", vitals with { Cadss6 = 25 }),
        })
            yield return RefusalCase.Invalid("VITALS_OUT_OF_RANGE", field, $"outside, {wrong.HeartRate}{wrong.SpO2Percent}{wrong.RespiratoryRate}{wrong.Moaas}{wrong.Cadss6}", chart, new RecordVitals(Id, wrong));
        yield return RefusalCase.Invalid("OCCURRED_BEFORE_START", "occurred_at", "a second before the start", chart, new RecordVitals(Id, vitals with { OccurredAt = chart.At(0).AddSeconds(-1) }));
        var full = Enumerable.Range(0, 240).Aggregate(Open(), (c, i) => c.Do(new RecordVitals(Id, vitals with { OccurredAt = c.At(0).AddMinutes(i) })));
        yield return RefusalCase.Precondition("TOO_MANY", "session_id", "a 241st set", full, new RecordVitals(Id, vitals));
        foreach (var one in RefusalCase.OfTime(chart, at => new RecordVitals(Id, vitals with { OccurredAt = at })))
            yield return one;
        var leaving = new RecordLeaving(Id, LeavingKind.AgainstAdvice, "would not wait", chart.At(0));
        yield return RefusalCase.Precondition("SESSION_UNKNOWN", "session_id", "never started", chart, leaving with { Session = new("s-9") });
        yield return RefusalCase.Precondition("SESSION_COMPLETED", "session_id", "twice", Open().Do(leaving), leaving);
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "no reason", chart, leaving with { Reason = "" });
        yield return RefusalCase.Invalid("OCCURRED_BEFORE_START", "occurred_at", "a second before the start", chart, leaving with { OccurredAt = chart.At(0).AddSeconds(-1) });
        foreach (var one in RefusalCase.OfTime(chart, at => leaving with { OccurredAt = at }))
            yield return one;
        var sick = Open().Do(new RecordSideEffect(new(Id, SideEffectKind.Nausea, SideEffectSeverity.Mild, chart.At(0), 0, "")));
        var over = new ResolveSideEffect(1, "", chart.At(0, 11));
        yield return RefusalCase.Precondition("SIDE_EFFECT_UNKNOWN", "side_effect", "number 0", sick, over with { Number = 0 });
        yield return RefusalCase.Precondition("SIDE_EFFECT_UNKNOWN", "side_effect", "number 2 of one", sick, over with { Number = 2 });
        yield return RefusalCase.Precondition("SIDE_EFFECT_RESOLVED", "side_effect", "twice", Open().Do(new RecordSideEffect(sick.State.SideEffects[0])).Do(over), over);
        yield return RefusalCase.Invalid("RESOLVED_BEFORE_ONSET", "occurred_at", "a second before it began", sick, over with { OccurredAt = chart.At(0).AddSeconds(-1) });
        yield return RefusalCase.Invalid("TEXT_INVALID", "treatment_given", "201 characters", sick, over with { TreatmentGiven = new('x', 201) });
        foreach (var one in RefusalCase.OfTime(sick, at => over with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Pressures()
    {
        var (planned, open) = (Chart.Planned(), Open());
        foreach (var (pressure, field) in new[]
        {
            (new BloodPressure(49, 30), "blood_pressure.systolic_mmhg"), (new BloodPressure(301, 80), "blood_pressure.systolic_mmhg"),
            (new BloodPressure(120, 19), "blood_pressure.diastolic_mmhg"), (new BloodPressure(250, 201), "blood_pressure.diastolic_mmhg"),
            (new BloodPressure(100, 100), "blood_pressure.diastolic_mmhg"),
        })
        {
            var about = $"{pressure.SystolicMmHg}/{pressure.DiastolicMmHg}";
            yield return RefusalCase.Invalid("BLOOD_PRESSURE_OUT_OF_RANGE", field, about, planned, Start(planned, 0) with { BloodPressure = pressure });
            yield return RefusalCase.Invalid("BLOOD_PRESSURE_OUT_OF_RANGE", field, about, open, new CompleteSession(Id, pressure, open.At(0, 12)));
        }
    }

    private static IEnumerable<RefusalCase> Dosing()
    {
        var chart = Open();
        var dose = new RecordDose(Id, 40, 40, chart.At(0));
        yield return RefusalCase.Precondition("SESSION_UNKNOWN", "session_id", "never started", chart, dose with { Session = new("s-9") });
        yield return RefusalCase.Precondition("DOSE_RECORDED", "session_id", "a second dose", Open().Do(dose), dose);
        foreach (var mg in new[] { 0, -1, 1000.1, double.NaN, double.PositiveInfinity })
            yield return RefusalCase.Invalid("DOSE_OUT_OF_RANGE", "dose_mg", FormattableString.Invariant($"{mg} mg"), chart, dose with { DoseMg = mg });
        yield return RefusalCase.Invalid("DURATION_OUT_OF_RANGE", "duration_minutes", "-1 min", chart, dose with { DurationMinutes = -1 });
        yield return RefusalCase.Invalid("DURATION_OUT_OF_RANGE", "duration_minutes", "241 min", chart, dose with { DurationMinutes = 241 });
        yield return RefusalCase.Invalid("OCCURRED_BEFORE_START", "occurred_at", "a second before the start", chart, dose with { OccurredAt = chart.At(0).AddSeconds(-1) });
        foreach (var one in RefusalCase.OfTime(chart, at => dose with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Completing()
    {
        var chart = Open();
        var complete = new CompleteSession(Id, Given.Calm, chart.At(0, 11));
        yield return RefusalCase.Precondition("SESSION_UNKNOWN", "session_id", "never started", chart, complete with { Session = new("s-9") });
        yield return RefusalCase.Precondition("SESSION_COMPLETED", "session_id", "twice", Open().Do(complete), complete);
        yield return RefusalCase.Invalid("OCCURRED_BEFORE_START", "occurred_at", "a second before the start", chart, complete with { OccurredAt = chart.At(0).AddSeconds(-1) });
        var dosed = Open().Do(new RecordDose(Id, 40, 40, chart.At(0)));
        yield return RefusalCase.Precondition("OBSERVATION_TOO_SHORT", "occurred_at", "59 minutes", dosed, complete with { OccurredAt = chart.At(0).AddMinutes(59) });
        foreach (var one in RefusalCase.OfTime(chart, at => complete with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> SideEffects()
    {
        var chart = Open();
        var effect = new SideEffect(Id, SideEffectKind.Nausea, SideEffectSeverity.Mild, chart.At(0), 30, "");
        yield return RefusalCase.Precondition("SESSION_UNKNOWN", "session_id", "never started", chart, new RecordSideEffect(effect with { Session = new("s-9") }));
        yield return RefusalCase.Invalid("DURATION_OUT_OF_RANGE", "duration_minutes", "-1 min", chart, new RecordSideEffect(effect with { DurationMinutes = -1 }));
        yield return RefusalCase.Invalid("DURATION_OUT_OF_RANGE", "duration_minutes", "a week and a minute", chart, new RecordSideEffect(effect with { DurationMinutes = 10_081 }));
        yield return RefusalCase.Invalid("TEXT_INVALID", "note", "1,001 characters", chart, new RecordSideEffect(effect with { Note = new('x', 1001) }));
        foreach (var one in RefusalCase.OfTime(chart, at => new RecordSideEffect(effect with { OccurredAt = at })))
            yield return one;
        yield return RefusalCase.Invalid("RESOLVED_BEFORE_ONSET", "resolved_at", "a second before it began", chart, new RecordSideEffect(effect with { ResolvedAt = chart.At(0).AddSeconds(-1) }));
        yield return RefusalCase.Invalid("OCCURRED_IN_FUTURE", "resolved_at", "over in the future", chart, new RecordSideEffect(effect with { ResolvedAt = chart.At(1) }), chart.At(0));
        yield return RefusalCase.Invalid("TEXT_INVALID", "treatment_given", "201 characters", chart, new RecordSideEffect(effect with { TreatmentGiven = new('x', 201) }));
    }
}
