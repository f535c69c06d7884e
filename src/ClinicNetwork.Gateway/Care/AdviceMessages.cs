using ClinicNetwork.Domain.Advising;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Advice, decisions on it, and support between the wire and the domain.</summary>
internal static class AdviceMessages
{
    public static RecordSupportSession Of(Wire.RecordSupportSessionRequest r) => new(
        new SupportSessionId(Fields.Id(r.SupportSessionId, "support_session_id")),
        Fields.Enum<SupportKind>((int)r.Kind, "kind"),
        r.MissedReason,
        Fields.Instant(r.OccurredAt, "occurred_at"));

    public static RecordAdviceDecision Of(Wire.RecordAdviceDecisionRequest r) => new(
        r.AdviceId, Fields.Enum<AdviceVerdict>((int)r.Verdict, "verdict"), r.Reason, r.PlanRevision == 0 ? null : r.PlanRevision);

    public static Wire.SupportSession Of(PatientState state, SupportSession session) => new()
    {
        Name = $"{state.Id.Name}/supportSessions/{session.Id.Value}",
        Kind = (Wire.SupportKind)session.Kind,
        OccurredAt = session.OccurredAt.ToTimestamp(),
        MissedReason = session.MissedReason ?? "",
    };

    public static Wire.GetAdviceResponse Of(PatientState state, Wire.Revision revision, DateTimeOffset now)
    {
        var response = new Wire.GetAdviceResponse { Revision = revision };
        response.Advice.AddRange(AdviceSheet.Open(state, now).Select(Of));
        response.Missing.AddRange(AdviceSheet.Of(state, now).Missing.Select(Of));
        response.Decisions.AddRange(state.AdviceDecisions.Select(d => new Wire.AdviceDecision
        {
            Number = d.Number,
            Advice = Of(d.Advice),
            Verdict = (Wire.AdviceVerdict)d.Verdict,
            Reason = d.Reason,
            PlanRevision = d.PlanRevision ?? 0,
            DecidedBy = d.Actor,
            DecidedAt = d.At.ToTimestamp(),
        }));
        return response;
    }

    private static Wire.Advice Of(Advice advice)
    {
        var message = new Wire.Advice
        {
            Id = advice.Id,
            Rule = advice.Rule,
            Kind = (Wire.AdviceKind)advice.Kind,
            Text = advice.Text,
            Limit = advice.Limit,
            Change = new()
            {
                IntervalDays = advice.Change.IntervalDays ?? 0,
                Phase = (Wire.PlannedPhase)(advice.Change.Phase ?? 0),
                DoseMgPerKg = advice.Change.DoseMgPerKg ?? 0,
                DoseMg = advice.Change.DoseMg ?? 0,
                Support = (Wire.SupportKind)(advice.Change.Support ?? 0),
            },
            Source = AdviceCatalogue.All.FirstOrDefault(r => r.Key == advice.Rule)?.Source ?? "",
        };
        message.Data.AddRange(advice.Data.Select(d => new Wire.AdviceDatum { Fact = d.Fact, Says = d.Says }));
        message.Alternatives.AddRange(advice.Alternatives);
        return message;
    }

    private static Wire.AdviceGap Of(AdviceGap gap)
    {
        var message = new Wire.AdviceGap { Missing = gap.Missing };
        message.Kinds.AddRange(gap.Kinds.Select(k => (Wire.AdviceKind)k));
        return message;
    }
}
