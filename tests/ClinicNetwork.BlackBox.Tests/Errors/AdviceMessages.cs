using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Decisions on advice, support, and what a plan can be moved to.</summary>
internal static class AdviceMessages
{
    private const string OfNausea = "add-anti-nausea/1@side-effects/1";

    public static IEnumerable<BadMessage> All => [.. Support(), .. Decisions(), .. Moves()];

    private static BadMessages<RecordSupportSessionRequest> Support() =>
        new BadMessages<RecordSupportSessionRequest>("PatientService/RecordSupportSession", _ => Valid.Support(Cast.Planned, "t-1"), async (n, r) => await n.Patients.RecordSupportSessionAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadEnums("kind", (r, v) => r.Kind = (SupportKind)v)
            .BadTexts("missed_reason", 500, required: false, (r, v) => r.MissedReason = v)
            .Invalid("id is missing", "ID_INVALID", "support_session_id", r => r.SupportSessionId = "")
            .Invalid("id with a slash", "ID_INVALID", "support_session_id", r => r.SupportSessionId = "t/1")
            .Invalid("before the patient's birth", "OCCURRED_BEFORE_BIRTH", "occurred_at", r => r.OccurredAt = new DateTimeOffset(1979, 1, 1, 0, 0, 0, TimeSpan.Zero).ToTimestamp());

    private static BadMessages<RecordAdviceDecisionRequest> Decisions() =>
        new BadMessages<RecordAdviceDecisionRequest>(
            "PatientService/RecordAdviceDecision", _ => Valid.AdviceDecision(Cast.LaterDosed, OfNausea), async (n, r) => await n.Patients.RecordAdviceDecisionAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadEnums("verdict", (r, v) => r.Verdict = (AdviceVerdict)v)
            .BadTexts("advice_id", 1000, required: true, (r, v) => r.AdviceId = v)
            .BadTexts("reason", 1000, required: true, (r, v) => r.Reason = v)
            .Invalid("declined with a revision", "PLAN_REVISION_NEEDLESS", "plan_revision", r => r.PlanRevision = 2)
            .Precondition("a revision that is not there", "PLAN_REVISION_UNKNOWN", "plan_revision", (r, _) => (r.Verdict, r.PlanRevision) = (AdviceVerdict.Followed, 2))
            .Precondition("the first revision", "PLAN_REVISION_UNKNOWN", "plan_revision", (r, _) => (r.Verdict, r.PlanRevision) = (AdviceVerdict.Followed, 1))
            .Precondition("a negative revision", "PLAN_REVISION_UNKNOWN", "plan_revision", (r, _) => (r.Verdict, r.PlanRevision) = (AdviceVerdict.Followed, int.MinValue))
            .Precondition("advice that is not given", "ADVICE_UNKNOWN", "advice_id", (r, _) => r.AdviceId = "widen-interval/1@plan/interval-7")
            .Precondition("no dose was given", "ADVICE_UNKNOWN", "advice_id", (r, _) => r.Patient = Cast.Planned);

    private static BadMessages<RevisePlanRequest> Moves() =>
        new BadMessages<RevisePlanRequest>("PatientService/RevisePlan", c => Valid.Revision(Cast.Planned, c.PlanEtag), async (n, r) => await n.Patients.RevisePlanAsync(r))
            .Invalid("moved to an unknown protocol", "PROTOCOL_UNKNOWN", "protocol", r => r.Protocol = "protocols/unknown")
            .Invalid("moved to a protocol without a name", "NAME_INVALID", "protocol", r => r.Protocol = "ketamine-im")
            .Invalid("moved to version 99", "PROTOCOL_UNKNOWN", "protocol_version", r => r.ProtocolVersion = 99)
            .Invalid("moved to version -1", "PROTOCOL_UNKNOWN", "protocol_version", r => r.ProtocolVersion = -1)
            .Precondition("moved to another drug", "DRUG_DIFFERS", "protocol", (r, _) => r.Protocol = Valid.Nasal)
            .Invalid("a setting that is none", "VALUE_MISSING", "setting", r => r.Setting = (Setting)99)
            .Invalid("moved home", "SETTING_NOT_PERMITTED", "setting", r => r.Setting = Setting.Home)
            .Invalid("moved home, nobody named", "SUPERVISION_MISSING", "supervision", r => (r.Protocol, r.Setting) = ("protocols/ketamine-home", Setting.Home))
            .BadTexts("supervision", 1000, required: false, (r, v) => r.Supervision = v)
            .Invalid("a phase that is none", "VALUE_MISSING", "phase", r => r.Phase = (PlannedPhase)99)
            .Invalid("a phase that version 1 lacks", "PHASE_UNKNOWN", "phase", r => r.Phase = PlannedPhase.Taper)
            .Invalid("a phase and by weeks", "PHASE_CONTRADICTS", "phase_by_weeks", r => (r.Phase, r.PhaseByWeeks) = (PlannedPhase.Taper, true))
            .Invalid("an interval in version 1", "PHASE_UNKNOWN", "interval_days", r => r.IntervalDays = 7)
            .Invalid("an interval of 13 days in the taper", "INTERVAL_OUT_OF_RANGE", "interval_days", r => (r.ProtocolVersion, r.Phase, r.IntervalDays) = (2, PlannedPhase.Taper, 13))
            .Invalid("support of no kind", "VALUE_MISSING", "support[0].kind", r => r.Support.Add(Series(s => s.Kind = 0)))
            .Invalid("support by nobody", "TEXT_INVALID", "support[0].provider", r => r.Support.Add(Series(s => s.Provider = "")))
            .Invalid("support every 91 days", "SUPPORT_OUT_OF_RANGE", "support[0].every_days", r => r.Support.Add(Series(s => s.EveryDays = 91)))
            .Invalid("support from no day", "DATE_INVALID", "support[0].from_day", r => r.Support.Add(Series(s => s.FromDay = "")))
            .Invalid("support to no day", "DATE_INVALID", "support[0].to_day", r => r.Support.Add(Series(s => s.ToDay = "2025-02-30")))
            .Invalid("support that ends before it begins", "SUPPORT_OUT_OF_RANGE", "support[0].to_day", r => r.Support.Add(Series(s => s.ToDay = "2025-06-30")))
            .Invalid("21 series of support", "TOO_MANY", "support", r => r.Support.Add(Enumerable.Range(0, 21).Select(_ => Series(_ => { }))));

    private static PlannedSupport Series(Action<PlannedSupport> change)
    {
        var series = new PlannedSupport { Kind = SupportKind.Psychotherapy, Provider = "Dr A", EveryDays = 7, FromDay = "2025-07-01" };
        change(series);
        return series;
    }
}
