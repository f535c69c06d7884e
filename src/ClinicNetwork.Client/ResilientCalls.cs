using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace ClinicNetwork.Client;

/// <summary>
/// Runs every unary call through the pipeline. The message is copied once, before the first attempt: each attempt sends the same bytes.
/// </summary>
internal sealed class ResilientCalls(ResiliencePipeline pipeline, SeenVersions versions, ClinicNetworkClientOptions options) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = new Attempts<TResponse>();
        var response = RunAsync(Prepared(request), context, continuation, call);
        return new AsyncUnaryCall<TResponse>(
            response, _ => call.HeadersAsync(response), _ => call.Last!.GetStatus(), _ => call.Last!.GetTrailers(), _ => call.Drop(), this);
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        throw new NotSupportedException("use the Async method: a blocked thread cannot wait between attempts");

    private TRequest Prepared<TRequest>(TRequest request)
        where TRequest : class
    {
        Descriptors.Build(typeof(TRequest));
        if (request is not IDeepCloneable<TRequest> cloneable || cloneable.Clone() is not { } sent)
            return request;
        versions.AskFor((IMessage)sent);
        return sent;
    }

    private async Task<TResponse> RunAsync<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation,
        Attempts<TResponse> call)
        where TRequest : class
        where TResponse : class
    {
        var cancellationToken = context.Options.CancellationToken;
        using var dropped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        call.Dropped = dropped;
        try
        {
            var response = await pipeline.ExecuteAsync(
                async token =>
                {
                    var attempt = context.Options.WithCancellationToken(token).WithDeadline(Deadline(context.Options.Deadline));
                    call.Last = continuation(request, new(context.Method, context.Host, attempt));
                    try
                    {
                        return await call.Last.ResponseAsync.ConfigureAwait(false);
                    }
                    catch (RpcException error) when (token.IsCancellationRequested)
                    {
                        // Polly knows its own timeout by this exception only.
                        throw new OperationCanceledException("the call was cancelled", error, token);
                    }
                },
                dropped.Token).ConfigureAwait(false);
            versions.Learn((IMessage)request, (IMessage)response);
            return response;
        }
        catch (RpcException error)
        {
            var refusal = ClinicNetworkException.From(error);
            if (refusal is { Code: StatusCode.OutOfRange, Reason: Reasons.VersionUnknown })
                versions.Forget((IMessage)request);
            throw refusal;
        }
        catch (TimeoutRejectedException error)
        {
            throw new ClinicNetworkException(StatusCode.DeadlineExceeded, Reasons.TimedOut,
                "no answer within the total timeout; repeat with the same request id", null, error);
        }
        catch (BrokenCircuitException error)
        {
            throw new ClinicNetworkException(StatusCode.Unavailable, Reasons.CircuitOpen,
                "the server failed too often and is left alone for a while; repeat with the same request id", null, error);
        }
    }

    /// <summary>By the machine's clock, never a replaced one: grpc-dotnet compares the deadline with it.</summary>
    private DateTime Deadline(DateTime? asked)
    {
        var own = DateTime.UtcNow + options.AttemptTimeout;
        return asked is { } earlier && earlier < own ? earlier : own;
    }

    /// <summary>The attempts of one call, as its caller sees them.</summary>
    private sealed class Attempts<TResponse>
    {
        internal AsyncUnaryCall<TResponse>? Last { get; set; }

        internal CancellationTokenSource? Dropped { get; set; }

        internal async Task<Metadata> HeadersAsync(Task<TResponse> response)
        {
            await response.ConfigureAwait(false);
            return await Last!.ResponseHeadersAsync.ConfigureAwait(false);
        }

        internal void Drop()
        {
            try
            {
                Dropped?.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The call is over: there is nothing left to drop.
            }
        }
    }
}
