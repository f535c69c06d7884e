using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Enrolment, consultation, plan, sharing, consent and emergencies.</summary>
internal static class PathwayMessages
{
    public static IEnumerable<BadMessage> All => [.. Enrol(), .. Consultation(), .. CreatePlan(), .. RevisePlan(), .. PlanConflictMessages.All, .. Sharing(), .. Consent(), .. Emergency(), .. Review(), .. Acknowledge(), .. AdviceMessages.All];

    private static BadMessages<EnrolPatientRequest> Enrol() =>
        new BadMessages<EnrolPatientRequest>("PatientService/EnrolPatient", _ => Valid.Enrolment("patients/refused"), async (n, r) => await n.Patients.EnrolPatientAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .BadNames("home_clinic", "clinics", (r, v) => r.HomeClinic = v)
            .BadTexts("given_name", 120, required: true, (r, v) => r.GivenName = v)
            .BadTexts("family_name", 120, required: true, (r, v) => r.FamilyName = v)
            .BadTexts("record_number", 60, required: true, (r, v) => r.RecordNumber = v)
            .BadEnums("sex", (r, v) => r.Sex = (Sex)v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Invalid("birth_date is missing", "DATE_INVALID", "birth_date", r => r.BirthDate = "")
            .Invalid("birth_date is no day", "DATE_INVALID", "birth_date", r => r.BirthDate = "1980-02-30")
            .Invalid("birth_date in another form", "DATE_INVALID", "birth_date", r => r.BirthDate = "29.02.1980")
            .Invalid("birth_date with a time", "DATE_INVALID", "birth_date", r => r.BirthDate = "1980-02-29T00:00:00Z")
            .Invalid("a day under 18 years", "BIRTH_DATE_OUT_OF_RANGE", "birth_date", r => r.BirthDate = "2007-06-22")
            .Invalid("over 120 years", "BIRTH_DATE_OUT_OF_RANGE", "birth_date", r => r.BirthDate = "1904-06-20")
            .Invalid("born after the enrolment", "BIRTH_DATE_OUT_OF_RANGE", "birth_date", r => r.BirthDate = "9999-12-31")
            .Row("home clinic is unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "home_clinic", (r, _) => r.HomeClinic = "clinics/nowhere")
            .Row("patient is there", StatusCode.AlreadyExists, "PATIENT_EXISTS", "patient", (r, _) => r.Patient = Cast.Planned)
            .Row("record number is in use", StatusCode.AlreadyExists, "RECORD_NUMBER_IN_USE", "record_number", (r, _) => r.RecordNumber = "R-" + Cast.Planned);

    private static BadMessages<RecordConsultationRequest> Consultation()
    {
        static EarlierTreatment Treatment() => new() { Treatment = "venlafaxine", Response = TreatmentResponse.None };
        return new BadMessages<RecordConsultationRequest>("PatientService/RecordConsultation", _ => Valid.Consultation(Cast.Planned), async (n, r) => await n.Patients.RecordConsultationAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Invalid("consultation is missing", "FIELD_MISSING", "consultation", r => r.Consultation = null)
            .Invalid("diagnosis_code is missing", "DIAGNOSIS_INVALID", "consultation.diagnosis_code", r => r.Consultation.DiagnosisCode = "")
            .Invalid("diagnosis_code in small letters", "DIAGNOSIS_INVALID", "consultation.diagnosis_code", r => r.Consultation.DiagnosisCode = "f33.2")
            .Invalid("diagnosis_code is too long", "DIAGNOSIS_INVALID", "consultation.diagnosis_code", r => r.Consultation.DiagnosisCode = "F33.23456")
            .Invalid("diagnosis_code ends with a line break", "DIAGNOSIS_INVALID", "consultation.diagnosis_code", r => r.Consultation.DiagnosisCode = "F33.2\n")
            .Invalid("no risk", "RISKS_MISSING", "consultation.risks_discussed", r => r.Consultation.RisksDiscussed.Clear())
            .Invalid("51 risks", "TOO_MANY", "consultation.risks_discussed", r => r.Consultation.RisksDiscussed.Add(Enumerable.Repeat("a risk", 50)))
            .Invalid("51 earlier treatments", "TOO_MANY", "consultation.earlier_treatments", r => r.Consultation.EarlierTreatments.Add(Enumerable.Range(0, 50).Select(_ => Treatment())))
            .Invalid("21 contraindications", "TOO_MANY", "consultation.contraindications", r => r.Consultation.Contraindications.Add(Enumerable.Repeat("a contraindication", 21)))
            .BadTexts("consultation.psychiatric_history", 4000, required: false, (r, v) => r.Consultation.PsychiatricHistory = v)
            .BadTexts("consultation.risks_discussed[1]", 200, required: true, (r, v) => r.Consultation.RisksDiscussed.Add(v))
            .BadTexts("consultation.contraindications[0]", 200, required: true, (r, v) => r.Consultation.Contraindications.Add(v))
            .BadTexts("consultation.earlier_treatments[0].treatment", 120, required: true, (r, v) => r.Consultation.EarlierTreatments[0].Treatment = v)
            .BadEnums("consultation.earlier_treatments[0].response", (r, v) => r.Consultation.EarlierTreatments[0].Response = (TreatmentResponse)v);
    }

    private static BadMessages<CreatePlanRequest> CreatePlan() =>
        new BadMessages<CreatePlanRequest>("PatientService/CreatePlan", _ => Valid.Plan(Cast.Consulted), async (n, r) => await n.Patients.CreatePlanAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadNames("protocol", "protocols", (r, v) => r.Protocol = v)
            .Invalid("protocol is unknown", "PROTOCOL_UNKNOWN", "protocol", r => r.Protocol = "protocols/unknown")
            .Precondition("another course in the middle of one", "TREATMENT_NOT_ENDED", "patient", (r, _) => (r.Patient, r.NewCourse) = (Cast.Planned, true))
            .BadEnums("setting", (r, v) => r.Setting = (Setting)v)
            .Invalid("ketamine at home", "SETTING_NOT_PERMITTED", "setting", r => r.Setting = Setting.Home)
            .Invalid("at home, nobody named", "SUPERVISION_MISSING", "supervision", r => (r.Protocol, r.Setting) = ("protocols/ketamine-home", Setting.Home))
            .BadTexts("supervision", 1000, required: false, (r, v) => r.Supervision = v)
            .Invalid("version -1", "PROTOCOL_UNKNOWN", "protocol_version", r => r.ProtocolVersion = -1)
            .Invalid("version 99", "PROTOCOL_UNKNOWN", "protocol_version", r => r.ProtocolVersion = 99)
            .Invalid("esketamine at home", "SETTING_NOT_PERMITTED", "setting", r => (r.Protocol, r.Setting) = (Valid.Nasal, Setting.Home))
            .Invalid("esketamine in a plain clinic", "SETTING_NOT_PERMITTED", "setting", r => (r.Protocol, r.Setting) = (Valid.Nasal, Setting.Clinic))
            .NotFinite("dose_mg_per_kg", (r, v) => r.DoseMgPerKg = v)
            .NotFinite("dose_mg", (r, v) => r.DoseMg = v)
            .Invalid("too little by weight", "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", r => r.DoseMgPerKg = 0.0999)
            .Invalid("too much by weight", "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", r => r.DoseMgPerKg = 1.001)
            .Invalid("negative by weight", "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", r => r.DoseMgPerKg = -0.5)
            .Invalid("a fixed dose for a protocol by weight", "DOSE_OUT_OF_RANGE", "dose_mg", r => r.DoseMg = 56)
            .Invalid("a dose by weight for a protocol of fixed doses", "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", r => (r.Protocol, r.Setting, r.DoseMgPerKg) = (Valid.Nasal, Setting.CertifiedClinic, 0.5))
            .Invalid("no dose of the protocol's", "DOSE_OUT_OF_RANGE", "dose_mg", r => (r.Protocol, r.Setting, r.DoseMg) = (Valid.Nasal, Setting.CertifiedClinic, 57))
            .Invalid("no goal", "GOALS_MISSING", "goals", r => r.Goals.Clear())
            .Invalid("21 goals", "GOALS_MISSING", "goals", r => r.Goals.Add(Enumerable.Range(0, 20).Select(_ => new Goal { Text = "sleep" })))
            .BadTexts("goals[0].text", 300, required: true, (r, v) => r.Goals[0].Text = v)
            .Invalid("goal of 28 points", "GOAL_OUT_OF_RANGE", "goals[0].target_phq9", r => r.Goals[0].TargetPhq9 = 28)
            .Invalid("goal below 0", "GOAL_OUT_OF_RANGE", "goals[0].target_phq9", r => r.Goals[0].TargetPhq9 = -1)
            .Invalid("goal by no day", "DATE_INVALID", "goals[0].target_date", r => r.Goals[0].TargetDate = "next year")
            .Invalid("goal with two measures", "GOAL_MEASURE_INVALID", "goals[0].target_phq9", r => (r.Goals[0].Measure, r.Goals[0].TargetTotal) = (ScaleKind.Gad7, 7))
            .Invalid("goal of a screen", "GOAL_MEASURE_INVALID", "goals[0].measure", r => r.Goals[0] = new Goal { Text = "sleep", Measure = ScaleKind.CssrsScreener, TargetTotal = 0 })
            .Invalid("goal of 22 points of the GAD-7", "GOAL_OUT_OF_RANGE", "goals[0].target_total", r => r.Goals[0] = new Goal { Text = "sleep", Measure = ScaleKind.Gad7, TargetTotal = 22 })
            .Precondition("no consultation", "CONSULTATION_MISSING", "patient", (r, _) => r.Patient = Cast.Enrolled)
            .Precondition("plan is there", "PLAN_EXISTS", "patient", (r, _) => r.Patient = Cast.Planned);

    private static BadMessages<RevisePlanRequest> RevisePlan() =>
        new BadMessages<RevisePlanRequest>("PatientService/RevisePlan", c => Valid.Revision(Cast.Planned, c.PlanEtag), async (n, r) => await n.Patients.RevisePlanAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .Precondition("etag is missing", "ETAG_MISSING", "etag", (r, _) => r.Etag = "")
            .Row("etag is old", StatusCode.Aborted, "ETAG_MISMATCH", "etag", (r, c) => r.Etag = c.StaleEtag)
            .Row("etag is another patient's", StatusCode.Aborted, "ETAG_MISMATCH", "etag", (r, c) => r.Etag = c.NasalEtag)
            .Row("etag is forged", StatusCode.Aborted, "ETAG_MISMATCH", "etag", (r, _) => r.Etag = new string('A', 80))
            .Row("etag is no base64", StatusCode.Aborted, "ETAG_MISMATCH", "etag", (r, _) => r.Etag = "\"3\"")
            .NotFinite("dose_mg_per_kg", (r, v) => r.DoseMgPerKg = v)
            .NotFinite("dose_mg", (r, v) => r.DoseMg = v)
            .Invalid("dose 0", "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", r => r.DoseMgPerKg = 0)
            .Invalid("dose above 1 mg/kg", "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", r => r.DoseMgPerKg = 1.01)
            .Invalid("a fixed dose for a plan by weight", "DOSE_OUT_OF_RANGE", "dose_mg", r => r.DoseMg = 84)
            .Row("a dose by weight for a plan of fixed doses", StatusCode.InvalidArgument, "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", (r, c) => (r.Patient, r.Etag, r.DoseMgPerKg) = (Cast.NasalPlanned, c.NasalEtag, 0.5))
            .Row("no dose of the protocol's", StatusCode.InvalidArgument, "DOSE_OUT_OF_RANGE", "dose_mg", (r, c) => (r.Patient, r.Etag, r.DoseMg) = (Cast.NasalPlanned, c.NasalEtag, 28))
            .Invalid("no session", "SESSIONS_OUT_OF_RANGE", "induction_sessions", r => r.InductionSessions = 0)
            .Invalid("13 sessions", "SESSIONS_OUT_OF_RANGE", "induction_sessions", r => r.InductionSessions = 13)
            .Invalid("nothing changes", "NOTHING_TO_CHANGE", "patient", r => r.ClearInductionSessions())
            .Invalid("21 goals", "GOALS_MISSING", "goals", r => r.Goals.Add(Enumerable.Range(0, 21).Select(_ => new Goal { Text = "sleep" })))
            .Invalid("goal without text", "TEXT_INVALID", "goals[0].text", r => r.Goals.Add(new Goal()))
            .Invalid("goal by no day", "DATE_INVALID", "goals[0].target_date", r => r.Goals.Add(new Goal { Text = "sleep", TargetDate = "2025-13-01" }))
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Precondition("treatment has ended", "TREATMENT_ENDED", "patient", (r, c) => (r.Patient, r.Etag) = (Cast.Ended, c.EndedEtag));

    private static void Section(SetSharingRequest request, PlanSection section, SiteAccess access)
    {
        request.Sites[0].Access = SiteAccess.Unspecified;
        request.Sites[0].Sections.Add(new SectionGrant { Section = section, Access = access });
    }

    private static BadMessages<SetSharingRequest> Sharing() =>
        new BadMessages<SetSharingRequest>("PatientService/SetSharing", _ => Valid.Sharing(Cast.Planned, SiteAccess.Read, Network.Hill), async (n, r) => await n.Patients.SetSharingAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadNames("sites[0].site", "clinics", (r, v) => r.Sites[0].Site = v)
            .BadEnums("sites[0].access", (r, v) => r.Sites[0].Access = (SiteAccess)v)
            .BadEnums("sites[0].sections[0].section", (r, v) => Section(r, (PlanSection)v, SiteAccess.Read))
            .BadEnums("sites[0].sections[0].access", (r, v) => Section(r, PlanSection.Goals, (SiteAccess)v))
            .Invalid("a section and the whole", "ACCESS_CONTRADICTS", "sites[0].access", r => r.Sites[0].Sections.Add(new SectionGrant { Section = PlanSection.Goals, Access = SiteAccess.Read }))
            .Invalid("a section twice", "SECTION_TWICE", "sites[0].sections[1].section", r =>
            {
                Section(r, PlanSection.Goals, SiteAccess.Read);
                r.Sites[0].Sections.Add(new SectionGrant { Section = PlanSection.Goals, Access = SiteAccess.Write });
            })
            .Invalid("the home clinic", "SITES_INVALID", "sites", r => r.Sites[0].Site = Network.Harbour)
            .Invalid("a site twice", "SITES_INVALID", "sites", r => r.Sites.Add(r.Sites[0].Clone()))
            .Invalid("21 sites", "SITES_INVALID", "sites", r => r.Sites.Add(Enumerable.Range(0, 20).Select(i => new SiteGrant { Site = $"clinics/c-{i}", Access = SiteAccess.Read })));

    private static BadMessages<SetResearchConsentRequest> Consent() =>
        new BadMessages<SetResearchConsentRequest>("PatientService/SetResearchConsent", _ => Valid.Consent(Cast.Planned, RecipientClass.ResearchRegistry), async (n, r) => await n.Patients.SetResearchConsentAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadEnums("recipients[0]", (r, v) => r.Recipients[0] = (RecipientClass)v)
            .BadEnums("purposes[0]", (r, v) => r.Purposes.Add((ResearchPurpose)v))
            .Invalid("a class twice", "RECIPIENTS_INVALID", "recipients", r => r.Recipients.Add(RecipientClass.ResearchRegistry))
            .Invalid("a purpose twice", "PURPOSES_INVALID", "purposes", r => r.Purposes.Add([ResearchPurpose.Research, ResearchPurpose.Research]))
            .Invalid("an end at its beginning", "UNTIL_INVALID", "until", r => r.Until = r.OccurredAt);

    private static BadMessages<BreakGlassRequest> Emergency() =>
        new BadMessages<BreakGlassRequest>("PatientService/BreakGlass", _ => Valid.Emergency(Cast.Planned), async (n, r) => await n.As(Network.Hill).Patients.BreakGlassAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Precondition("the hill's own patient", "ACCESS_EXISTS", "patient", (r, _) => r.Patient = Cast.NasalAtHill)
            .Precondition("one is open", "EMERGENCY_ACCESS_OPEN", "patient", (r, _) => r.Patient = Cast.Opened);

    private static BadMessages<ReviewEmergencyAccessRequest> Review() =>
        new BadMessages<ReviewEmergencyAccessRequest>("PatientService/ReviewEmergencyAccess", _ => Valid.Review(Cast.Opened), async (n, r) => await n.Patients.ReviewEmergencyAccessAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTexts("finding", 1000, required: true, (r, v) => r.Finding = v)
            .Precondition("no number", "EMERGENCY_ACCESS_UNKNOWN", "emergency_access", (r, _) => r.EmergencyAccess = 0)
            .Precondition("a negative number", "EMERGENCY_ACCESS_UNKNOWN", "emergency_access", (r, _) => r.EmergencyAccess = int.MinValue)
            .Precondition("a number that is not there", "EMERGENCY_ACCESS_UNKNOWN", "emergency_access", (r, _) => r.EmergencyAccess = 2)
            .Precondition("it is open", "EMERGENCY_ACCESS_OPEN", "emergency_access", (_, _) => { });

    private static BadMessages<AcknowledgeAlertRequest> Acknowledge() =>
        new BadMessages<AcknowledgeAlertRequest>("PatientService/AcknowledgeAlert", _ => Valid.Acknowledgement(Cast.Warned), async (n, r) => await n.Patients.AcknowledgeAlertAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTexts("done", 1000, required: true, (r, v) => r.Done = v)
            .Precondition("no number", "ALERT_UNKNOWN", "alert", (r, _) => r.Alert = 0)
            .Precondition("a negative number", "ALERT_UNKNOWN", "alert", (r, _) => r.Alert = int.MinValue)
            .Precondition("a number that is not there", "ALERT_UNKNOWN", "alert", (r, _) => r.Alert = 2)
            .Precondition("it is closed", "ALERT_CLOSED", "alert", (_, _) => { });
}
