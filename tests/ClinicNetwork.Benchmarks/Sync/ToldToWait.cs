using System.Collections.Concurrent;
using System.Globalization;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.Benchmarks.Sync;

/// <summary>Beneath a client's retries: counts calls, and items of streams, that the server told to come back later.</summary>
internal sealed class ToldToWait : Interceptor
{
    private readonly ConcurrentDictionary<(string Reason, bool SaysWhen), int> _told = new();
    private long _longestTicks;

    /// <summary>All of them were told when to come back (google.rpc.RetryInfo, or the item's own delay).</summary>
    public bool SayWhen => _told.Keys.All(told => told.SaysWhen);

    public void Clear()
    {
        _told.Clear();
        Interlocked.Exchange(ref _longestTicks, 0);
    }

    /// <summary>Reasons with their numbers, and the longest wait that was asked for.</summary>
    public override string ToString() => _told.IsEmpty
        ? "nobody told to come back later"
        : string.Create(CultureInfo.InvariantCulture, $"told to come back later: {string.Join(", ", _told.OrderByDescending(told => told.Value).Select(told => $"{told.Value:N0} {told.Key.Reason}{(told.Key.SaysWhen ? "" : " **without RetryInfo**")}"))}; after {TimeSpan.FromTicks(_longestTicks).TotalSeconds:0.00} s at most");

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new(CountAsync(call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(context);
        return new(call.RequestStream, new Results<TResponse>(this, call.ResponseStream), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private async Task<T> CountAsync<T>(Task<T> answer)
    {
        try
        {
            return await answer;
        }
        catch (RpcException refused) when (refused.GetRpcStatus() is { } status && refused.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted)
        {
            Count(status.GetDetail<ErrorInfo>()?.Reason ?? "", status.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan());
            throw;
        }
    }

    private void Count(string reason, TimeSpan? after)
    {
        _told.AddOrUpdate((reason, after is not null), 1, (_, count) => count + 1);
        var ticks = after?.Ticks ?? 0;
        for (var longest = Interlocked.Read(ref _longestTicks); ticks > longest; longest = Interlocked.Read(ref _longestTicks))
        {
            Interlocked.CompareExchange(ref _longestTicks, ticks, longest);
        }
    }

    private sealed class Results<T>(ToldToWait told, IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var next = await told.CountAsync(inner.MoveNext(cancellationToken));
            if (next && Current is PushChangesResponse { Refused: { Code: (int)StatusCode.Unavailable } refused })
            {
                told.Count(refused.Reason, refused.RetryDelay?.ToTimeSpan());
            }

            return next;
        }
    }
}
