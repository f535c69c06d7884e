using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>Every call ends with an answer or a documented status.</summary>
public sealed class RefusalInterceptor(FailureStatus failures) : Interceptor
{
    /// <summary>Kestrel refuses to write for a client that has gone a moment before it says so; a failure of another kind is told so much later.</summary>
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(1);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
#if FAULTS
            var answer = await continuation(request, context);
            Journal.Faults.Point("BeforeReply");
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
            await GoneAsync(exception, context);
            throw Translate(exception, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw TranslateOfStream(exception, context);
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
        catch (Exception exception) when (exception is not RpcException)
        {
            await GoneAsync(exception, context);
            throw TranslateOfStream(exception, context);
        }
    }

    /// <summary>Until it is known whether the client has gone, when that may be why nothing could be written.</summary>
    private static async Task GoneAsync(Exception exception, ServerCallContext context)
    {
        if (exception is InvalidOperationException)
        {
            await Task.Delay(GoneWithin, TimeProvider.System, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Of a call that reads a stream: also bytes that are no message, and what a client that has gone would have sent.</summary>
    private RpcException TranslateOfStream(Exception exception, ServerCallContext context) => exception switch
    {
        InvalidProtocolBufferException => RefusalStatus.Of(UnreadableMessages.Unreadable).ToRpcException(),
        IOException => new(new Status(StatusCode.Cancelled, "The caller went away.")),
        _ => Translate(exception, context),
    };

    private RpcException Translate(Exception exception, ServerCallContext context) =>
        exception is not RefusedException && context.CancellationToken.IsCancellationRequested
            ? new RpcException(new Status(StatusCode.Cancelled, "The caller went away."))
            : failures.Of(exception, context.Method).ToRpcException();
}
