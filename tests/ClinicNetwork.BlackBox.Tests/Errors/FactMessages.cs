using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Every bad message of the facts' unary rpcs, as an item of a stream; and what is wrong with the item itself.</summary>
internal static class FactMessages
{
    private const string Rpc = "FactService/IngestFacts";

    public static IEnumerable<BadMessage> All => [.. PathwayMessages.All.Concat(TreatmentMessages.All).Where(IsFact).Select(Streamed), .. Items()];

    private static bool IsFact(BadMessage message) => FactCalls.Rpcs.Contains(message.Rpc.Split('/')[1]);

    private static BadMessage Streamed(BadMessage unary)
    {
        var rpc = unary.Rpc.Split('/')[1];
        var fact = IngestFactsRequest.Descriptor.Oneofs[0].Fields.Single(f => f.MessageType.Name == rpc + "Request").Name;
        var field = unary.Field is "" or "request_id" or "patient" ? unary.Field : $"{fact}.{unary.Field}";
        BadMessage? row = null;
        return row = new(Rpc, $"{rpc}, {unary.What}", unary.Code, unary.Reason, field, async (network, cast) =>
        {
            try
            {
                await unary.Send(network.OverFacts(), cast);
            }
            finally
            {
                row!.Sent = unary.Sent;
            }
        });
    }

    private static BadMessages<IngestFactsRequest> Items() =>
        new BadMessages<IngestFactsRequest>(Rpc, _ => FactCalls.Item(Valid.Assessment(Cast.Completed, "a-9")), SendAsync)
            .Invalid("no fact", "FACT_MISSING", "fact", r => r.ClearFact())
            .Invalid("a fact of a later version", "FACT_MISSING", "fact", r => { r.ClearFact(); r.MergeFrom(new byte[] { 0xA2, 0x06, 0x00 }); })
            .Invalid("the fact has another id", "ITEM_MISMATCH", "record_assessment.request_id", r => r.RecordAssessment.RequestId = Valid.Id())
            .Invalid("the fact has another patient", "ITEM_MISMATCH", "record_assessment.patient", r => r.RecordAssessment.Patient = Cast.Ended);

    private static async Task SendAsync(Network network, IngestFactsRequest item)
    {
        var result = Assert.Single(await network.Facts.SendAsync(item));
        if (result.Refused is { } refused)
        {
            throw FactCalls.ExceptionOf(refused);
        }
    }
}
