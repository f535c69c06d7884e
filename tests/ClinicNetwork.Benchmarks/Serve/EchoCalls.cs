using System.Collections.Concurrent;
using ClinicNetwork.Benchmarks.Yardstick;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Benchmarks.Serve;

/// <summary>What gRPC itself costs: a reply of the size asked for, made once.</summary>
internal sealed class EchoCalls : EchoService.EchoServiceBase
{
    /// <summary>Largest reply, bytes.</summary>
    private const int ReplyBytesMax = 64 * 1024;

    private static readonly ConcurrentDictionary<int, ByteString> Bodies = new();

    public override Task<EchoResponse> Echo(EchoRequest request, ServerCallContext context) => Task.FromResult(new EchoResponse
    {
        Body = Bodies.GetOrAdd(Math.Clamp(request.ReplyBytes, 0, ReplyBytesMax), static bytes => ByteString.CopyFrom(new byte[bytes])),
    });
}
