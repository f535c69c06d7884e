using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Proposals of a change of the plan, and resolutions of conflicts.</summary>
internal static class PlanConflictMessages
{
    public static IEnumerable<BadMessage> All => [.. Proposals(), .. Resolutions()];

    private static BadMessages<ProposeRevisionRequest> Proposals() =>
        new BadMessages<ProposeRevisionRequest>("PatientService/ProposeRevision", c => Valid.Proposal(Cast.Planned, c.PlanEtag), async (n, r) => await n.Patients.ProposeRevisionAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .Precondition("etag is missing", "ETAG_MISSING", "etag", (r, _) => r.Etag = "")
            .BadTimes((r, v) => r.OccurredAt = v)
            .NotFinite("dose_mg_per_kg", (r, v) => r.DoseMgPerKg = v)
            .NotFinite("dose_mg", (r, v) => r.DoseMg = v)
            .Invalid("dose above 1 mg/kg", "DOSE_OUT_OF_RANGE", "dose_mg_per_kg", r => r.DoseMgPerKg = 1.01)
            .Invalid("a fixed dose for a plan by weight", "DOSE_OUT_OF_RANGE", "dose_mg", r => r.DoseMg = 84)
            .Invalid("13 sessions", "SESSIONS_OUT_OF_RANGE", "induction_sessions", r => r.InductionSessions = 13)
            .Invalid("nothing changes", "NOTHING_TO_CHANGE", "patient", r => r.ClearDoseMgPerKg())
            .Invalid("goal without text", "TEXT_INVALID", "goals[0].text", r => r.Goals.Add(new Goal()))
            .Invalid("no such setting", "VALUE_MISSING", "setting", r => r.Setting = (Setting)99)
            .Invalid("two phases", "PHASE_CONTRADICTS", "phase_by_weeks", r => (r.Phase, r.PhaseByWeeks) = (PlannedPhase.Taper, true))
            .Invalid("an interval without phases", "PHASE_UNKNOWN", "interval_days", r => r.IntervalDays = 7)
            .Invalid("protocol is no name", "NAME_INVALID", "protocol", r => r.Protocol = "ketamine-im")
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Precondition("treatment has ended", "TREATMENT_ENDED", "patient", (r, c) => (r.Patient, r.Etag) = (Cast.Ended, c.EndedEtag));

    private static BadMessages<ResolvePlanConflictRequest> Resolutions() =>
        new BadMessages<ResolvePlanConflictRequest>("PatientService/ResolvePlanConflict", c => Valid.PlanResolution(Cast.Planned, c.PlanEtag), async (n, r) => await n.Patients.ResolvePlanConflictAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .Precondition("etag is missing", "ETAG_MISSING", "etag", (r, _) => r.Etag = "")
            .BadEnums("holds", (r, v) => r.Holds = (PlanChoice)v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .NotFinite("dose_mg_per_kg", (r, v) => r.DoseMgPerKg = v)
            .Precondition("no such conflict", "PLAN_CONFLICT_UNKNOWN", "conflict", (r, _) => r.Conflict = 2);
}
