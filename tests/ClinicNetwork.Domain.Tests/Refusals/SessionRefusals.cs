using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of starting, dosing and completing sessions, and of side effects.</summary>
internal static class SessionRefusals
{
    private static readonly SessionId Id = new("s-1");

    public static IEnumerable<RefusalCase> All() => [.. Starting(), .. Pressures(), .. Dosing(), .. Completing(), .. SideEffects()];

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
    }
}
