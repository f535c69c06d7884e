using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Sessions, doses, side effects, scales and follow-up.</summary>
internal static class TreatmentMessages
{
    public static IEnumerable<BadMessage> All =>
        [.. Start(), .. Dose(), .. Vitals(), .. SideEffect(), .. Resolution(), .. Completion(), .. Leaving(), .. Assessment(), .. Scale(), .. MissedVisit(), .. RequestForDose(), .. Rescheduling(), .. Ending()];

    private static BadMessages<StartSessionRequest> Start() =>
        new BadMessages<StartSessionRequest>("PatientService/StartSession", _ => Valid.Start(Cast.Planned, "s-9"), async (n, r) => await n.Patients.StartSessionAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("session_id", (r, v) => r.SessionId = v)
            .BadNames("clinic", "clinics", (r, v) => r.Clinic = v)
            .Row("clinic is unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "clinic", (r, _) => r.Clinic = "clinics/nowhere")
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadPressures(r => r.BloodPressure, r => r.BloodPressure = null)
            .NotFinite("weight_kg", (r, v) => r.WeightKg = v)
            .Invalid("29.9 kg", "WEIGHT_OUT_OF_RANGE", "weight_kg", r => r.WeightKg = 29.9)
            .Invalid("300.1 kg", "WEIGHT_OUT_OF_RANGE", "weight_kg", r => r.WeightKg = 300.1)
            .Invalid("negative weight", "WEIGHT_OUT_OF_RANGE", "weight_kg", r => r.WeightKg = -70)
            .BadTexts("override_reason", 500, required: false, (r, v) => r.OverrideReason = v)
            .Precondition("no weight", "WEIGHT_MISSING", "weight_kg", (r, _) => r.WeightKg = 0)
            .Precondition("no plan", "PLAN_MISSING", "patient", (r, _) => r.Patient = Cast.Consulted)
            .Precondition("no consent", "TREATMENT_CONSENT_MISSING", "patient", (r, _) => r.Patient = Cast.Unconsented)
            .Precondition("contraindicated", "CONTRAINDICATED", "patient", (r, _) => r.Patient = Cast.Contraindicated)
            .Precondition("treatment has ended", "TREATMENT_ENDED", "patient", (r, _) => r.Patient = Cast.Ended)
            .Precondition("a session is open", "SESSION_OPEN", "patient", (r, _) => r.Patient = Cast.SessionOpen)
            .Precondition("a site that was not named", "SITE_NOT_PERMITTED", "clinic", (r, _) => r.Clinic = Network.Hill)
            .Precondition("not certified for esketamine", "SETTING_NOT_CERTIFIED", "clinic", (r, _) => (r.Patient, r.Clinic) = (Cast.NasalAtHill, Network.Hill))
            .Precondition("systolic 141", "BLOOD_PRESSURE_HOLD", "blood_pressure", (r, _) => r.BloodPressure.SystolicMmhg = 141)
            .Precondition("diastolic 91", "BLOOD_PRESSURE_HOLD", "blood_pressure", (r, _) => r.BloodPressure.DiastolicMmhg = 91)
            .Row("session is there", StatusCode.AlreadyExists, "SESSION_EXISTS", "session_id", (r, _) => (r.Patient, r.SessionId) = (Cast.Completed, "s-1"))
            .Invalid("49 %", "VITALS_OUT_OF_RANGE", "spo2_percent", r => r.Spo2Percent = 49)
            .Invalid("-1 min since food", "FASTING_OUT_OF_RANGE", "food_minutes", r => r.FoodMinutes = -1)
            .Invalid("over a week since a drink", "FASTING_OUT_OF_RANGE", "drink_minutes", r => r.DrinkMinutes = 10_081)
            .BadEnums("overrides[0].gate", (r, v) => r.Overrides.Add(new GateOverride { Gate = (GateKind)v, Reason = "because" }))
            .BadTexts("overrides[0].reason", 500, required: true, (r, v) => r.Overrides.Add(new GateOverride { Gate = GateKind.Fasting, Reason = v }))
            .Invalid("a gate twice", "OVERRIDE_REPEATED", "overrides", r => r.Overrides.Add([new GateOverride { Gate = GateKind.Fasting, Reason = "a" }, new GateOverride { Gate = GateKind.Fasting, Reason = "b" }]))
            .Precondition("nobody asked for food", "FASTING_MISSING", "food_minutes", (r, _) => Later(r).ClearFoodMinutes())
            .Precondition("ate an hour ago", "FASTING_TOO_SHORT", "food_minutes", (r, _) => Later(r).FoodMinutes = 60)
            .Precondition("saturation not measured", "OXYGEN_SATURATION_MISSING", "spo2_percent", (r, _) => Later(r).ClearSpo2Percent())
            .Precondition("93 %", "OXYGEN_SATURATION_LOW", "spo2_percent", (r, _) => Later(r).Spo2Percent = 93)
            .Precondition("no escort", "ESCORT_MISSING", "escort_confirmed", (r, _) => Later(r).EscortConfirmed = false);

    private static StartSessionRequest Later(StartSessionRequest request)
    {
        request.Patient = Cast.LaterPlanned;
        return request.WithChecks();
    }

    private static BadMessages<RecordVitalsRequest> Vitals() =>
        new BadMessages<RecordVitalsRequest>("PatientService/RecordVitals", _ => Valid.Vitals(Cast.LaterDosed, "s-1"), async (n, r) => await n.Patients.RecordVitalsAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("session_id", (r, v) => r.SessionId = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Invalid("nothing measured", "VITALS_EMPTY", "blood_pressure", r => (r.RequestId, r.BloodPressure, r.OccurredAt) = Empty(r))
            .Invalid("systolic 301", "BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.systolic_mmhg", r => r.BloodPressure.SystolicMmhg = 301)
            .Invalid("heart rate 19", "VITALS_OUT_OF_RANGE", "heart_rate", r => r.HeartRate = 19)
            .Invalid("101 %", "VITALS_OUT_OF_RANGE", "spo2_percent", r => r.Spo2Percent = 101)
            .Invalid("61 breaths", "VITALS_OUT_OF_RANGE", "respiratory_rate", r => r.RespiratoryRate = 61)
            .Invalid("MOAA/S 6", "VITALS_OUT_OF_RANGE", "moaas", r => r.Moaas = 6)
            .Invalid("CADSS-6 25", "VITALS_OUT_OF_RANGE", "cadss6", r => r.Cadss6 = 25)
            .Invalid("an unknown rating", "VALUE_MISSING", "dissociation", r => r.Dissociation = (DissociationRating)99)
            .Invalid("before the session", "OCCURRED_BEFORE_START", "occurred_at", r => r.OccurredAt = Valid.Past.AddMinutes(-1).ToTimestamp())
            .Precondition("session is unknown", "SESSION_UNKNOWN", "session_id", (r, _) => r.SessionId = "s-2");

    private static (string, BloodPressure?, Timestamp) Empty(RecordVitalsRequest r)
    {
        r.ClearHeartRate();
        r.ClearSpo2Percent();
        r.ClearRespiratoryRate();
        r.ClearMoaas();
        r.ClearCadss6();
        return (r.RequestId, null, r.OccurredAt);
    }

    private static BadMessages<ResolveSideEffectRequest> Resolution() =>
        new BadMessages<ResolveSideEffectRequest>("PatientService/ResolveSideEffect", _ => Valid.Resolution(Cast.LaterDosed), async (n, r) => await n.Patients.ResolveSideEffectAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadTexts("treatment_given", 200, required: false, (r, v) => r.TreatmentGiven = v)
            .Invalid("before it began", "RESOLVED_BEFORE_ONSET", "occurred_at", r => r.OccurredAt = Valid.Past.AddMinutes(29).ToTimestamp())
            .Precondition("number 0", "SIDE_EFFECT_UNKNOWN", "side_effect", (r, _) => r.SideEffect = 0)
            .Precondition("number 2 of one", "SIDE_EFFECT_UNKNOWN", "side_effect", (r, _) => r.SideEffect = 2)
            .Precondition("number -1", "SIDE_EFFECT_UNKNOWN", "side_effect", (r, _) => r.SideEffect = -1);

    private static BadMessages<RecordLeavingRequest> Leaving() =>
        new BadMessages<RecordLeavingRequest>("PatientService/RecordLeaving", _ => Valid.Leaving(Cast.Dosed, "s-1"), async (n, r) => await n.Patients.RecordLeavingAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("session_id", (r, v) => r.SessionId = v)
            .BadEnums("kind", (r, v) => r.Kind = (LeavingKind)v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Invalid("before the session", "OCCURRED_BEFORE_START", "occurred_at", r => r.OccurredAt = Valid.Past.AddMinutes(-1).ToTimestamp())
            .Precondition("session is unknown", "SESSION_UNKNOWN", "session_id", (r, _) => r.SessionId = "s-2")
            .Precondition("session is completed", "SESSION_COMPLETED", "session_id", (r, _) => r.Patient = Cast.Completed);

    private static BadMessages<RecordRequestForDoseRequest> RequestForDose() =>
        new BadMessages<RecordRequestForDoseRequest>("PatientService/RecordRequestForDose", _ => Valid.RequestForDose(Cast.Completed, "r-9"), async (n, r) => await n.Patients.RecordRequestForDoseAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("dose_request_id", (r, v) => r.DoseRequestId = v)
            .BadEnums("kind", (r, v) => r.Kind = (DoseRequestKind)v)
            .BadEnums("requester", (r, v) => r.Requester = (DoseRequester)v)
            .BadEnums("decision", (r, v) => r.Decision = (DoseRequestDecision)v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Row("the id is taken", StatusCode.AlreadyExists, "DOSE_REQUEST_EXISTS", "dose_request_id", (r, _) => (r.Patient, r.DoseRequestId) = (Cast.Warned, "r-1"));

    private static BadMessages<RecordDoseRequest> Dose() =>
        new BadMessages<RecordDoseRequest>("PatientService/RecordDose", _ => Valid.Dose(Cast.SessionOpen, "s-1"), async (n, r) => await n.Patients.RecordDoseAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("session_id", (r, v) => r.SessionId = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .NotFinite("dose_mg", (r, v) => r.DoseMg = v)
            .Invalid("no dose", "DOSE_OUT_OF_RANGE", "dose_mg", r => r.DoseMg = 0)
            .Invalid("negative dose", "DOSE_OUT_OF_RANGE", "dose_mg", r => r.DoseMg = -35)
            .Invalid("1,000.1 mg", "DOSE_OUT_OF_RANGE", "dose_mg", r => r.DoseMg = 1000.1)
            .Invalid("negative duration", "DURATION_OUT_OF_RANGE", "duration_minutes", r => r.DurationMinutes = -1)
            .Invalid("241 min", "DURATION_OUT_OF_RANGE", "duration_minutes", r => r.DurationMinutes = 241)
            .Invalid("before the session", "OCCURRED_BEFORE_START", "occurred_at", r => r.OccurredAt = Valid.Past.AddMinutes(-1).ToTimestamp())
            .Precondition("session is unknown", "SESSION_UNKNOWN", "session_id", (r, _) => r.SessionId = "s-2")
            .Precondition("dose is recorded", "DOSE_RECORDED", "session_id", (r, _) => r.Patient = Cast.Dosed);

    private static BadMessages<RecordSideEffectRequest> SideEffect() =>
        new BadMessages<RecordSideEffectRequest>("PatientService/RecordSideEffect", _ => Valid.SideEffect(Cast.SessionOpen, "s-1"), async (n, r) => await n.Patients.RecordSideEffectAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("session_id", (r, v) => r.SessionId = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadEnums("kind", (r, v) => r.Kind = (SideEffectKind)v)
            .BadEnums("severity", (r, v) => r.Severity = (SideEffectSeverity)v)
            .Invalid("negative duration", "DURATION_OUT_OF_RANGE", "duration_minutes", r => r.DurationMinutes = -1)
            .Invalid("over a week", "DURATION_OUT_OF_RANGE", "duration_minutes", r => r.DurationMinutes = 10_081)
            .BadTexts("note", 1000, required: false, (r, v) => r.Note = v)
            .BadTexts("treatment_given", 200, required: false, (r, v) => r.TreatmentGiven = v)
            .Invalid("over before it began", "RESOLVED_BEFORE_ONSET", "resolved_at", r => r.ResolvedAt = Valid.Past.AddMinutes(29).ToTimestamp())
            .Invalid("an impossible end", "TIME_MISSING", "resolved_at", r => r.ResolvedAt = new() { Seconds = long.MaxValue })
            .Precondition("session is unknown", "SESSION_UNKNOWN", "session_id", (r, _) => r.SessionId = "s-2");

    private static BadMessages<CompleteSessionRequest> Completion() =>
        new BadMessages<CompleteSessionRequest>("PatientService/CompleteSession", _ => Valid.Completion(Cast.Dosed, "s-1"), async (n, r) => await n.Patients.CompleteSessionAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("session_id", (r, v) => r.SessionId = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadPressures(r => r.BloodPressure, r => r.BloodPressure = null)
            .Invalid("before the session", "OCCURRED_BEFORE_START", "occurred_at", r => r.OccurredAt = Valid.Past.AddMinutes(-1).ToTimestamp())
            .Precondition("session is unknown", "SESSION_UNKNOWN", "session_id", (r, _) => r.SessionId = "s-2")
            .Precondition("session is completed", "SESSION_COMPLETED", "session_id", (r, _) => r.Patient = Cast.Completed)
            .Precondition("59 min after the dose", "OBSERVATION_TOO_SHORT", "occurred_at", (r, _) => r.OccurredAt = Valid.Past.AddMinutes(69).ToTimestamp())
            .Invalid("MOAA/S 6", "VITALS_OUT_OF_RANGE", "checklist.moaas", r => r.Checklist = new() { Moaas = 6 })
            .Invalid("an unknown rating", "VALUE_MISSING", "checklist.dissociation", r => r.Checklist = new() { Dissociation = (DissociationRating)99 })
            .Precondition("no readings", "VITALS_MISSING", "session_id", (r, _) => r.Patient = Cast.LaterDosed);

    private static BadMessages<RecordAssessmentRequest> Assessment() =>
        new BadMessages<RecordAssessmentRequest>("PatientService/RecordAssessment", _ => Valid.Assessment(Cast.Completed, "a-9"), async (n, r) => await n.Patients.RecordAssessmentAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("assessment_id", (r, v) => r.AssessmentId = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Invalid("no item", "ITEMS_INCOMPLETE", "items", r => r.Items.Clear())
            .Invalid("eight items", "ITEMS_INCOMPLETE", "items", r => r.Items.RemoveAt(8))
            .Invalid("ten items", "ITEMS_INCOMPLETE", "items", r => r.Items.Add(0))
            .Invalid("an item of 4", "ITEM_OUT_OF_RANGE", "items[0]", r => r.Items[0] = 4)
            .Invalid("a negative item", "ITEM_OUT_OF_RANGE", "items[8]", r => r.Items[8] = -1)
            .Invalid("an item of int.MinValue", "ITEM_OUT_OF_RANGE", "items[4]", r => r.Items[4] = int.MinValue)
            .Row("assessment is there", StatusCode.AlreadyExists, "ASSESSMENT_EXISTS", "assessment_id", (r, _) => r.AssessmentId = "a-1");

    private static BadMessages<RecordScaleRequest> Scale() =>
        new BadMessages<RecordScaleRequest>("PatientService/RecordScale", _ => Valid.Scale(Cast.Completed, "g-9"), async (n, r) => await n.Patients.RecordScaleAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("assessment_id", (r, v) => r.AssessmentId = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadEnums("scale", (r, v) => r.Scale = (ScaleKind)v)
            .Invalid("before the patient's birth", "OCCURRED_BEFORE_BIRTH", "occurred_at", r => r.OccurredAt = new DateTimeOffset(1980, 2, 28, 12, 0, 0, TimeSpan.Zero).ToTimestamp())
            .Invalid("no item", "ITEMS_INCOMPLETE", "items", r => r.Items.Clear())
            .Invalid("two items left out", "ITEMS_INCOMPLETE", "items", r => { r.Items.RemoveAt(6); r.Items.RemoveAt(0); })
            .Invalid("an item of 4", "ITEM_OUT_OF_RANGE", "items[0].value", r => r.Items[0].Value = 4)
            .Invalid("a negative item", "ITEM_OUT_OF_RANGE", "items[6].value", r => r.Items[6].Value = -1)
            .Invalid("an item of another scale", "ITEM_UNKNOWN", "items[3].key", r => r.Items[3].Key = "difficulty")
            .Invalid("an item without a key", "ITEM_UNKNOWN", "items[3].key", r => r.Items[3].Key = "")
            .Invalid("an item twice", "ITEM_REPEATED", "items[7].key", r => r.Items.Add(r.Items[0]))
            .Invalid("items of another scale", "ITEM_UNKNOWN", "items[0].key", r => r.Scale = ScaleKind.CssrsScreener)
            .Invalid("yes to a question that is not asked", "ITEM_CONTRADICTS", "items[2].key", r =>
                r.MergeFrom(Screener(r, ("wish", 1), ("thoughts", 0), ("intent", 1), ("behaviour-ever", 0))))
            .Invalid("a question that is asked is left out", "ITEMS_INCOMPLETE", "items", r =>
                r.MergeFrom(Screener(r, ("wish", 1), ("thoughts", 1), ("intent", 1), ("behaviour-ever", 0))))
            .Row("assessment is there", StatusCode.AlreadyExists, "ASSESSMENT_EXISTS", "assessment_id", (r, _) => r.AssessmentId = "a-1");

    /// <summary>What is to be merged into the request, once its own items are gone.</summary>
    private static RecordScaleRequest Screener(RecordScaleRequest request, params IEnumerable<(string Key, int Value)> items)
    {
        request.Items.Clear();
        return new() { Scale = ScaleKind.CssrsScreener, Items = { items.Select(i => new ScaleItem { Key = i.Key, Value = i.Value }) } };
    }

    private static BadMessages<RecordMissedVisitRequest> MissedVisit() =>
        new BadMessages<RecordMissedVisitRequest>("PatientService/RecordMissedVisit", _ => Valid.MissedVisit(Cast.Completed), async (n, r) => await n.Patients.RecordMissedVisitAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadEnums("milestone", (r, v) => r.Milestone = (Milestone)v)
            .BadEnums("reason", (r, v) => r.Reason = (MissingReason)v)
            .Invalid("a derived reason", "REASON_INVALID", "reason", r => r.Reason = MissingReason.LeftTreatment)
            .Invalid("a milestone and a visit", "VISIT_AMBIGUOUS", "visit", r => r.Visit = "long-term-safety/1/1")
            .Precondition("a visit that is not there", "VISIT_UNKNOWN", "visit", (r, _) => (r.Milestone, r.Visit) = (default, "long-term-safety/1/99"));

    private static BadMessages<RescheduleVisitRequest> Rescheduling() =>
        new BadMessages<RescheduleVisitRequest>("PatientService/RescheduleVisit", _ => Valid.Rescheduling(Cast.Completed), async (n, r) => await n.Patients.RescheduleVisitAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadTexts("visit", 80, required: true, (r, v) => r.Visit = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Invalid("no day", "DATE_INVALID", "day", r => r.Day = "")
            .Invalid("a day that is none", "DATE_INVALID", "day", r => r.Day = "2025-02-30")
            .Invalid("a day that is over", "PLANNED_DAY_PAST", "day", r => r.Day = "1999-12-31")
            .Precondition("a visit that is not there", "VISIT_UNKNOWN", "visit", (r, _) => r.Visit = "long-term-safety/1/99")
            .Precondition("a day after the window", "PLANNED_DAY_OUTSIDE_WINDOW", "day", (r, _) => r.Day = "2099-01-01");

    private static BadMessages<EndTreatmentRequest> Ending() =>
        new BadMessages<EndTreatmentRequest>("PatientService/EndTreatment", _ => Valid.Ending(Cast.Completed), async (n, r) => await n.Patients.EndTreatmentAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Precondition("treatment has ended", "TREATMENT_ENDED", "patient", (r, _) => r.Patient = Cast.Ended);

    private static BadMessages<T> BadPressures<T>(this BadMessages<T> rows, Func<T, BloodPressure> of, Action<T> remove)
        where T : Google.Protobuf.IMessage =>
        rows
            .Invalid("no blood pressure", "FIELD_MISSING", "blood_pressure", remove)
            .Invalid("systolic 49", "BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.systolic_mmhg", r => of(r).SystolicMmhg = 49)
            .Invalid("systolic 301", "BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.systolic_mmhg", r => of(r).SystolicMmhg = 301)
            .Invalid("diastolic 19", "BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.diastolic_mmhg", r => of(r).DiastolicMmhg = 19)
            .Invalid("diastolic 201", "BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.diastolic_mmhg", r => (of(r).SystolicMmhg, of(r).DiastolicMmhg) = (250, 201))
            .Invalid("diastolic not below systolic", "BLOOD_PRESSURE_OUT_OF_RANGE", "blood_pressure.diastolic_mmhg", r => of(r).DiastolicMmhg = of(r).SystolicMmhg);
}
