using ClinicNetwork.Domain;
using ClinicNetwork.Journal;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>Every call ends with an answer or a documented status; what is not expected is logged here and says nothing outside.</summary>
public sealed class RefusalInterceptor(ILogger<RefusalInterceptor> log) : Interceptor
{
    private static readonly Refusal Unknown =
        Refusal.Unavailable("OUTCOME_UNKNOWN", "The server could not tell the outcome in time; try again with the same request id.");

    private static readonly Refusal NotExecuted = Refusal.Unavailable("NOT_EXECUTED", "The server is busy; try again with the same request id.");

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
#if FAULTS
            var answer = await continuation(request, context);
            Faults.Point("BeforeReply");
            return answer;
#else
            return await continuation(request, context);
#endif
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (IOException)
        {
            // Reading what a client that has gone would have sent.
            throw new RpcException(new Status(StatusCode.Cancelled, "The caller went away."));
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Translate(exception, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case RefusedException refused:
                return RefusalStatus.ToRpcException(refused.Refusal);
            case not null when context.CancellationToken.IsCancellationRequested:
                return new RpcException(new Status(StatusCode.Cancelled, "The caller went away."));
            case JournalBusyException:
                return RefusalStatus.ToRpcException(NotExecuted);
            case TimeoutException or OrleansException or OutcomeUnknownException or OperationCanceledException:
                log.LogWarning(exception, "The outcome of {Method} is unknown", context.Method);
                return RefusalStatus.ToRpcException(Unknown);
            default:
                log.LogError(exception, "{Method} failed", context.Method);
                return new RpcException(new Status(StatusCode.Internal, "The server failed; an operator finds the cause in its log."));
        }
    }
}
