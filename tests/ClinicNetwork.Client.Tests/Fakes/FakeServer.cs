using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests.Fakes;

/// <summary>One attempt as the server saw it.</summary>
internal sealed record Attempt(string Method, byte[] Message, Metadata Headers, DateTime? Deadline);

/// <summary>Answers calls in memory, attempt by attempt.</summary>
internal sealed class FakeServer : CallInvoker
{
    private readonly ConcurrentQueue<Attempt> attempts = new();

    internal IReadOnlyList<Attempt> Attempts => [.. attempts];

    /// <summary>Answers a unary attempt (its number from 0), or throws <see cref="RpcException"/>.</summary>
    internal Func<int, string, IMessage, CancellationToken, Task<IMessage>> Unary { get; set; } =
        (_, method, _, _) => throw new RpcException(new Status(StatusCode.Unimplemented, method));

    /// <summary>Answers a stream.</summary>
    internal Func<string, IMessage, IAsyncEnumerable<IMessage>> Stream { get; set; } =
        (method, _) => throw new RpcException(new Status(StatusCode.Unimplemented, method));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var number = attempts.Count;
        attempts.Enqueue(new(method.Name, ((IMessage)request).ToByteArray(), options.Headers ?? [], options.Deadline));
        return new(AnswerAsync(), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        async Task<TResponse> AnswerAsync()
        {
            try
            {
                return (TResponse)(object)await Unary(number, method.Name, (IMessage)request, options.CancellationToken);
            }
            catch (OperationCanceledException)
            {
                throw new RpcException(new Status(StatusCode.Cancelled, "cancelled"));
            }
        }
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        attempts.Enqueue(new(method.Name, ((IMessage)request).ToByteArray(), options.Headers ?? [], options.Deadline));
        var reader = new Reader<TResponse>(Stream(method.Name, (IMessage)request).GetAsyncEnumerator(options.CancellationToken));
        return new(reader, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private sealed class Reader<TResponse>(IAsyncEnumerator<IMessage> items) : IAsyncStreamReader<TResponse>
    {
        public TResponse Current => (TResponse)(object)items.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (cancellationToken.IsCancellationRequested)
                throw new RpcException(new Status(StatusCode.Cancelled, "cancelled"));
            return await items.MoveNextAsync();
        }
    }
}
