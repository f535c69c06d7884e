using System.Threading.Channels;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.Site.Tests.Rig;

/// <summary>A network that answers what is pushed without doing it, and says for some pages that more is to come.</summary>
internal sealed class FalseAnswers : Interceptor
{
    /// <summary>Null: the network answers itself.</summary>
    public FactRefusedOf? Refuse { get; set; }

    /// <summary>Pages without a change that hold back what comes next.</summary>
    public int HeldPages { get; set; }

    public delegate Protocol.Care.V1.FactRefused FactRefusedOf(PushChangesRequest item);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (request is not GetPlanChangesRequest asked || HeldPages == 0)
        {
            return continuation(request, context);
        }

        HeldPages--;
        var page = (TResponse)(object)new GetPlanChangesResponse { NextCursor = asked.Cursor };
        return new(Task.FromResult(page), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        if (Refuse is not { } refuse)
        {
            return continuation(context);
        }

        var answers = Channel.CreateUnbounded<TResponse>();
        return new(new Items<TRequest, TResponse>(answers, refuse), new Answers<TResponse>(answers), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    private sealed class Items<TRequest, TResponse>(Channel<TResponse> answers, FactRefusedOf refuse) : IClientStreamWriter<TRequest>
    {
        private long _number;

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(TRequest message)
        {
            var item = (PushChangesRequest)(object)message!;
            answers.Writer.TryWrite((TResponse)(object)new PushChangesResponse { Item = _number++, RequestId = item.RequestId, Refused = refuse(item) });
            return Task.CompletedTask;
        }

        public Task WriteAsync(TRequest message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task CompleteAsync()
        {
            answers.Writer.TryComplete();
            return Task.CompletedTask;
        }
    }

    private sealed class Answers<TResponse>(Channel<TResponse> answers) : IAsyncStreamReader<TResponse>
    {
        public TResponse Current { get; private set; } = default!;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await answers.Reader.WaitToReadAsync(cancellationToken))
            {
                return false;
            }

            Current = await answers.Reader.ReadAsync(cancellationToken);
            return true;
        }
    }
}
