using System.Security.Authentication;
using Google.Rpc;
using Grpc.Core;
using Polly.CircuitBreaker;

namespace ClinicNetwork.Client;

/// <summary>Which failures are tried again. Every mutation carries a request id, so a repeat is never applied twice.</summary>
internal static class Retryable
{
    /// <summary>
    /// UNAVAILABLE and DEADLINE_EXCEEDED always; ABORTED only with a reason that says so (an etag mismatch would fail again).
    /// Not when the server asks for a longer wait than <see cref="ClinicNetworkClientOptions.ServerDelayMax"/>.
    /// </summary>
    /// <param name="retries">Those made so far.</param>
    internal static bool Call(Exception? error, int retries, ClinicNetworkClientOptions options) => error switch
    {
        BrokenCircuitException => true,
        RpcException rpc => MayPass(rpc)
            && !NotSecured(rpc)
            && !(AskedDelay(rpc) > options.ServerDelayMax)
            && (retries < options.RefusedRetriesMax || !WasRefused(rpc)),
        _ => false,
    };

    private static bool MayPass(RpcException error) => error.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => true,
        StatusCode.Aborted => Reason(error) is Reasons.NotExecuted or Reasons.OutcomeUnknown,
        _ => false,
    };

    /// <summary>Nobody listens at the address.</summary>
    private static bool WasRefused(RpcException error) =>
        error.Status.DebugException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    /// <summary>
    /// Nobody answered. Whoever gives a reason lives, and other calls to it may well succeed: cached reads while the database is away.
    /// </summary>
    internal static bool Trouble(Exception? error) =>
        error is RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded } rpc && Reason(rpc) is null && !NotSecured(rpc);

    /// <summary>
    /// The peer is not of the network that the identity trusts, or did not take the identity: trying again does not help. A peer that goes away
    /// while the connection is being secured is another matter.
    /// </summary>
    internal static bool NotSecured(RpcException error) =>
        error.Status.DebugException is HttpRequestException { InnerException: AuthenticationException };

    /// <summary>A stream that ended by the connection or the server's stop, not by a refusal.</summary>
    internal static bool Cut(RpcException error) => !NotSecured(error) && error.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled => true,
        // An HTTP/2 stream or connection that breaks in the middle of a message.
        StatusCode.Internal => error.Status.DebugException is IOException or HttpRequestException,
        _ => false,
    };

    /// <summary>google.rpc.RetryInfo; null when the server did not say.</summary>
    internal static TimeSpan? AskedDelay(Exception? error) =>
        (error as RpcException)?.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();

    private static string? Reason(RpcException error) => error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;
}
