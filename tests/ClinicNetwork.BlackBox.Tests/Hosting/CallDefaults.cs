using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>A deadline on every call that has none, and the acting site. No retry: what the server says is what the test sees.</summary>
internal sealed class CallDefaults(string? site) : Interceptor
{
    public const string SiteEntry = "clinicnetwork-site";

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, With(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, With(context));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(With(context));

    private ClientInterceptorContext<TRequest, TResponse> With<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        var options = context.Options.Deadline is null ? context.Options.WithDeadline(Bounded.Deadline) : context.Options;
        return new(context.Method, context.Host, site is null ? options : options.WithHeaders(new Metadata { { SiteEntry, site } }));
    }
}
