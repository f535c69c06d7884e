using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Audit.V1;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClinicNetwork.Faults.Load;

/// <summary>A server's door as a client reaches it: over the product's channel, through its proxy. No retry of its own: what one attempt was told is what is written down.</summary>
internal sealed class Gateway : IDisposable
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(2);

    /// <summary>A read-out of a whole patient is larger than what a client takes by default.</summary>
    private const int MessageBytesMax = 64 * 1024 * 1024;

    /// <summary>A link that swallows bytes is noticed after at most twice this.</summary>
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(2);

    private readonly GrpcChannel _channel;

    public Gateway(string name, int proxyPort, ClientIdentity? identity)
    {
        Name = name;
        _channel = ClinicNetworkClient.OpenChannel(new Uri($"https://127.0.0.1:{proxyPort}"), new()
        {
            Identity = identity,
            AttemptTimeout = ConnectMax,
            KeepAlive = PingEvery,
            MessageBytesMax = MessageBytesMax,
        });
        (Patients, Clinics, Feed, Push, Audit, Admin) = (new(_channel), new(_channel), new(_channel), new(_channel), new(_channel), new(_channel));
    }

    public string Name { get; }

    /// <summary>False: no new attempt goes this way (a cluster that was stopped for good).</summary>
    public volatile bool Open = true;

    public PatientService.PatientServiceClient Patients { get; }

    public ClinicService.ClinicServiceClient Clinics { get; }

    public PlanFeedService.PlanFeedServiceClient Feed { get; }

    public PlanPushService.PlanPushServiceClient Push { get; }

    public AuditService.AuditServiceClient Audit { get; }

    public NetworkService.NetworkServiceClient Admin { get; }

    /// <summary>Pushes one change, by a stream of its own.</summary>
    /// <exception cref="RpcException">It was refused, as the unary call would have been, or nothing is known of it.</exception>
    public async Task<PushChangesResponse> PushAsync(PushChangesRequest change, DateTime deadline, CancellationToken cancellationToken)
    {
        using var call = Push.PushChanges(null, deadline, cancellationToken);
        try
        {
            await call.RequestStream.WriteAsync(change, cancellationToken);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or IOException)
        {
            // The call is over, for example because the server was killed: its answer tells how.
        }

        if (!await call.ResponseStream.MoveNext(cancellationToken))
        {
            throw new RpcException(new(StatusCode.Unknown, "the stream ended without a result"));
        }

        var result = call.ResponseStream.Current;
        return result.Refused is { } refused
            ? throw new Google.Rpc.Status { Code = refused.Code, Message = refused.Message, Details = { Any.Pack(new ErrorInfo { Reason = refused.Reason }) } }.ToRpcException()
            : result;
    }

    public void Dispose() => _channel.Dispose();
}

/// <summary>The doors that are in use.</summary>
internal sealed class Gateways(IReadOnlyList<Gateway> all)
{
    public IReadOnlyList<Gateway> All => all;

    public Gateway Pick(Random random)
    {
        var open = all.Where(g => g.Open).ToArray();
        return open[random.Next(open.Length)];
    }

    /// <summary>So many doors, all different as long as there are enough in use.</summary>
    public IReadOnlyList<Gateway> PickDifferent(int count, Random random)
    {
        var open = all.Where(g => g.Open).ToArray();
        random.Shuffle(open);
        return [.. Enumerable.Range(0, count).Select(i => open[i % open.Length])];
    }
}
