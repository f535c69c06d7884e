using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>Every call ends with an answer or a documented status.</summary>
public sealed class RefusalInterceptor(FailureStatus failures) : Interceptor
{
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
            throw TranslateOfStream(exception, context);
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
