using System.Net.Sockets;

namespace ClinicNetwork.Client;

/// <summary>
/// The gateways of one network behind one channel: each call goes to the next of them, past those that could not be connected to a moment
/// ago. A retry is a new call and so goes to the next one; the request id makes that safe.
/// </summary>
/// <remarks>
/// grpc-dotnet's own balancer is not used, not even for one address: its connection can be stuck in Connecting for good when a server goes and
/// comes back often (decision 11).
/// </remarks>
internal sealed class Gateways : DelegatingHandler
{
    /// <summary>Addresses a client may be given: more belong behind one name.</summary>
    internal const int Max = 64;

    /// <summary>A gateway that could not be connected to is passed over this long, as long as there is another.</summary>
    private const long AwayMs = 1_000;

    private readonly Gateway[] _gateways;
    private int _next = -1;

    internal Gateways(IReadOnlyList<Uri> servers, SocketsHttpHandler connections)
        : base(connections)
    {
        _gateways = [.. servers.Distinct().Select(server => new Gateway(server))];
        // Whoever sets this connects by the handler's own pool, without grpc-dotnet's balancer.
        connections.ConnectCallback = ConnectAsync;
    }

    /// <exception cref="ArgumentException">No address or too many, or some with TLS and some without.</exception>
    internal static IReadOnlyList<Uri> Checked(IReadOnlyList<Uri> servers)
    {
        if (servers.Count is 0 or > Max)
            throw new ArgumentException($"give 1 to {Max} addresses", nameof(servers));
        if (servers.Any(server => server.Scheme != servers[0].Scheme))
            throw new ArgumentException("give all addresses with https or all with http", nameof(servers));
        return servers;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        for (var left = _gateways.Length - 1; ; left--)
        {
            var gateway = Next();
            request.RequestUri = new Uri(gateway.Address, path);
            try
            {
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (WasNotConnected(error, cancellationToken))
            {
                // Nothing of the call has left, so the next gateway may have it.
                gateway.AwayUntilMs = Environment.TickCount64 + AwayMs;
                if (left == 0)
                    throw;
            }
        }
    }

    /// <summary>The next that is not known to be away; when all are, the next.</summary>
    private Gateway Next()
    {
        var nowMs = Environment.TickCount64;
        var gateway = _gateways[0];
        for (var i = 0; i < _gateways.Length; i++)
        {
            gateway = _gateways[(uint)Interlocked.Increment(ref _next) % _gateways.Length];
            if (gateway.AwayUntilMs <= nowMs)
                break;
        }

        return gateway;
    }

    private static bool WasNotConnected(Exception error, CancellationToken cancellationToken) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
        // So the handler tells its ConnectTimeout.
        OperationCanceledException { InnerException: TimeoutException } => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class Gateway(Uri address)
    {
        public Uri Address => address;

        /// <summary>By <see cref="Environment.TickCount64"/>.</summary>
        public long AwayUntilMs { get; set; }
    }
}
