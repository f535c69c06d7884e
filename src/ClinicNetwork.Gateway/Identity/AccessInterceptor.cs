using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Grains.Identity;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.Gateway.Identity;

/// <summary>Every call gets its caller and passes <see cref="Access"/> before its service sees it, and its grain calls are sealed with who makes it.</summary>
public sealed class AccessInterceptor(CallerSeal seal, BearerTokens tokens) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        await IdentifyAsync(context);
        Access.Admit(context, seal);
        Access.AdmitSubject(context, request);
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await IdentifyAsync(context);
        Access.Admit(context, seal);
        await using var watch = tokens.Watch(context);
        return await continuation(requestStream, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await IdentifyAsync(context);
        Access.Admit(context, seal);
        Access.AdmitSubject(context, request);
        await using var watch = tokens.Watch(context);
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await IdentifyAsync(context);
        Access.Admit(context, seal);
        await using var watch = tokens.Watch(context);
        await continuation(requestStream, responseStream, context);
    }

    /// <summary>Apart from <see cref="Access.Admit"/>, whose seal would not come back out of an asynchronous method.</summary>
    private async ValueTask IdentifyAsync(ServerCallContext context)
    {
        if (!Access.IsInfrastructure(context.Method))
        {
            (await tokens.CallerOfAsync(context)).Take(context);
        }
    }
}
