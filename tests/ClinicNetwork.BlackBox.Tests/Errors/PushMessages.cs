using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Every bad message of the unary rpcs that PushChanges takes beside facts, and of one fact, as an item of it; and what is wrong with the item itself.</summary>
internal static class PushMessages
{
    private const string Rpc = "PlanPushService/PushChanges";
    private const string Fact = "RecordScale";

    public static IEnumerable<BadMessage> All => [.. PathwayMessages.All.Concat(TreatmentMessages.All).Where(IsPushed).Select(Streamed), .. Items()];

    private static bool IsPushed(BadMessage message) => message.Rpc.Split('/')[1] is var rpc && (rpc == Fact || PushCalls.Rpcs.Except(FactCalls.Rpcs).Contains(rpc));

    private static BadMessage Streamed(BadMessage unary)
    {
        var rpc = unary.Rpc.Split('/')[1];
        var change = rpc == Fact ? "fact.record_scale" : PushChangesRequest.Descriptor.Oneofs[0].Fields.Single(f => f.MessageType.Name == rpc + "Request").Name;
        var field = unary.Field is "" or "request_id" or "patient" ? unary.Field : $"{change}.{unary.Field}";
        BadMessage? row = null;
        return row = new(Rpc, $"{rpc}, {unary.What}", unary.Code, unary.Reason, field, async (network, cast) =>
        {
            try
            {
                await unary.Send(network.OverPush(), cast);
            }
            finally
            {
                row!.Sent = unary.Sent;
            }
        });
    }

    private static BadMessages<PushChangesRequest> Items() =>
        new BadMessages<PushChangesRequest>(Rpc, _ => PushCalls.Item(Valid.Assessment(Cast.Completed, "a-9")), SendAsync)
            .Invalid("no change", "CHANGE_MISSING", "change", r => r.ClearChange())
            .Invalid("a change of a later version", "CHANGE_MISSING", "change", r => { r.ClearChange(); r.MergeFrom(new byte[] { 0xA2, 0x06, 0x00 }); })
            .Invalid("a fact without one", "FACT_MISSING", "fact", r => r.Fact.ClearFact())
            .Invalid("the fact's item has another id", "ITEM_MISMATCH", "fact.request_id", r => r.Fact.RequestId = Valid.Id())
            .Invalid("the fact has another id", "ITEM_MISMATCH", "fact.record_assessment.request_id", r => r.Fact.RecordAssessment.RequestId = Valid.Id())
            .Invalid("the fact has another patient", "ITEM_MISMATCH", "fact.record_assessment.patient", r => r.Fact.RecordAssessment.Patient = Cast.Ended)
            .Invalid("the completion has another patient", "ITEM_MISMATCH", "complete_session.patient", r => (r.CompleteSession = Valid.Completion(Cast.Ended, "s-1")).RequestId = "")
            .Invalid("the reported session has another patient", "ITEM_MISMATCH", "report_session.session.patient", r => Report(r).Session.Patient = Cast.Ended)
            .Invalid("the reported session has no time", "TIME_MISSING", "report_session.session.occurred_at", r => Report(r).Session.OccurredAt = null)
            .BadTexts("report_session.emergency_reason", 500, required: false, (r, v) => Report(r).EmergencyReason = v);

    private static ReportSessionRequest Report(PushChangesRequest item)
    {
        item.ReportSession = Valid.Report(Cast.Completed, "s-9");
        item.ReportSession.RequestId = "";
        return item.ReportSession;
    }

    private static async Task SendAsync(Network network, PushChangesRequest item)
    {
        var result = Assert.Single(await network.Push.SendAsync(item));
        if (result.Refused is { } refused)
        {
            throw FactCalls.ExceptionOf(refused);
        }
    }
}
