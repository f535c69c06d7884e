namespace ClinicNetwork.Client;

/// <summary>
/// The gateways of one network behind one channel: each call goes to the next of them, past those that gave no answer a moment ago: not
/// connected to, broken off, or silent until the call was cut off. When a moment is over one call tries again, and its answer brings the gateway
/// back. A retry is a new call and so goes to the next one; the request id makes that safe.
/// </summary>
/// <remarks>
/// grpc-dotnet's own balancer is not used, not even for one address: its connection can be stuck in Connecting for good when a server goes and
/// comes back often (decision 11). It leaves a handler alone that it does not know.
/// </remarks>
internal sealed class Gateways : HttpMessageHandler
{
    /// <summary>Addresses a client may be given: more belong behind one name.</summary>
    internal const int Max = 64;

    /// <summary>A gateway that gave no answer is passed over this long, as long as there is another; a silent one for as long as it cost.</summary>
    private const long AwayMs = 1_000;

    /// <summary>gRPC's header: a stream without one may be quiet for as long as it likes.</summary>
    private const string Deadline = "grpc-timeout";

    private readonly Gateway[] _gateways;
    private readonly Connections _connections;
    private readonly long _silentMs;
    private int _next = -1;

    /// <param name="attemptTimeout">Deadline of one attempt. Whatever cuts a call with a deadline off after half of it has waited in vain.</param>
    internal Gateways(IReadOnlyList<Uri> servers, Connections connections, TimeSpan attemptTimeout)
    {
        _gateways = [.. servers.Distinct().Select(server => new Gateway(server))];
        _connections = connections;
        _silentMs = (long)attemptTimeout.TotalMilliseconds / 2;
    }

    /// <exception cref="ArgumentException">No address or too many, some with TLS and some without, or one without that is another machine's.</exception>
    internal static IReadOnlyList<Uri> Checked(IReadOnlyList<Uri> servers)
    {
        if (servers.Count is 0 or > Max)
            throw new ArgumentException($"give 1 to {Max} addresses", nameof(servers));
        if (servers.Any(server => server.Scheme != servers[0].Scheme))
            throw new ArgumentException("give all addresses with https or all with http", nameof(servers));
        if (servers.Any(server => server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback))
            throw new ArgumentException("give https; without TLS nothing leaves the machine", nameof(servers));
        return servers;
    }

    /// <summary>True when there are several and one of them is not known to be away.</summary>
    internal bool HasAnother => _gateways.Length > 1 && Array.Exists(_gateways, gateway => !gateway.IsAway(Environment.TickCount64));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        var calls = await _connections.ForAsync(request, cancellationToken).ConfigureAwait(false);
        for (var left = _gateways.Length - 1; ; left--)
        {
            var gateway = Next();
            request.RequestUri = new Uri(gateway.Address, path);
            var sinceMs = Environment.TickCount64;
            try
            {
                var response = await calls.SendAsync(request, cancellationToken).ConfigureAwait(false);
                gateway.Back();
                return response;
            }
            catch (Exception error) when (WasNotConnected(error, cancellationToken))
            {
                // Nothing of the call has left, so the next gateway may have it.
                gateway.Away(AwayMs);
                if (left == 0)
                    throw;
            }
            catch (HttpRequestException)
            {
                gateway.Away(AwayMs);
                throw;
            }
            catch (OperationCanceledException) when (request.Headers.Contains(Deadline) && Environment.TickCount64 - sinceMs >= _silentMs)
            {
                gateway.Away(Math.Max(AwayMs, Environment.TickCount64 - sinceMs));
                throw;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _connections.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The next that is not known to be away; when all are, the next.</summary>
    private Gateway Next()
    {
        var nowMs = Environment.TickCount64;
        var gateway = _gateways[0];
        for (var i = 0; i < _gateways.Length; i++)
        {
            gateway = _gateways[(uint)Interlocked.Increment(ref _next) % _gateways.Length];
            if (gateway.Takes(nowMs))
                break;
        }

        return gateway;
    }

    private static bool WasNotConnected(Exception error, CancellationToken cancellationToken) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => true,
        // So the handler tells its ConnectTimeout.
        OperationCanceledException { InnerException: TimeoutException } => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    private sealed class Gateway(Uri address)
    {
        public Uri Address => address;

        /// <summary>By <see cref="Environment.TickCount64"/>; 0: it answered.</summary>
        private long _awayUntilMs;

        private long _awayMs;

        public bool IsAway(long nowMs) => Volatile.Read(ref _awayUntilMs) > nowMs;

        public void Away(long forMs)
        {
            Volatile.Write(ref _awayMs, forMs);
            Volatile.Write(ref _awayUntilMs, Environment.TickCount64 + forMs);
        }

        public void Back() => Volatile.Write(ref _awayUntilMs, 0);

        /// <summary>Of one that was away, one call at a time.</summary>
        public bool Takes(long nowMs)
        {
            var until = Volatile.Read(ref _awayUntilMs);
            return until == 0
                || (until <= nowMs && Interlocked.CompareExchange(ref _awayUntilMs, nowMs + Volatile.Read(ref _awayMs), until) == until);
        }
    }
}
