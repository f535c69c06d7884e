using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Gateway.Requests;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>From the wire to the domain's commands; refuses what cannot be read, decides nothing.</summary>
internal static class PatientCommands
{
    public static EnrolPatient Of(Wire.EnrolPatientRequest r) => new(
        Fields.Patient(r.Patient, "patient"),
        Fields.Clinic(r.HomeClinic, "home_clinic"),
        TimeZone: "",
        r.GivenName,
        r.FamilyName,
        Fields.Day(r.BirthDate, "birth_date"),
        Fields.Enum<Sex>((int)r.Sex, "sex"),
        r.RecordNumber,
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordConsultation Of(Wire.RecordConsultationRequest r)
    {
        var c = Fields.Required(r.Consultation, "consultation");
        return new(
            new Consultation(
                c.DiagnosisCode,
                c.PsychiatricHistory,
                [.. c.EarlierTreatments.Select((t, i) => new EarlierTreatment(
                    t.Treatment, t.Adequate, Fields.Enum<TreatmentResponse>((int)t.Response, $"consultation.earlier_treatments[{i}].response"))
                {
                    Trial = ConsultationCommands.TrialOf(t.Trial, $"consultation.earlier_treatments[{i}].trial"),
                })],
                [.. c.RisksDiscussed],
                c.TreatmentConsent,
                [.. c.Contraindications])
            {
                Detail = ConsultationCommands.DetailOf(c),
            },
            Fields.Instant(r.OccurredAt, "occurred_at"));
    }

    public static CreatePlan Of(Wire.CreatePlanRequest r) => new(
        Fields.Protocol(r.Protocol, "protocol"),
        Fields.Enum<Setting>((int)r.Setting, "setting"),
        Fields.Optional(r.DoseMgPerKg, "dose_mg_per_kg"),
        Fields.Optional(r.DoseMg, "dose_mg"),
        Goals(r.Goals),
        ProtocolVersion: r.ProtocolVersion == 0 ? 1 : r.ProtocolVersion,
        Supervision: r.Supervision,
        NewCourse: r.NewCourse);

    public static RevisePlan Of(Wire.RevisePlanRequest r, long baseVersion) => new(
        baseVersion,
        r.HasDoseMgPerKg ? Fields.Finite(r.DoseMgPerKg, "dose_mg_per_kg") : null,
        r.HasDoseMg ? Fields.Finite(r.DoseMg, "dose_mg") : null,
        r.HasInductionSessions ? r.InductionSessions : null,
        Goals(r.Goals),
        r.Reason)
    {
        Protocol = r.Protocol.Length == 0 ? null : Fields.Protocol(r.Protocol, "protocol"),
        ProtocolVersion = r.ProtocolVersion == 0 ? null : r.ProtocolVersion,
        Setting = r.Setting == Wire.Setting.Unspecified ? null : Fields.Enum<Setting>((int)r.Setting, "setting"),
        Supervision = r.HasSupervision ? r.Supervision : null,
        Phase = r.Phase == Wire.PlannedPhase.Unspecified ? null : Fields.Enum<PhaseKind>((int)r.Phase, "phase"),
        PhaseByWeeks = r.PhaseByWeeks,
        IntervalDays = r.HasIntervalDays ? r.IntervalDays : null,
        Support = [.. r.Support.Select((s, i) => Support(s, $"support[{i}]"))],
    };

    public static SetResearchConsent Of(Wire.SetResearchConsentRequest r) => new(
        [.. r.Recipients.Select((c, i) => Recipient(c, $"recipients[{i}]"))],
        Fields.Instant(r.OccurredAt, "occurred_at"))
    {
        Purposes = [.. r.Purposes.Select((p, i) => Purpose(p, $"purposes[{i}]"))],
        Until = r.Until is null ? null : Fields.Instant(r.Until, "until"),
    };

    public static StartSession Of(Wire.StartSessionRequest r) => new(
        new SessionId(Fields.Id(r.SessionId, "session_id")),
        Fields.Clinic(r.Clinic, "clinic"),
        ClinicCertified: false,
        Pressure(r.BloodPressure),
        Fields.Optional(r.WeightKg, "weight_kg"),
        r.OverrideReason,
        Fields.Instant(r.OccurredAt, "occurred_at"),
        r.HasSpo2Percent ? r.Spo2Percent : null,
        r.HasFoodMinutes ? r.FoodMinutes : null,
        r.HasDrinkMinutes ? r.DrinkMinutes : null,
        r.EscortConfirmed,
        r.EnrolmentConfirmed)
    {
        Overrides = [.. r.Overrides.Select((o, i) => new GateOverride(Fields.Enum<GateKind>((int)o.Gate, $"overrides[{i}].gate"), o.Reason))],
    };

    public static RecordVitals Of(Wire.RecordVitalsRequest r) => new(
        new SessionId(Fields.Id(r.SessionId, "session_id")),
        new Vitals(
            Fields.Instant(r.OccurredAt, "occurred_at"),
            r.BloodPressure is { } p ? new BloodPressure(p.SystolicMmhg, p.DiastolicMmhg) : null,
            r.HasHeartRate ? r.HeartRate : null,
            r.HasSpo2Percent ? r.Spo2Percent : null,
            r.HasRespiratoryRate ? r.RespiratoryRate : null,
            r.HasMoaas ? r.Moaas : null,
            r.HasCadss6 ? r.Cadss6 : null,
            Rating(r.Dissociation, "dissociation")));

    public static ResolveSideEffect Of(Wire.ResolveSideEffectRequest r) => new(r.SideEffect, r.TreatmentGiven, Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordLeaving Of(Wire.RecordLeavingRequest r) => new(
        new SessionId(Fields.Id(r.SessionId, "session_id")),
        Fields.Enum<LeavingKind>((int)r.Kind, "kind"),
        r.Reason,
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordDose Of(Wire.RecordDoseRequest r) => new(
        new SessionId(Fields.Id(r.SessionId, "session_id")),
        Fields.Finite(r.DoseMg, "dose_mg"),
        r.DurationMinutes,
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordSideEffect Of(Wire.RecordSideEffectRequest r) => new(new SideEffect(
        new SessionId(Fields.Id(r.SessionId, "session_id")),
        Fields.Enum<SideEffectKind>((int)r.Kind, "kind"),
        Fields.Enum<SideEffectSeverity>((int)r.Severity, "severity"),
        Fields.Instant(r.OccurredAt, "occurred_at"),
        r.DurationMinutes,
        r.Note)
    {
        ResolvedAt = r.ResolvedAt is null ? null : Fields.Instant(r.ResolvedAt, "resolved_at"),
        TreatmentGiven = r.TreatmentGiven.Length > 0 ? r.TreatmentGiven : null,
    });

    public static CompleteSession Of(Wire.CompleteSessionRequest r) => new(
        new SessionId(Fields.Id(r.SessionId, "session_id")),
        Pressure(r.BloodPressure),
        Fields.Instant(r.OccurredAt, "occurred_at"),
        r.Checklist is { } c
            ? new DischargeChecklist(
                c.Oriented,
                c.Walks,
                c.NauseaSettled,
                c.EscortPresent,
                c.NoDrivingAdviceGiven,
                c.RiskScreenDone,
                c.HasMoaas ? c.Moaas : null,
                c.HasCadss6 ? c.Cadss6 : null,
                Rating(c.Dissociation, "checklist.dissociation"),
                c.HasSpo2Percent ? c.Spo2Percent : null)
            : null);

    public static RecordAssessment Of(Wire.RecordAssessmentRequest r) => new(
        new AssessmentId(Fields.Id(r.AssessmentId, "assessment_id")),
        [.. r.Items],
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordScale Of(Wire.RecordScaleRequest r) => new(
        new AssessmentId(Fields.Id(r.AssessmentId, "assessment_id")),
        Fields.Enum<ScaleKind>((int)r.Scale, "scale"),
        [.. r.Items.Select(i => new ItemAnswer(i.Key, i.Value))],
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordMissedVisit Of(Wire.RecordMissedVisitRequest r) => new(
        r.Visit.Length > 0 && r.Milestone == Wire.Milestone.Unspecified ? default : Fields.Enum<Milestone>((int)r.Milestone, "milestone"),
        Fields.Enum<MissingReason>((int)r.Reason, "reason"),
        Fields.Instant(r.OccurredAt, "occurred_at"),
        r.Visit);

    public static RescheduleVisit Of(Wire.RescheduleVisitRequest r) => new(
        r.Visit, Fields.Day(r.Day, "day"), r.Reason, Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordRequestForDose Of(Wire.RecordRequestForDoseRequest r) => new(
        new DoseRequestId(Fields.Id(r.DoseRequestId, "dose_request_id")),
        Fields.Enum<DoseRequestKind>((int)r.Kind, "kind"),
        Fields.Enum<DoseRequester>((int)r.Requester, "requester"),
        Fields.Enum<DoseRequestDecision>((int)r.Decision, "decision"),
        r.Reason,
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static EndTreatment Of(Wire.EndTreatmentRequest r) => new(r.Reason, Fields.Instant(r.OccurredAt, "occurred_at"));

    public static BreakGlass Of(Wire.BreakGlassRequest r) => new(r.Reason);

    public static ReviewEmergencyAccess Of(Wire.ReviewEmergencyAccessRequest r) => new(r.EmergencyAccess, r.Finding);

    public static AcknowledgeAlert Of(Wire.AcknowledgeAlertRequest r) => new(r.Alert, r.Done);

    private static BloodPressure Pressure(Wire.BloodPressure? pressure) =>
        Fields.Required(pressure, "blood_pressure") is var p ? new(p.SystolicMmhg, p.DiastolicMmhg) : default;

    private static PlannedSupport Support(Wire.PlannedSupport support, string field) => new(
        Fields.Enum<SupportKind>((int)support.Kind, field + ".kind"),
        support.Provider,
        support.EveryDays,
        Fields.Day(support.FromDay, field + ".from_day"),
        support.ToDay.Length == 0 ? null : Fields.Day(support.ToDay, field + ".to_day"));

    private static DissociationRating? Rating(Wire.DissociationRating rating, string field) =>
        rating == Wire.DissociationRating.Unspecified ? null : Fields.Enum<DissociationRating>((int)rating, field);

    private static ImmutableArray<Goal> Goals(IEnumerable<Wire.Goal> goals) =>
    [
        .. goals.Select((g, i) => new Goal(
            g.Text, g.HasTargetPhq9 ? g.TargetPhq9 : null, g.TargetDate.Length == 0 ? null : Fields.Day(g.TargetDate, $"goals[{i}].target_date"))
        {
            Measure = g.Measure == Wire.ScaleKind.Unspecified ? null : Fields.Enum<ScaleKind>((int)g.Measure, $"goals[{i}].measure"),
            TargetTotal = g.HasTargetTotal ? g.TargetTotal : null,
        }),
    ];

    internal static ResearchPurpose Purpose(Wire.ResearchPurpose purpose, string field) => purpose switch
    {
        Wire.ResearchPurpose.Research => ResearchPurpose.Research,
        Wire.ResearchPurpose.QualityImprovement => ResearchPurpose.QualityImprovement,
        Wire.ResearchPurpose.SafetyMonitoring => ResearchPurpose.SafetyMonitoring,
        Wire.ResearchPurpose.ProductDevelopment => ResearchPurpose.ProductDevelopment,
        _ => throw Fields.Invalid("VALUE_MISSING", field, "Give one of the documented values."),
    };

    internal static RecipientClass Recipient(Wire.RecipientClass recipient, string field) => recipient switch
    {
        Wire.RecipientClass.ResearchRegistry => RecipientClass.ResearchRegistry,
        Wire.RecipientClass.PartnerClinic => RecipientClass.PartnerClinic,
        Wire.RecipientClass.PublicHealth => RecipientClass.PublicHealth,
        Wire.RecipientClass.Industry => RecipientClass.Industry,
        _ => throw Fields.Invalid("VALUE_MISSING", field, "Give one of the documented values."),
    };
}
