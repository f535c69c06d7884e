using System.Collections.Concurrent;
using System.Threading.Channels;
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

    /// <summary>Answers a stream in both directions.</summary>
    internal Func<IAsyncEnumerable<IMessage>, CancellationToken, IAsyncEnumerable<IMessage>> Duplex { get; set; } =
        (_, _) => throw new RpcException(new Status(StatusCode.Unimplemented, ""));

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
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        attempts.Enqueue(new(method.Name, [], options.Headers ?? [], options.Deadline));
        var writer = new Writer<TRequest>();
        var reader = new Reader<TResponse>(
            Duplex(writer.Messages, options.CancellationToken).GetAsyncEnumerator(options.CancellationToken), writer.Cut);
        return new(writer, reader, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    /// <summary>What the client sends. After the answers ended, nobody takes it.</summary>
    private sealed class Writer<TRequest> : IClientStreamWriter<TRequest>
    {
        private readonly Channel<IMessage> messages = Channel.CreateBounded<IMessage>(4);

        internal IAsyncEnumerable<IMessage> Messages => messages.Reader.ReadAllAsync();

        public WriteOptions? WriteOptions { get; set; }

        internal void Cut() => messages.Writer.TryComplete(new RpcException(new Status(StatusCode.Unavailable, "cut")));

        public Task WriteAsync(TRequest message) => WriteAsync(message, default);

        public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
        {
            try
            {
                await messages.Writer.WriteAsync((IMessage)message!, cancellationToken);
            }
            catch (ChannelClosedException)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "cut"));
            }
        }

        public Task CompleteAsync()
        {
            messages.Writer.TryComplete();
            return Task.CompletedTask;
        }
    }

    private sealed class Reader<TResponse>(IAsyncEnumerator<IMessage> items, Action? ended = null) : IAsyncStreamReader<TResponse>
    {
        public TResponse Current => (TResponse)(object)items.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (cancellationToken.IsCancellationRequested)
                throw new RpcException(new Status(StatusCode.Cancelled, "cancelled"));
            var more = false;
            try
            {
                return more = await items.MoveNextAsync();
            }
            finally
            {
                if (!more)
                    ended?.Invoke();
            }
        }
    }
}
