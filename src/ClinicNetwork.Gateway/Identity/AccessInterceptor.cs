using ClinicNetwork.Grains.Identity;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.Gateway.Identity;

/// <summary>Every call passes <see cref="Access"/> before its service sees it, and its grain calls are sealed with who makes it.</summary>
public sealed class AccessInterceptor(CallerSeal seal) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Access.Admit(context, seal);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Access.Admit(context, seal);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Access.Admit(context, seal);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Access.Admit(context, seal);
        return continuation(requestStream, responseStream, context);
    }
}
