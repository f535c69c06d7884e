using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>What a site may push, as items of PushChanges.</summary>
internal static class PushCalls
{
    private static readonly OneofDescriptor Change = PushChangesRequest.Descriptor.Oneofs[0];

    private static readonly OneofDescriptor Result = PushChangesResponse.Descriptor.Oneofs[0];

    public static readonly IReadOnlyList<string> Rpcs = [.. FactCalls.Rpcs, .. Change.Fields.Where(f => f.Name != "fact").Select(f => f.MessageType.Name[..^"Request".Length])];

    /// <summary>The item for a unary request: id and patient on the item alone.</summary>
    public static PushChangesRequest Item(IMessage request)
    {
        var change = Change.Fields.SingleOrDefault(f => f.MessageType == request.Descriptor);
        var inner = change is null ? FactCalls.Item(request) : request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        var (id, patient) = (inner.Descriptor.FindFieldByName("request_id").Accessor, inner.Descriptor.FindFieldByName("patient").Accessor);
        var item = new PushChangesRequest { RequestId = (string)id.GetValue(inner), Patient = (string)patient.GetValue(inner) };
        id.Clear(inner);
        patient.Clear(inner);
        (change ?? Change.Fields.Single(f => f.Name == "fact")).Accessor.SetValue(item, inner);
        return item;
    }

    /// <summary>What the unary rpc answers.</summary>
    public static IMessage AnswerOf(PushChangesResponse result)
    {
        var answer = Chosen(result, Result);
        return answer is Appended appended ? Chosen(appended, Appended.Descriptor.Oneofs[0]) is var inner && inner is FactAccepted fact ? Chosen(fact, FactAccepted.Descriptor.Oneofs[0]) : inner : answer;
    }

    public static Receipt ReceiptOf(PushChangesResponse result) => AnswerOf(result) is var answer ? (Receipt)answer.Descriptor.FindFieldByName("receipt").Accessor.GetValue(answer) : null!;

    /// <summary>As the one item of a stream.</summary>
    public static async Task<IMessage> SendOneAsync(this PlanPushService.PlanPushServiceClient push, IMessage request)
    {
        var result = Assert.Single(await push.SendAsync(Item(request)));
        return result.Refused is { } refused ? throw FactCalls.ExceptionOf(refused) : AnswerOf(result);
    }

    /// <summary>Sends items and half-closes while results are read to the end.</summary>
    public static async Task<IReadOnlyList<PushChangesResponse>> SendAsync(this PlanPushService.PlanPushServiceClient push, params IEnumerable<PushChangesRequest> items)
    {
        using var call = push.PushChanges();
        var writing = WriteAsync(call.RequestStream, items);
        var results = new List<PushChangesResponse>();
        while (await call.ResponseStream.MoveNext(default).Within())
        {
            results.Add(call.ResponseStream.Current);
        }

        await writing.Within();
        return results;
    }

    public static async Task WriteAsync(Grpc.Core.IClientStreamWriter<PushChangesRequest> stream, IEnumerable<PushChangesRequest> items)
    {
        foreach (var item in items)
        {
            await stream.WriteAsync(item);
        }

        await stream.CompleteAsync();
    }

    private static IMessage Chosen(IMessage message, OneofDescriptor choice) => (IMessage)choice.Accessor.GetCaseFieldDescriptor(message).Accessor.GetValue(message);
}
