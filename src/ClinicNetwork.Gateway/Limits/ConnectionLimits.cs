using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClinicNetwork.Gateway.Limits;

/// <summary>What one connection may take of a gateway. A caller that needs more opens another connection.</summary>
public static class ConnectionLimits
{
    /// <summary>Open at once, of all callers; one client has <see cref="OpenConnections.EachMax"/>.</summary>
    private const int ConnectionsMax = 4_096;

    /// <summary>Calls under way on one connection; the next ones wait at the caller.</summary>
    private const int StreamsMax = 100;

    /// <summary>Metadata of a call, names and values: the tokens of identity are the largest.</summary>
    private const int HeaderBytesMax = 16 * 1024;

    private const int HeadersMax = 50;

    /// <summary>A connection that was silent for so long is asked for a sign of life; a peer that is gone or cut off is not kept.</summary>
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PingAnswerMax = TimeSpan.FromSeconds(20);

    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = ConnectionsMax;
        limits.MaxRequestHeaderCount = HeadersMax;
        limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
        limits.Http2.MaxStreamsPerConnection = StreamsMax;
        limits.Http2.MaxRequestHeaderFieldSize = HeaderBytesMax;
        limits.Http2.KeepAlivePingDelay = PingAfter;
        limits.Http2.KeepAlivePingTimeout = PingAnswerMax;
    }
}
