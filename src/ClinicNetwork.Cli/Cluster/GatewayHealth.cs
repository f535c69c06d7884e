using ClinicNetwork.Client;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClinicNetwork.Cli.Cluster;

/// <summary>A gateway's own answer to the gRPC health check (grpc.health.v1): whether it takes calls. One question, one number.</summary>
internal sealed class GatewayHealth(Uri address, ClientIdentity? identity = null) : IDisposable
{
    /// <summary>A frozen gateway costs the table this much.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
    private static readonly Method<byte[], byte[]> Check = new(MethodType.Unary, "grpc.health.v1.Health", "Check", Bytes, Bytes);

    /// <summary>HealthCheckResponse with status (field 1) SERVING (1).</summary>
    private static readonly byte[] Serving = [8, 1];

    private readonly GrpcChannel channel = ClinicNetworkClient.OpenChannel(address, new() { Identity = identity });

    internal async Task<bool> ServesAsync(CancellationToken cancellationToken)
    {
        var options = new CallOptions(deadline: DateTime.UtcNow + AnswerMax, cancellationToken: cancellationToken);
        try
        {
            // No bytes: the whole server is meant.
            using var call = channel.CreateCallInvoker().AsyncUnaryCall(Check, null, options, []);
            return (await call.ResponseAsync).AsSpan().SequenceEqual(Serving);
        }
        catch (RpcException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    public void Dispose() => channel.Dispose();
}
