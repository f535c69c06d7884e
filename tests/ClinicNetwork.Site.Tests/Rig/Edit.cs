using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Protocol.Sync.V1;
using Change = ClinicNetwork.Protocol.Sync.V1.PushChangesRequest.ChangeOneofCase;
using Fact = ClinicNetwork.Protocol.Care.V1.IngestFactsRequest.FactOneofCase;
using Plan = ClinicNetwork.Domain.Patients.Plan;

namespace ClinicNetwork.Site.Tests.Rig;

/// <summary>One edit that a site took, and what it was decided on.</summary>
/// <param name="Asked">As it was recorded; its time may have been corrected before it was sent.</param>
/// <param name="Shown">The plan that was shown when it was decided; null: not known, what is shown was changing at that moment.</param>
internal sealed record Edit(string Site, string RequestId, string Patient, PushChangesRequest Asked, Plan? Shown)
{
    public override string ToString() => $"{RequestId} of {Patient} at {Site} ({Asked.ChangeCase}{(Asked.Fact is { } fact ? $", {fact.FactCase}" : "")})";

    /// <summary>Fails when the edit is not in the network once, or not as its site was told.</summary>
    /// <param name="times">Commands of its request id in the patient's history.</param>
    public void Check(OutboxItem item, int times, PatientState state)
    {
        if (item.Standing == ItemStanding.Refused)
        {
            Assert.True(times == 0 && IsExplained(item.Refusal!.Reason, state), $"{this} was refused, {item.Refusal!.Reason}, and is {times} times in the network");
            return;
        }

        Assert.True(times == 1, $"{this} is {times} times in the network");
        if (item.Change.ChangeCase == Change.ProposeRevision)
        {
            CheckProposal(item, state, item.Change.ProposeRevision.Reason);
        }
        else
        {
            Assert.True(TimesIn(state, item.Change) == 1, $"{this} is {TimesIn(state, item.Change)} times in the patient");
        }
    }

    /// <summary>Somebody else was there before, and the state shows it; else there is no reason.</summary>
    private bool IsExplained(string reason, PatientState state) => (Asked.ChangeCase, Asked.Fact?.FactCase, reason) switch
    {
        (Change.ResolvePlanConflict, _, "PLAN_CONFLICT_CLOSED") => state.FindPlanConflict(Asked.ResolvePlanConflict.Conflict) is { IsOpen: false },
        (Change.ResolvePlanConflict, _, "ETAG_MISMATCH" or "NOTHING_TO_CHANGE" or "PLAN_CONFLICT" or "SESSION_OPEN") => true,
        (Change.ProposeRevision, _, "PLAN_CONFLICTS_TOO_MANY" or "SESSION_OPEN") => true,
        (Change.CompleteSession, _, "SESSION_COMPLETED") => SessionIn(state, Asked.CompleteSession.SessionId).CompletedAt is not null,
        (_, Fact.RecordLeaving, "SESSION_COMPLETED") => SessionIn(state, Asked.Fact!.RecordLeaving.SessionId).CompletedAt is not null,
        (_, Fact.RecordDose, "DOSE_RECORDED") => SessionIn(state, Asked.Fact!.RecordDose.SessionId).DoseMg is not null,
        (_, Fact.ResolveSideEffect, "SIDE_EFFECT_RESOLVED") => state.SideEffects[Asked.Fact!.ResolveSideEffect.SideEffect - 1].OverAt is not null,
        _ => false,
    };

    private static int TimesIn(PatientState state, PushChangesRequest change) => change.ChangeCase switch
    {
        Change.ReportSession => state.Sessions.Count(s => s.Id.Value == change.ReportSession.Session.SessionId),
        Change.CompleteSession => SessionIn(state, change.CompleteSession.SessionId).CompletedAt == change.CompleteSession.OccurredAt.ToDateTimeOffset() ? 1 : 0,
        Change.ResolvePlanConflict => state.PlanConflicts.Count(c => c.Resolution?.Reason == change.ResolvePlanConflict.Reason),
        Change.Fact => TimesIn(state, change.Fact),
        _ => 0,
    };

    private static int TimesIn(PatientState state, Protocol.Care.V1.IngestFactsRequest fact) => fact.FactCase switch
    {
        Fact.RecordAssessment => state.Assessments.Count(a => a.Id.Value == fact.RecordAssessment.AssessmentId),
        Fact.RecordScale => state.AnsweredScales.Count(a => a.Id.Value == fact.RecordScale.AssessmentId),
        Fact.RecordDose => state.Sessions.Count(s => s.Id.Value == fact.RecordDose.SessionId && s.DoseMg == fact.RecordDose.DoseMg && s.DosedAt == fact.RecordDose.OccurredAt.ToDateTimeOffset()),
        Fact.RecordVitals => state.Monitoring.Where(m => m.Session.Value == fact.RecordVitals.SessionId).Sum(m => m.Vitals.Count(v => v.OccurredAt == fact.RecordVitals.OccurredAt.ToDateTimeOffset())),
        Fact.RecordSideEffect => state.SideEffects.Count(e => e.Note == fact.RecordSideEffect.Note),
        Fact.ResolveSideEffect => state.SideEffects.Count(e => e.TreatmentGiven == fact.ResolveSideEffect.TreatmentGiven),
        Fact.RecordLeaving => SessionIn(state, fact.RecordLeaving.SessionId).CompletedAt == fact.RecordLeaving.OccurredAt.ToDateTimeOffset() ? 1 : 0,
        Fact.RecordSafetyCheck => state.SafetyChecks.Count(c => c.Id.Value == fact.RecordSafetyCheck.SafetyCheckId),
        Fact.RecordConsultation => state.Consultations.Count(c => c.Consultation.PsychiatricHistory == fact.RecordConsultation.Consultation.PsychiatricHistory),
        _ => 0,
    };

    private static Session SessionIn(PatientState state, string id) => state.Sessions.Single(s => s.Id.Value == id);

    private void CheckProposal(OutboxItem item, PatientState state, string reason)
    {
        Plan[] plans = [.. state.EarlierPlans, state.Plan!];
        var (applied, conflicts) = (plans.Count(p => p.RevisionReason == reason), state.PlanConflicts.Count(c => c.Proposed.RevisionReason == reason));
        var agreed = item.Result!.Accepted?.Outcome == Protocol.Care.V1.ProposalOutcome.Agreed;
        Assert.True(applied + conflicts + (agreed ? 1 : 0) == 1, $"{this}: applied {applied}, in conflict {conflicts}, agreed {agreed}");
        Assert.True(conflicts == (item.Result.ResultCase == PushChangesResponse.ResultOneofCase.Conflict ? 1 : 0), $"{this}: its site was told otherwise");
        if (applied == 1 && Shown is not null && (Asked.ProposeRevision.HasDoseMgPerKg || Asked.ProposeRevision.HasInductionSessions))
        {
            // The dose was decided on the one that was in force, or says the same as that.
            var at = Array.FindIndex(plans, p => p.RevisionReason == reason);
            Assert.True(
                Dose(plans[at - 1]) == Dose(Shown) || Dose(plans[at - 1]) == Dose(plans[at]),
                $"{this}: decided on {Dose(Shown)}, applied on {Dose(plans[at - 1])}: the last one won");
        }
    }

    private static (double? PerKg, int Sessions) Dose(Plan plan) => (plan.DoseMgPerKg, plan.InductionSessions);
}
