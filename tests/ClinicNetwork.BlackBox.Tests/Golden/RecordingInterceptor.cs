using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.BlackBox.Tests.Golden;

/// <summary>Keeps every unary call that was answered.</summary>
internal sealed class RecordingInterceptor : Interceptor
{
    public ConcurrentQueue<RecordedCall> Calls { get; } = [];

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new(KeepAsync(), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);

        async Task<TResponse> KeepAsync()
        {
            var response = await call.ResponseAsync;
            Calls.Enqueue(new(context.Method.FullName, ((IMessage)request).ToByteArray(), ((IMessage)response).ToByteArray()));
            return response;
        }
    }
}
