using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>What the programme for esketamine asks for, serious events, and a clinic's settings.</summary>
internal static class RemsMessages
{
    public static IEnumerable<BadMessage> All => [.. Enrolment(), .. Details(), .. Submission(), .. Serious(), .. Form(), .. Settings()];

    private static BadMessages<RecordRemsEnrolmentRequest> Enrolment() =>
        new BadMessages<RecordRemsEnrolmentRequest>("PatientService/RecordRemsEnrolment", _ => Valid.RemsEnrolment(Cast.NasalDosed), async (n, r) => await n.Patients.RecordRemsEnrolmentAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadEnums("kind", (r, v) => r.Kind = (RemsEnrolmentKind)v)
            .BadNames("clinic", "clinics", (r, v) => r.Clinic = v)
            .Row("clinic is unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "clinic", (r, _) => r.Clinic = "clinics/nowhere")
            .Precondition("clinic is not certified", "SETTING_NOT_CERTIFIED", "clinic", (r, _) => r.Clinic = Network.Hill)
            .BadTexts("prescriber", 120, required: true, (r, v) => r.Prescriber = v)
            .BadTexts("reference", 60, required: false, (r, v) => r.Reference = v)
            .Invalid("an unknown indication", "VALUE_MISSING", "indication", r => r.Indication = (RemsIndication)99)
            .Invalid("no indication", "INDICATION_MISSING", "indication", r => r.Indication = RemsIndication.Unspecified)
            .Invalid("the patient did not sign", "REMS_CONSENT_MISSING", "consent_signed", r => r.ConsentSigned = false)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Precondition("notice without a form", "REMS_ENROLMENT_MISSING", "patient", (r, _) => (r.Patient, r.Kind, r.Prescriber) = (Cast.NasalPlanned, RemsEnrolmentKind.TransferNotice, ""))
            .Precondition("notice of no move", "REMS_SITE_UNCHANGED", "clinic", (r, _) => (r.Kind, r.Prescriber) = (RemsEnrolmentKind.TransferNotice, ""));

    private static BadMessages<RecordRemsDetailsRequest> Details() =>
        new BadMessages<RecordRemsDetailsRequest>("PatientService/RecordRemsDetails", _ => Valid.RemsDetails(Cast.NasalDosed, "s-1"), async (n, r) => await n.Patients.RecordRemsDetailsAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("session_id", (r, v) => r.SessionId = v)
            .BadTexts("lot_number", 40, required: false, (r, v) => r.LotNumber = v)
            .BadTexts("monitored_by", 120, required: true, (r, v) => r.MonitoredBy = v)
            .BadEnums("taking[0]", (r, v) => r.Taking[0] = (RemsMedication)v)
            .Invalid("a class twice", "MEDICATION_REPEATED", "taking", r => r.Taking.Add(r.Taking[0]))
            .Invalid("-1 min", "READY_OUT_OF_RANGE", "ready_minutes", r => r.ReadyMinutes = -1)
            .Invalid("over a day", "READY_OUT_OF_RANGE", "ready_minutes", r => r.ReadyMinutes = 1441)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Invalid("before the session", "OCCURRED_BEFORE_START", "occurred_at", r => r.OccurredAt = Valid.Past.AddMinutes(-1).ToTimestamp())
            .Precondition("session is unknown", "SESSION_UNKNOWN", "session_id", (r, _) => r.SessionId = "s-2")
            .Precondition("racemic", "REMS_NOT_ASKED", "session_id", (r, _) => r.Patient = Cast.Dosed);

    private static BadMessages<RecordRemsSubmissionRequest> Submission() =>
        new BadMessages<RecordRemsSubmissionRequest>(
            "PatientService/RecordRemsSubmission", _ => Valid.RemsSubmission(Cast.NasalDosed, "s-1"), async (n, r) => await n.Patients.RecordRemsSubmissionAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("session_id", (r, v) => r.SessionId = v)
            .BadTexts("reference", 60, required: false, (r, v) => r.Reference = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Invalid("before the session", "OCCURRED_BEFORE_START", "occurred_at", r => r.OccurredAt = Valid.Past.AddMinutes(-1).ToTimestamp())
            .Precondition("session is unknown", "SESSION_UNKNOWN", "session_id", (r, _) => r.SessionId = "s-2")
            .Precondition("racemic", "REMS_NOT_ASKED", "session_id", (r, _) => r.Patient = Cast.Dosed);

    private static BadMessages<RecordSeriousEventRequest> Serious() =>
        new BadMessages<RecordSeriousEventRequest>("PatientService/RecordSeriousEvent", _ => Valid.SeriousEvent(Cast.NasalDosed, "s-1"), async (n, r) => await n.Patients.RecordSeriousEventAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadIds("session_id", (r, v) => r.SessionId = v)
            .BadEnums("criteria[0]", (r, v) => r.Criteria[0] = (SeriousCriterion)v)
            .Invalid("no criterion", "CRITERIA_MISSING", "criteria", r => r.Criteria.Clear())
            .Invalid("a criterion twice", "CRITERIA_REPEATED", "criteria", r => r.Criteria.Add(r.Criteria[0]))
            .BadTexts("description", 1000, required: true, (r, v) => r.Description = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Invalid("before the session", "OCCURRED_BEFORE_START", "occurred_at", r => r.OccurredAt = Valid.Past.AddMinutes(-1).ToTimestamp())
            .Precondition("session is unknown", "SESSION_UNKNOWN", "session_id", (r, _) => r.SessionId = "s-2");

    private static BadMessages<GetRemsFormRequest> Form() =>
        new BadMessages<GetRemsFormRequest>(
            "PatientService/GetRemsForm", _ => new() { Name = Cast.NasalDosed, SessionId = "s-1", Read = new() }, async (n, r) => await n.Patients.GetRemsFormAsync(r))
            .BadNames("name", "patients", (r, v) => r.Name = v)
            .BadIds("session_id", (r, v) => r.SessionId = v)
            .BadVersions(r => r.Read)
            .Row("unknown", StatusCode.NotFound, "PATIENT_NOT_FOUND", "name", (r, _) => r.Name = "patients/nobody")
            .Precondition("session is unknown", "SESSION_UNKNOWN", "session_id", (r, _) => r.SessionId = "s-2")
            .Precondition("racemic", "REMS_NOT_ASKED", "session_id", (r, _) => r.Name = Cast.Dosed);

    private static BadMessages<ConfigureClinicRequest> Settings() =>
        new BadMessages<ConfigureClinicRequest>("ClinicService/ConfigureClinic", _ => Valid.Settings(Network.Meadow), async (n, r) => await n.Clinics.ConfigureClinicAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("clinic", "clinics", (r, v) => r.Clinic = v)
            .Row("clinic is unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "clinic", (r, _) => r.Clinic = "clinics/nowhere")
            .BadTexts("rems_certificate.number", 40, required: true, (r, v) => r.RemsCertificate.Number = v)
            .Invalid("no first day", "DATE_INVALID", "rems_certificate.first_day", r => r.RemsCertificate.FirstDay = "")
            .Invalid("no day", "DATE_INVALID", "rems_certificate.last_day", r => r.RemsCertificate.LastDay = "2025-02-30")
            .Invalid("over before it began", "CERTIFICATE_DAYS_INVALID", "rems_certificate.last_day", r => r.RemsCertificate.LastDay = "2025-01-14")
            .Invalid("no such rule", "RETENTION_RULE_UNKNOWN", "retention_rule", r => r.RetentionRule = "atlantis")
            .Invalid("-1 years", "RETENTION_OUT_OF_RANGE", "retention_years", r => r.RetentionYears = -1)
            .Invalid("101 years", "RETENTION_OUT_OF_RANGE", "retention_years", r => r.RetentionYears = 101)
            .Invalid("nothing changes", "NOTHING_TO_CHANGE", "clinic", r =>
            {
                r.RemsCertificate = null;
                r.ClearRetentionYears();
            });
}
