using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>Facts as items of IngestFacts. A field is told as the item's result tells it.</summary>
internal static class FactCalls
{
    public static readonly IReadOnlyList<string> Rpcs =
        ["RecordConsultation", "RecordDose", "RecordSideEffect", "RecordAssessment", "RecordMissedVisit", "EndTreatment", "RecordVitals", "ResolveSideEffect", "RecordLeaving", "RecordScale", "RecordSafetyCheck"];

    /// <summary>The item for a unary request: id and patient on the item alone.</summary>
    public static IngestFactsRequest Item(IMessage request)
    {
        var fact = IngestFactsRequest.Descriptor.Oneofs[0].Fields.Single(f => f.MessageType == request.Descriptor);
        var inner = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        var (id, patient) = (inner.Descriptor.FindFieldByName("request_id").Accessor, inner.Descriptor.FindFieldByName("patient").Accessor);
        var item = new IngestFactsRequest { RequestId = (string)id.GetValue(inner), Patient = (string)patient.GetValue(inner) };
        id.Clear(inner);
        patient.Clear(inner);
        fact.Accessor.SetValue(item, inner);
        return item;
    }

    public static IMessage AnswerOf(IngestFactsResponse result) =>
        (IMessage)FactAccepted.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(result.Accepted).Accessor.GetValue(result.Accepted);

    public static Receipt ReceiptOf(IngestFactsResponse result)
    {
        var answer = AnswerOf(result);
        return (Receipt)answer.Descriptor.FindFieldByName("receipt").Accessor.GetValue(answer);
    }

    /// <summary>As the one item of a stream.</summary>
    public static async Task<IMessage> SendOneAsync(this FactService.FactServiceClient facts, IMessage request)
    {
        var result = Assert.Single(await facts.SendAsync(Item(request)));
        return result.Refused is { } refused ? throw ExceptionOf(refused) : AnswerOf(result);
    }

    public static RpcException ExceptionOf(FactRefused refused)
    {
        var status = new Google.Rpc.Status { Code = refused.Code, Message = refused.Message };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = refused.Reason }));
        status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = refused.Field } } }));
        Assert.Equal(refused.Code == (int)StatusCode.Unavailable, refused.RetryDelay is not null);
        return status.ToRpcException();
    }
}

/// <summary>Whole streams of facts.</summary>
internal static class FactSending
{
    /// <summary>Sends items and half-closes while results are read to the end.</summary>
    public static async Task<IReadOnlyList<IngestFactsResponse>> SendAsync(this FactService.FactServiceClient facts, params IEnumerable<IngestFactsRequest> items)
    {
        using var call = facts.IngestFacts();
        var writing = WriteAsync(call.RequestStream, items);
        var results = await ReadAsync(call.ResponseStream);
        await writing.Within();
        return results;
    }

    public static async Task WriteAsync(IClientStreamWriter<IngestFactsRequest> stream, IEnumerable<IngestFactsRequest> items)
    {
        foreach (var item in items)
        {
            await stream.WriteAsync(item);
        }

        await stream.CompleteAsync();
    }

    public static async Task<IReadOnlyList<IngestFactsResponse>> ReadAsync(IAsyncStreamReader<IngestFactsResponse> stream)
    {
        var results = new List<IngestFactsResponse>();
        while (await stream.MoveNext().Within())
        {
            results.Add(stream.Current);
        }

        return results;
    }
}
