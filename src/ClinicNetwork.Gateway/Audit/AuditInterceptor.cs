using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Identity;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.Gateway.Audit;

/// <summary>
/// Around every call: what was refused is kept before the refusal leaves, what leaves the network before it does, and a read is answered only when there
/// is room to keep it.
/// </summary>
public sealed class AuditInterceptor(AccessLog log, TimeProvider time) : Interceptor
{
    /// <summary>A stream that goes on to tell something is an entry again after this: 144 a day for one that is always open.</summary>
    internal static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(10);

    internal static readonly Refusal Full =
        Refusal.Unavailable("AUDIT_FULL", "This cannot be audited at the moment, so it is not answered; try again later.");

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        TResponse answer;
        try
        {
            answer = await continuation(request, context);
        }
        catch (RpcException refused)
        {
            await KeepAsync(refused, request, context);
            throw;
        }

        await KeepAsync(request, context);
        return answer;
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var writer = new KeptWrites<TResponse>(responseStream, () => KeepAsync(request, context), time);
        try
        {
            await continuation(request, writer, context);
        }
        catch (RpcException refused)
        {
            await KeepAsync(refused, request, context);
            throw;
        }
        finally
        {
            if (Entries.DeliveredBy(context) is { } delivered)
            {
                log.TryKeep(Entries.Of(context, request as IMessage, delivered, time));
            }
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (RpcException refused)
        {
            await KeepAsync(refused, null, context);
            throw;
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
        catch (RpcException refused)
        {
            await KeepAsync(refused, null, context);
            throw;
        }
    }

    /// <summary>A call that succeeds.</summary>
    private async Task KeepAsync(object request, ServerCallContext context)
    {
        var kept = Access.HowAudited(context.Method) switch
        {
            Audited.AsRead => log.TryKeep(Entries.Of(context, request as IMessage, "OK", time)),
            Audited.AsRelease => await log.KeepAsync(Entries.Of(context, request as IMessage, "OK", time), durable: true),
            _ => true,
        };
        if (!kept)
        {
            throw RefusalStatus.Of(Full).ToRpcException();
        }
    }

    /// <summary>What was wrong with the message itself, or with the server, is no refusal of what was asked.</summary>
    private async Task KeepAsync(RpcException refused, object? request, ServerCallContext context)
    {
        if (Entries.IsRefusal(refused.StatusCode) && !Access.IsInfrastructure(context.Method)
            && !await log.KeepAsync(Entries.Of(context, request as IMessage, Entries.OutcomeOf(refused), time), durable: false))
        {
            throw RefusalStatus.Of(Full).ToRpcException();
        }
    }

    /// <summary>Keeps before the first message is sent, and again before one that is sent long after; a stream that sends none has told nothing.</summary>
    internal sealed class KeptWrites<T>(IServerStreamWriter<T> inner, Func<Task> keep, TimeProvider time) : IServerStreamWriter<T>
    {
        private long? _keptAt;

        public WriteOptions? WriteOptions
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(T message, CancellationToken cancellationToken) =>
            _keptAt is { } at && time.GetElapsedTime(at) < AgainAfter ? inner.WriteAsync(message, cancellationToken) : KeepFirstAsync(message, cancellationToken);

        private async Task KeepFirstAsync(T message, CancellationToken cancellationToken)
        {
            await keep();
            _keptAt = time.GetTimestamp();
            await inner.WriteAsync(message, cancellationToken);
        }
    }
}
