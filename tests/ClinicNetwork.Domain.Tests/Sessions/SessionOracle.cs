using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Tests.Sessions;

/// <summary>
/// A model of its own of what clears a dose and what discharges a patient: by the list of events and figures written down here again, without the domain's rules,
/// state or catalogue.
/// </summary>
internal sealed class SessionOracle(string protocol, int version, TimeZoneInfo zone)
{
    /// <summary>Minutes (due, from, to), then signs: p pressure, h heart rate, o oxygen, s sedation.</summary>
    private static readonly Dictionary<string, (int From, int To, string Signs)[]> Readings = new()
    {
        ["esketamine-nasal-induction"] = [(30, 60, "pos")],
        ["ketamine-iv-induction"] = [(8, 22, "phos"), (23, 37, "phos"), (38, 52, "phos"), (53, 67, "phos")],
        ["ketamine-im"] = [(8, 22, "pos"), (23, 45, "pos"), (46, 75, "pos")],
        ["ketamine-sc"] = [(8, 22, "pos"), (23, 45, "pos"), (46, 75, "pos")],
        ["ketamine-home"] = [(20, 45, "pos"), (46, 90, "pos")],
    };

    private readonly List<IEvent> _events = [];

    private bool AsksMore => version == 2 || protocol is "ketamine-im" or "ketamine-sc" or "ketamine-home";

    private bool IsEsketamine => protocol == "esketamine-nasal-induction";

    private int ObservationMinutes => IsEsketamine || protocol == "ketamine-home" ? 120 : AsksMore ? 90 : 60;

    public void Saw(IEnumerable<IEvent> events) => _events.AddRange(events);

    public SessionStarted? Open => Of<SessionStarted>().LastOrDefault(s => !IsOver(s));

    /// <summary>May the dose be told?</summary>
    public bool MayStart(StartSession c)
    {
        var consultation = Of<ConsultationRecorded>().LastOrDefault()?.Consultation;
        var hard = !Of<TreatmentEnded>().Any()
            && Open is null
            && Of<SessionStarted>().All(s => s.Session != c.Session)
            && consultation is { TreatmentConsent: true, Contraindications.Length: 0 }
            && !IsStoppedByCode(consultation)
            && (c.ClinicCertified || !IsEsketamine)
            && (IsEsketamine || c.WeightKg is not null)
            && (!IsPregnant(c.OccurredAt) || (c.Actor.StartsWith("clinician", StringComparison.Ordinal) && Reason(c, "Pregnancy")));
        var pressureHolds = c.BloodPressure.SystolicMmHg > 140 || c.BloodPressure.DiastolicMmHg > 90;
        if (!AsksMore)
            return hard && (!pressureHolds || c.OverrideReason.Length > 0 || Reason(c, "BloodPressure"));

        var clinician = c.Actor.StartsWith("clinician", StringComparison.Ordinal);
        var (food, drink) = IsEsketamine ? (120, 30) : (360, 120);
        return hard
            && c.EscortConfirmed
            && c.SpO2Percent >= 94
            && (c.EnrolmentConfirmed || !IsEsketamine)
            && c is { FoodMinutes: not null, DrinkMinutes: not null }
            && ((c.FoodMinutes >= food && c.DrinkMinutes >= drink) || (clinician && Reason(c, "Fasting")))
            && (!TooSoon(c.OccurredAt) || (clinician && Reason(c, "Spacing")))
            && (!pressureHolds || (clinician && (Reason(c, "BloodPressure") || c.OverrideReason.Length > 0)));
    }

    /// <summary>Severe hepatic impairment stops esketamine alone; the other of the paths' codes stops neither.</summary>
    private bool IsStoppedByCode(Consultation consultation) =>
        consultation.Detail?.Findings.Any(f => f.Present && (f.Code == "intracerebral-haemorrhage" || (f.Code == "hepatic-impairment-severe" && IsEsketamine))) == true;

    /// <summary>Is this dose past something that should have stopped it, or off the plan?</summary>
    public bool IsOutside(RecordDose c, double plannedMg)
    {
        var started = Of<SessionStarted>().Single(s => s.Session == c.Session);
        var off = Math.Abs(c.DoseMg - plannedMg) > (plannedMg / 10) + 1e-9;
        var leftAt = Of<SessionCompleted>().FirstOrDefault(e => e.Session == c.Session)?.OccurredAt ?? Of<LeftWithoutDischarge>().FirstOrDefault(e => e.Session == c.Session)?.OccurredAt;
        var unwatched = leftAt < c.OccurredAt.AddMinutes(ObservationMinutes);
        var consultation = Of<ConsultationRecorded>().Last().Consultation;
        var unweighed = IsPregnant(c.OccurredAt) && !Of<SessionCleared>().Any(e => e.Session == c.Session && e.Overridden.Any(o => o.Gate.ToString() == "Pregnancy"));
        return off || unwatched || unweighed || (AsksMore
            && ((c.OccurredAt - started.OccurredAt).TotalMinutes > 60
                || Of<TreatmentEnded>().Any(e => e.OccurredAt <= c.OccurredAt)
                || !consultation.TreatmentConsent
                || consultation.Contraindications.Length > 0
                || IsStoppedByCode(consultation)
                || InEmergency(c.Session, c.OccurredAt)));
    }

    /// <summary>May this session end as one whose patient is ready to leave?</summary>
    public bool MayComplete(CompleteSession c)
    {
        if (Open is not { } open || open.Session != c.Session || c.OccurredAt < open.OccurredAt)
            return false;
        var dose = Of<DoseGiven>().FirstOrDefault(d => d.Session == c.Session);
        if (dose is not null && (c.OccurredAt - dose.OccurredAt).TotalMinutes < ObservationMinutes)
            return false;
        if (!AsksMore)
            return true;
        if (InEmergency(c.Session, c.OccurredAt) || InEmergency(c.Session, DateTimeOffset.MaxValue))
            return false;
        return dose is null || (HasReadings(c.Session, dose.OccurredAt) && EffectsAreOver(c.Session, c.OccurredAt) && IsConfirmed(c.Checklist) && PressureIsDown(open, dose, c));
    }

    public bool HasReadings(Identity.SessionId session, DateTimeOffset dosed) => Readings[protocol].All(time =>
        time.Signs.All(sign => Of<VitalsRecorded>().Any(v =>
            v.Session == session
            && (v.Vitals.OccurredAt - dosed).TotalMinutes is var minutes
            && minutes >= time.From && minutes <= time.To
            && sign switch { 'p' => v.Vitals.BloodPressure is not null, 'h' => v.Vitals.HeartRate is not null, 'o' => v.Vitals.SpO2Percent is not null, _ => v.Vitals.Moaas is not null })));

    private static bool IsConfirmed(DischargeChecklist? c) =>
        c is { Oriented: true, Walks: true, NauseaSettled: true, EscortPresent: true, NoDrivingAdviceGiven: true, RiskScreenDone: true, Moaas: 5, SpO2Percent: >= 94 }
        && (c.Cadss6 is not null ? c.Cadss6 <= 3 : c.Dissociation is DissociationRating.None or DissociationRating.Mild);

    private bool PressureIsDown(SessionStarted start, DoseGiven dose, CompleteSession c)
    {
        var (before, leaving, systolic, diastolic) = (start.BloodPressure, c.BloodPressure, 0, 0);
        foreach (var pressure in Of<VitalsRecorded>().Where(v => v.Session == start.Session && v.Vitals.OccurredAt >= dose.OccurredAt && v.Vitals.OccurredAt <= c.OccurredAt).Select(v => v.Vitals.BloodPressure).OfType<BloodPressure>())
            (systolic, diastolic) = (Math.Max(systolic, pressure.SystolicMmHg), Math.Max(diastolic, pressure.DiastolicMmHg));
        return (leaving.SystolicMmHg <= before.SystolicMmHg || leaving.SystolicMmHg < systolic)
            && (leaving.DiastolicMmHg <= before.DiastolicMmHg || leaving.DiastolicMmHg < diastolic)
            && leaving.SystolicMmHg - before.SystolicMmHg <= 20
            && leaving.DiastolicMmHg - before.DiastolicMmHg <= 10;
    }

    private bool EffectsAreOver(Identity.SessionId session, DateTimeOffset by) => Effects(session).All(e =>
        e.Effect.OccurredAt > by || (e.Effect.Kind is SideEffectKind.Headache or SideEffectKind.Other && e.Effect.Severity != SideEffectSeverity.Severe) || e.OverAt <= by);

    private bool InEmergency(Identity.SessionId session, DateTimeOffset until)
    {
        (DateTimeOffset At, int Value)? oxygen = null, sedation = null, breaths = null;
        foreach (var v in Of<VitalsRecorded>().Where(v => v.Session == session && v.Vitals.OccurredAt <= until).Select(v => v.Vitals))
        {
            oxygen = Later(oxygen, v.OccurredAt, v.SpO2Percent);
            sedation = Later(sedation, v.OccurredAt, v.Moaas);
            breaths = Later(breaths, v.OccurredAt, v.RespiratoryRate);
        }

        return oxygen?.Value < 90 || sedation?.Value <= 1 || breaths?.Value < 8
            || Effects(session).Any(e => e.Effect.Kind == SideEffectKind.RespiratoryDepression && e.Effect.OccurredAt <= until && !(e.OverAt <= until));

        static (DateTimeOffset, int)? Later((DateTimeOffset At, int Value)? known, DateTimeOffset at, int? value) =>
            value is { } read && (known is null || at >= known.Value.At) ? (at, read) : known;
    }

    private IEnumerable<(SideEffect Effect, DateTimeOffset? OverAt)> Effects(Identity.SessionId session) =>
        Of<SideEffectRecorded>().Select((e, i) => (
            Effect: e.SideEffect,
            OverAt: Of<SideEffectResolved>().FirstOrDefault(r => r.Number == i + 1)?.OccurredAt
                ?? e.SideEffect.ResolvedAt
                ?? (e.SideEffect.DurationMinutes == 0 ? (DateTimeOffset?)null : e.SideEffect.OccurredAt + TimeSpan.FromMinutes(e.SideEffect.DurationMinutes)))).Where(e => e.Effect.Session == session);

    /// <summary>IV: 2 days, from week 4 on 5; the others: 2 days, from week 5 on 5; IM as IV.</summary>
    private bool TooSoon(DateTimeOffset at)
    {
        var days = Of<DoseGiven>().Select(d => DayOf(d.OccurredAt)).ToArray();
        if (days.Length == 0)
            return false;
        var weeksOfInduction = protocol is "ketamine-iv-induction" or "ketamine-im" ? 3 : 4;
        var course = DayOf(at) - days.Min();
        return course >= 0 && DayOf(at) - days.Max() < (course < 7 * weeksOfInduction ? 2 : 5);
    }

    private int DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime).DayNumber;

    private bool IsPregnant(DateTimeOffset at) => Of<PregnancyRecorded>().LastOrDefault(p => p.Pregnancy.OccurredAt <= at)?.Pregnancy.Finding is PregnancyFinding.Reported or PregnancyFinding.TestPositive;

    private static bool Reason(StartSession c, string gate) => c.Overrides.Any(o => o.Gate.ToString() == gate);

    private bool IsOver(SessionStarted s) => Of<SessionCompleted>().Any(e => e.Session == s.Session) || Of<LeftWithoutDischarge>().Any(e => e.Session == s.Session);

    private IEnumerable<T> Of<T>() => _events.OfType<T>();
}
