using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Streams;

/// <summary>An item of a stream of commands.</summary>
internal interface ISentItem
{
    string Patient { get; }
}

/// <summary>The result of an item: refused, or with a receipt somewhere within.</summary>
internal interface IItemResult
{
    long Item { get; set; }

    FactRefused Refused { get; }
}

/// <summary>
/// One run of <see cref="FactStreams.IngestFactsAsync"/> or <see cref="PushStreams.PushChangesAsync"/>: items that have no result yet, by number, and a queue of those to send on the
/// present connection. After a cut the queue is filled anew with all that have none.
/// </summary>
internal sealed class ItemSending<TItem, TResult>(
    ClinicNetworkClient client, IAsyncEnumerable<TItem> items, Func<CancellationToken, AsyncDuplexStreamingCall<TItem, TResult>> open)
    where TItem : class, ISentItem, IDeepCloneable<TItem>
    where TResult : class, IItemResult, IMessage
{
    /// <summary>The server takes no more (fact_service.proto).</summary>
    internal const int WindowMax = 256;

    private readonly Lock gate = new();
    private readonly SortedDictionary<long, Unanswered> unanswered = [];
    private readonly Channel<Unanswered> queue = Channel.CreateUnbounded<Unanswered>(new() { SingleReader = true });
    private readonly SemaphoreSlim window = new(WindowMax, WindowMax);
    private bool allTaken;

    internal async IAsyncEnumerable<TResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var taking = TakeAsync(stop);
        try
        {
            var stream = new ResumingStream<bool, TResult>(
                (_, token) => ConnectAsync(token), (_, _) => true, _ => false, client.Options, IsDone);
            await foreach (var result in stream.ReadAsync(true, stop.Token).ConfigureAwait(false))
            {
                yield return result;
                window.Release();
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await EndAsync(taking).ConfigureAwait(false);
        }
    }

    /// <summary>What the caller's enumeration threw is thrown to the caller; that it was stopped here is not.</summary>
    private static async Task EndAsync(Task taking)
    {
        try
        {
            await taking.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task TakeAsync(CancellationTokenSource stop)
    {
        try
        {
            var number = 0L;
            await foreach (var given in items.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                await window.WaitAsync(stop.Token).ConfigureAwait(false);
                lock (gate)
                {
                    var item = new Unanswered(number, given.Clone());
                    unanswered.Add(number++, item);
                    queue.Writer.TryWrite(item);
                }
            }
            lock (gate)
            {
                allTaken = true;
                CompleteWhenDone();
            }
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async IAsyncEnumerable<TResult> ConnectAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (gate)
        {
            while (queue.Reader.TryRead(out _))
            {
            }
            foreach (var item in unanswered.Values)
                queue.Writer.TryWrite(item);
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = open(ended.Token);
        var sent = new Dictionary<long, Unanswered>();
        var sending = SendAsync(call.RequestStream, sent, ended.Token);
        try
        {
            await foreach (var result in call.ResponseStream.ReadAllAsync(ended.Token).ConfigureAwait(false))
            {
                if (Took(result, sent, ended.Token))
                    yield return result;
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(false);
        }
    }

    /// <summary>Never throws: that a connection is cut is told by its results.</summary>
    private async Task SendAsync(IClientStreamWriter<TItem> stream, Dictionary<long, Unanswered> sent, CancellationToken ended)
    {
        try
        {
            var next = 0L;
            await foreach (var item in queue.Reader.ReadAllAsync(ended).ConfigureAwait(false))
            {
                lock (gate)
                {
                    if (!unanswered.ContainsKey(item.Number))
                        continue;
                    sent.Add(next++, item);
                }
                await stream.WriteAsync(item.Request, ended).ConfigureAwait(false);
            }
            await stream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is RpcException or OperationCanceledException or InvalidOperationException or IOException)
        {
        }
    }

    /// <summary>True when the result is final and the first of its item. It then carries the item's own number.</summary>
    private bool Took(TResult result, Dictionary<long, Unanswered> sent, CancellationToken ended)
    {
        lock (gate)
        {
            if (!sent.Remove(result.Item, out var item) || !unanswered.ContainsKey(item.Number))
                return false;
            if (result.Refused is { Code: (int)StatusCode.Unavailable } refused && WaitBeforeRetry(item, refused) is { } wait)
            {
                _ = RetryAsync(item, wait, ended);
                return false;
            }
            unanswered.Remove(item.Number);
            CompleteWhenDone();
            result.Item = item.Number;
            if (ReceiptIn(result) is { } receipt)
                client.Versions.Saw(item.Request.Patient, receipt.Version);
            return true;
        }
    }

    private TimeSpan? WaitBeforeRetry(Unanswered item, FactRefused refused)
    {
        var options = client.Options;
        var asked = refused.RetryDelay?.ToTimeSpan();
        return item.Retries == options.RetriesMax || asked > options.ServerDelayMax
            ? null
            : RetryDelay.Of(item.Retries++, options.RetryDelayFirst, options.RetryDelayMax, asked, options.Jitter());
    }

    /// <summary>A connection that is cut meanwhile sends it again by itself.</summary>
    private async Task RetryAsync(Unanswered item, TimeSpan wait, CancellationToken ended)
    {
        try
        {
            await Task.Delay(wait, client.Options.Time, ended).ConfigureAwait(false);
            queue.Writer.TryWrite(item);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private bool IsDone()
    {
        lock (gate)
            return allTaken && unanswered.Count == 0;
    }

    private void CompleteWhenDone()
    {
        if (allTaken && unanswered.Count == 0)
            queue.Writer.TryComplete();
    }

    /// <summary>What was committed tells its receipt at the end of the choices that lead to it.</summary>
    private static Receipt? ReceiptIn(IMessage message) =>
        message.Descriptor.FindFieldByName("receipt") is { } receipt ? (Receipt?)receipt.Accessor.GetValue(message)
        : message.Descriptor.Oneofs is [{ } choice, ..] && choice.Accessor.GetCaseFieldDescriptor(message) is { } chosen ? ReceiptIn((IMessage)chosen.Accessor.GetValue(message))
        : null;

    private sealed record Unanswered(long Number, TItem Request)
    {
        internal int Retries { get; set; }
    }
}
