using ClinicNetwork.Protocol.Exchange.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.Cli.Demo;

/// <summary>
/// Cuts a registry's stream on purpose: when a page holds one of the rows, the HTTP/2 stream is reset and the page is lost.
/// </summary>
/// <param name="rows">Batch name and row of each cut.</param>
internal sealed class CutStreams(IEnumerable<(string Batch, long Row)> rows) : Interceptor
{
    private readonly HashSet<(string Batch, long Row)> ahead = [.. rows];

    /// <summary>Cuts made so far.</summary>
    internal int Made { get; private set; }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return request is StreamBatchRequest batch
            ? new(new Reader<TResponse>(this, batch.Name, call), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose)
            : call;
    }

    private bool CutsIn(string batch, RowPage page)
    {
        if (ahead.RemoveWhere(cut => cut.Batch == batch && cut.Row >= page.FirstRow && cut.Row < page.FirstRow + page.Rows.Count) == 0)
            return false;
        Made++;
        return true;
    }

    private sealed class Reader<TResponse>(CutStreams cuts, string batch, AsyncServerStreamingCall<TResponse> call)
        : IAsyncStreamReader<TResponse>
    {
        public TResponse Current => call.ResponseStream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var moved = await call.ResponseStream.MoveNext(cancellationToken);
            if (moved && Current is StreamBatchResponse { Page: { } page } && cuts.CutsIn(batch, page))
            {
                // Disposing an open call sends RST_STREAM.
                call.Dispose();
                throw new RpcException(new Status(StatusCode.Unavailable, "cut on purpose"));
            }
            return moved;
        }
    }
}
