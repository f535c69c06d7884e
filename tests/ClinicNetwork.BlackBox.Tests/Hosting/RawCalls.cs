using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>Calls by name with bytes, as a client without generated code makes them.</summary>
internal static class RawCalls
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static async Task<byte[]> UnaryAsync(ChannelBase channel, string service, string rpc, byte[] request) =>
        await channel.CreateCallInvoker().AsyncUnaryCall(MethodOf(MethodType.Unary, service, rpc), null, new CallOptions(deadline: Bounded.Deadline), request);

    public static async Task<IReadOnlyList<byte[]>> ServerStreamAsync(ChannelBase channel, string service, string rpc, byte[] request)
    {
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(MethodOf(MethodType.ServerStreaming, service, rpc), null, new CallOptions(deadline: Bounded.Deadline), request);
        var answers = new List<byte[]>();
        while (await call.ResponseStream.MoveNext(default).Within())
        {
            answers.Add(call.ResponseStream.Current);
        }

        return answers;
    }

    /// <summary>Sends all messages, then reads to the end; the end is null when it is OK.</summary>
    public static async Task<(IReadOnlyList<byte[]> Answers, RpcException? End)> DuplexAsync(ChannelBase channel, string service, string rpc, params byte[][] requests)
    {
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(MethodOf(MethodType.DuplexStreaming, service, rpc), null, new CallOptions(deadline: Bounded.Deadline));
        var answers = new List<byte[]>();
        try
        {
            foreach (var request in requests)
            {
                await call.RequestStream.WriteAsync(request).Within();
            }

            await call.RequestStream.CompleteAsync().Within();
            while (await call.ResponseStream.MoveNext(default).Within())
            {
                answers.Add(call.ResponseStream.Current);
            }

            return (answers, null);
        }
        catch (RpcException exception)
        {
            return (answers, exception);
        }
    }

    private static Method<byte[], byte[]> MethodOf(MethodType type, string service, string rpc) => new(type, service, rpc, Bytes, Bytes);
}
