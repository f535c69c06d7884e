using System.Security.Authentication;
using Google.Rpc;
using Grpc.Core;
using Polly.CircuitBreaker;

namespace ClinicNetwork.Client;

/// <summary>Which failures are tried again. Every mutation carries a request id, so a repeat is never applied twice.</summary>
internal static class Retryable
{
    /// <summary>
    /// UNAVAILABLE, DEADLINE_EXCEEDED and a broken connection always; ABORTED and RESOURCE_EXHAUSTED only with a reason that says so (an etag
    /// mismatch and a message that is too long would fail again).
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
        StatusCode.ResourceExhausted => Reason(error) is Reasons.RateLimited,
        _ => BrokeOff(error),
    };

    /// <summary>
    /// INTERNAL that no server said: grpc-dotnet's word for a connection that broke while it was being made (behind TLS, before HTTP/2's first
    /// frame) or in the middle of a message.
    /// </summary>
    internal static bool BrokeOff(RpcException error) =>
        error is { StatusCode: StatusCode.Internal, Status.DebugException: IOException or HttpRequestException } && !NotSecured(error);

    /// <summary>Nobody listens at the address.</summary>
    private static bool WasRefused(RpcException error) =>
        error.Status.DebugException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    /// <summary>Somebody listens, and ended the connection before any answer: what a certificate that was revoked sees, or that the server does not take.</summary>
    internal static bool ClosedUnanswered(RpcException error) =>
        (error.StatusCode == StatusCode.Unavailable || BrokeOff(error))
        && error.Status.DebugException is HttpRequestException { HttpRequestError: not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError) };

    /// <summary>
    /// Nobody answered. Whoever gives a reason lives, and other calls to it may well succeed: cached reads while the database is away.
    /// </summary>
    internal static bool Trouble(Exception? error) =>
        error is RpcException rpc && !NotSecured(rpc)
        && (rpc.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded || BrokeOff(rpc)) && Reason(rpc) is null;

    /// <summary>
    /// The peer is not of the network that the identity trusts, or did not take the identity: trying again does not help. A peer that goes away
    /// while the connection is being secured is another matter.
    /// </summary>
    internal static bool NotSecured(RpcException error) =>
        error.Status.DebugException is HttpRequestException { InnerException: AuthenticationException };

    /// <summary>A stream that ended by the connection or the server's stop, or was not begun for the client's rate; not by a refusal of what was asked.</summary>
    internal static bool Cut(RpcException error) => !NotSecured(error) && error.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled => true,
        StatusCode.ResourceExhausted => Reason(error) is Reasons.RateLimited,
        _ => BrokeOff(error),
    };

    /// <summary>google.rpc.RetryInfo; null when the server did not say.</summary>
    internal static TimeSpan? AskedDelay(Exception? error) =>
        (error as RpcException)?.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();

    private static string? Reason(RpcException error) => error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;
}
