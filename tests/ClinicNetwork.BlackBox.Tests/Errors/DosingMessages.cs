using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Who may dose without the network, for the harbour; and what was started meanwhile.</summary>
internal static class DosingMessages
{
    public static IEnumerable<BadMessage> All => [.. Take(), .. Pass(), .. End(), .. Read(), .. Report()];

    private static BadMessages<TakeDosingRequest> Take() =>
        new BadMessages<TakeDosingRequest>("DosingService/TakeDosing", _ => Valid.Dosing(Cast.Planned), async (n, r) => await n.As(Network.Harbour).Dosing.TakeDosingAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .Precondition("no plan", "PLAN_MISSING", "patient", (r, _) => r.Patient = Cast.Consulted)
            .Precondition("treatment has ended", "TREATMENT_ENDED", "patient", (r, _) => r.Patient = Cast.Ended);

    private static BadMessages<PassDosingRequest> Pass() =>
        new BadMessages<PassDosingRequest>("DosingService/PassDosing", _ => Valid.Passing(Cast.Planned), async (n, r) => await n.As(Network.Harbour).Dosing.PassDosingAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .BadNames("to_site", "clinics", (r, v) => r.ToSite = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .Row("it has no right", StatusCode.PermissionDenied, "DOSING_NOT_YOURS", "patient", (_, _) => { });

    private static BadMessages<EndDosingRequest> End() =>
        new BadMessages<EndDosingRequest>("DosingService/EndDosing", _ => Valid.DosingEnd(Cast.Planned), async (n, r) => await n.As(Network.Harbour).Dosing.EndDosingAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .Row("it has no right", StatusCode.PermissionDenied, "DOSING_NOT_YOURS", "patient", (_, _) => { });

    private static BadMessages<GetDosingRequest> Read() =>
        new BadMessages<GetDosingRequest>("DosingService/GetDosing", _ => new() { Patient = Cast.Planned }, async (n, r) => await n.As(Network.Harbour).Dosing.GetDosingAsync(r))
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v);

    private static BadMessages<ReportSessionRequest> Report() =>
        new BadMessages<ReportSessionRequest>("PlanPushService/ReportSession", _ => Valid.Report(Cast.Planned, "s-9"), async (n, r) => await n.Push.ReportSessionAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .Invalid("no session", "FIELD_MISSING", "session", r => r.Session = null)
            .Invalid("the session has another id", "ITEM_MISMATCH", "session.request_id", r => r.Session.RequestId = Valid.Id())
            .Invalid("the session has another patient", "ITEM_MISMATCH", "session.patient", r => r.Session.Patient = Cast.Ended)
            .BadIds("session.session_id", (r, v) => r.Session.SessionId = v)
            .BadNames("session.clinic", "clinics", (r, v) => r.Session.Clinic = v)
            .Row("clinic is unknown", StatusCode.NotFound, "CLINIC_NOT_FOUND", "session.clinic", (r, _) => r.Session.Clinic = "clinics/nowhere")
            .Invalid("no pressure", "FIELD_MISSING", "session.blood_pressure", r => r.Session.BloodPressure = null)
            .Invalid("no time", "TIME_MISSING", "session.occurred_at", r => r.Session.OccurredAt = null)
            .NotFinite("session.weight_kg", (r, v) => r.Session.WeightKg = v)
            .Invalid("29.9 kg", "WEIGHT_OUT_OF_RANGE", "session.weight_kg", r => r.Session.WeightKg = 29.9)
            .BadTexts("session.override_reason", 500, required: false, (r, v) => r.Session.OverrideReason = v)
            .BadTexts("emergency_reason", 500, required: false, (r, v) => r.EmergencyReason = v)
            .BadEnums("session.overrides[0].gate", (r, v) => r.Session.Overrides.Add(new GateOverride { Gate = (GateKind)v, Reason = "because" }))
            .Precondition("no plan", "PLAN_MISSING", "patient", (r, _) => r.Patient = Cast.Consulted)
            .Row("session is there", StatusCode.AlreadyExists, "SESSION_EXISTS", "session.session_id", (r, _) => (r.Patient, r.Session.SessionId) = (Cast.Completed, "s-1"));
}
