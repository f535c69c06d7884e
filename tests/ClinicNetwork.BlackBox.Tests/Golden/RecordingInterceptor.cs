using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.BlackBox.Tests.Golden;

/// <summary>Keeps every unary call that was answered.</summary>
/// <param name="partner">Whose calls they are; null: the administrator's.</param>
internal sealed class RecordingInterceptor(ConcurrentQueue<RecordedCall> calls, string? partner = null) : Interceptor
{

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new(KeepAsync(), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);

        async Task<TResponse> KeepAsync()
        {
            var response = await call.ResponseAsync;
            calls.Enqueue(new(context.Method.FullName, ((IMessage)request).ToByteArray(), ((IMessage)response).ToByteArray(), partner));
            return response;
        }
    }
}
