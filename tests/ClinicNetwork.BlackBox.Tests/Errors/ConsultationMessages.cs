using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>A consultation's coded parts, safety checks and eligibility.</summary>
internal static class ConsultationMessages
{
    public static IEnumerable<BadMessage> All => [.. Coded(), .. Checks(), .. Eligibility(), .. Contraindications()];

    private static BadMessages<RecordConsultationRequest> Coded() =>
        new BadMessages<RecordConsultationRequest>("PatientService/RecordConsultation", _ => Valid.Detailed(Cast.Planned), async (n, r) => await n.Patients.RecordConsultationAsync(r))
            .BadEnums("consultation.earlier_treatments[0].trial.treatment_class", (r, v) => r.Consultation.EarlierTreatments[0].Trial.TreatmentClass = (TreatmentClass)v)
            .NotFinite("consultation.earlier_treatments[0].trial.dose", (r, v) => r.Consultation.EarlierTreatments[0].Trial.Dose = v)
            .Invalid("a dose of 0", "TRIAL_OUT_OF_RANGE", "consultation.earlier_treatments[0].trial.dose", r => r.Consultation.EarlierTreatments[0].Trial.Dose = 0)
            .Invalid("0 weeks", "TRIAL_OUT_OF_RANGE", "consultation.earlier_treatments[0].trial.weeks", r => r.Consultation.EarlierTreatments[0].Trial.Weeks = 0)
            .Invalid("a dose without its unit", "DOSE_UNIT_MISSING", "consultation.earlier_treatments[0].trial.dose_unit", r => r.Consultation.EarlierTreatments[0].Trial.DoseUnit = DoseUnit.Unspecified)
            .Invalid("an unknown unit", "VALUE_MISSING", "consultation.earlier_treatments[0].trial.dose_unit", r => r.Consultation.EarlierTreatments[0].Trial.DoseUnit = (DoseUnit)9)
            .Invalid("an unknown adherence", "VALUE_MISSING", "consultation.earlier_treatments[0].trial.adherence", r => r.Consultation.EarlierTreatments[0].Trial.Adherence = (Adherence)9)
            .Invalid("a code of no catalogue", "FINDING_UNKNOWN", "consultation.findings[0].code", r => r.Consultation.Findings[0].Code = "Hypersensitivity")
            .Invalid("a code twice", "FINDING_REPEATED", "consultation.findings[2].code", r => r.Consultation.Findings.Add(r.Consultation.Findings[0]))
            .BadTexts("consultation.findings[1].note", 500, required: false, (r, v) => r.Consultation.Findings[1].Note = v)
            .BadTexts("consultation.medication.medications[0].name", 120, required: true, (r, v) => r.Consultation.Medication.Medications[0].Name = v)
            .BadTexts("consultation.medication.medications[0].dose", 120, required: false, (r, v) => r.Consultation.Medication.Medications[0].Dose = v)
            .BadEnums("consultation.medication.medications[0].medication_class", (r, v) => r.Consultation.Medication.Medications[0].MedicationClass = (MedicationClass)v)
            .Invalid("51 drugs", "TOO_MANY", "consultation.medication.medications", r => r.Consultation.Medication.Medications.Add(Enumerable.Repeat(r.Consultation.Medication.Medications[0], 50)))
            .BadTexts("consultation.allergies[0]", 120, required: true, (r, v) => r.Consultation.Allergies[0] = v)
            .Invalid("31 allergies", "TOO_MANY", "consultation.allergies", r => r.Consultation.Allergies.Add(Enumerable.Repeat("nuts", 30)))
            .Invalid("an unknown pregnancy", "VALUE_MISSING", "consultation.pregnancy", r => r.Consultation.Pregnancy = (PregnancyPossibility)9)
            .BadEnums("consultation.baseline_scales[0]", (r, v) => r.Consultation.BaselineScales[0] = (ScaleKind)v)
            .Invalid("a scale twice", "SCALE_REPEATED", "consultation.baseline_scales", r => r.Consultation.BaselineScales.Add(ScaleKind.Phq9))
            .BadEnums("consultation.discussed[0]", (r, v) => r.Consultation.Discussed[0] = (DiscussedTopic)v)
            .Invalid("a topic twice", "TOPIC_REPEATED", "consultation.discussed", r => r.Consultation.Discussed.Add(DiscussedTopic.Dissociation));

    private static BadMessages<RecordSafetyCheckRequest> Checks()
    {
        static CognitionTest Test() => new() { Test = "MoCA 8.1", Score = 27, ScoreMax = 30, NormalFrom = 26 };
        static ScreenResult Negative() => new() { Outcome = ScreenOutcome.Negative };
        return new BadMessages<RecordSafetyCheckRequest>("PatientService/RecordSafetyCheck", _ => Valid.SafetyCheck(Cast.Planned, "l-9"), async (n, r) => await n.Patients.RecordSafetyCheckAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("safety_check_id", (r, v) => r.SafetyCheckId = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadTexts("note", 1000, required: false, (r, v) => r.Note = v)
            .Invalid("before the patient's birth", "OCCURRED_BEFORE_BIRTH", "occurred_at", r => r.OccurredAt = new DateTimeOffset(1980, 2, 28, 12, 0, 0, TimeSpan.Zero).ToTimestamp())
            .Invalid("no result", "RESULT_MISMATCH", "result", r => r.ClearResult())
            .Invalid("no value", "LIVER_VALUES_MISSING", "liver_panel", r => r.LiverPanel = new())
            .NotFinite("liver_panel.alt.value", (r, v) => r.LiverPanel.Alt.Value = v)
            .NotFinite("liver_panel.bilirubin.upper_limit", (r, v) => r.LiverPanel.Bilirubin.UpperLimit = v)
            .BadEnums("liver_panel.ast.unit", (r, v) => r.LiverPanel.Ast.Unit = (LiverUnit)v)
            .Invalid("ALP in µmol/L", "LIVER_UNIT_INVALID", "liver_panel.alp.unit", r => r.LiverPanel.Alp.Unit = LiverUnit.MicromolPerLitre)
            .Invalid("bilirubin in U/L", "LIVER_UNIT_INVALID", "liver_panel.bilirubin.unit", r => r.LiverPanel.Bilirubin.Unit = LiverUnit.UnitsPerLitre)
            .Invalid("below 0", "LIVER_VALUE_OUT_OF_RANGE", "liver_panel.alt.value", r => r.LiverPanel.Alt.Value = -1)
            .Invalid("a limit of 0", "LIVER_VALUE_OUT_OF_RANGE", "liver_panel.alp.upper_limit", r => r.LiverPanel.Alp.UpperLimit = 0)
            .BadTexts("cognition_test.test", 120, required: true, (r, v) => (r.CognitionTest = Test()).Test = v)
            .NotFinite("cognition_test.score", (r, v) => (r.CognitionTest = Test()).Score = v)
            .NotFinite("cognition_test.score_max", (r, v) => (r.CognitionTest = Test()).ScoreMax = v)
            .NotFinite("cognition_test.normal_from", (r, v) => (r.CognitionTest = Test()).NormalFrom = v)
            .Invalid("31 of 30", "SCORE_OUT_OF_RANGE", "cognition_test.score", r => (r.CognitionTest = Test()).Score = 31)
            .BadEnums("misuse_screen.outcome", (r, v) => (r.MisuseScreen = Negative()).Outcome = (ScreenOutcome)v)
            .BadTexts("pregnancy_test.instrument", 120, required: false, (r, v) => (r.PregnancyTest = Negative()).Instrument = v)
            .Invalid("a substance found by a pregnancy test", "SUBSTANCES_UNEXPECTED", "pregnancy_test.substances", r => (r.PregnancyTest = Negative()).Substances.Add("hCG"))
            .BadTexts("urine_drug_screen.substances[0]", 60, required: true, (r, v) => (r.UrineDrugScreen = Negative()).Substances.Add(v))
            .Invalid("21 substances", "TOO_MANY", "urine_drug_screen.substances", r => (r.UrineDrugScreen = Negative()).Substances.Add(Enumerable.Repeat("opioids", 21)));
    }

    private static BadMessages<GetEligibilityRequest> Eligibility() =>
        new BadMessages<GetEligibilityRequest>("PatientService/GetEligibility", _ => Valid.Eligibility(Cast.Planned), async (n, r) => await n.Patients.GetEligibilityAsync(r))
            .BadNames("name", "patients", (r, v) => r.Name = v)
            .BadNames("protocol", "protocols", (r, v) => r.Protocol = v)
            .Invalid("protocol is unknown", "PROTOCOL_UNKNOWN", "protocol", r => r.Protocol = "protocols/unknown")
            .Invalid("version -1", "PROTOCOL_UNKNOWN", "protocol_version", r => r.ProtocolVersion = -1)
            .Invalid("version 99", "PROTOCOL_UNKNOWN", "protocol_version", r => r.ProtocolVersion = 99)
            .Invalid("min_version is -1", "VERSION_INVALID", "read.min_version", r => r.Read.MinVersion = -1)
            .Row("unknown", StatusCode.NotFound, "PATIENT_NOT_FOUND", "name", (r, _) => r.Name = "patients/nobody");

    private static BadMessages<ListContraindicationsRequest> Contraindications() =>
        new BadMessages<ListContraindicationsRequest>("ClinicService/ListContraindications", _ => new(), async (n, r) => await n.Clinics.ListContraindicationsAsync(r))
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v);
}
