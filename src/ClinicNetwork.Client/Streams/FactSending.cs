using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.Client.Streams;

/// <summary>
/// One run of <see cref="FactStreams.IngestFactsAsync"/>: facts that have no result yet, by number, and a queue of those to send on the
/// present connection. After a cut the queue is filled anew with all that have none.
/// </summary>
internal sealed class FactSending(ClinicNetworkClient client, IAsyncEnumerable<IngestFactsRequest> facts)
{
    /// <summary>The server takes no more (fact_service.proto).</summary>
    internal const int WindowMax = 256;

    private readonly Lock gate = new();
    private readonly SortedDictionary<long, Fact> open = [];
    private readonly Channel<Fact> queue = Channel.CreateUnbounded<Fact>(new() { SingleReader = true });
    private readonly SemaphoreSlim window = new(WindowMax, WindowMax);
    private bool allTaken;

    internal async IAsyncEnumerable<IngestFactsResponse> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var taking = TakeAsync(stop);
        try
        {
            var stream = new ResumingStream<bool, IngestFactsResponse>(
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
            await foreach (var request in facts.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                await window.WaitAsync(stop.Token).ConfigureAwait(false);
                lock (gate)
                {
                    var fact = new Fact(number, request.Clone());
                    open.Add(number++, fact);
                    queue.Writer.TryWrite(fact);
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

    private async IAsyncEnumerable<IngestFactsResponse> ConnectAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (gate)
        {
            while (queue.Reader.TryRead(out _))
            {
            }
            foreach (var fact in open.Values)
                queue.Writer.TryWrite(fact);
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = client.Facts.IngestFacts(cancellationToken: ended.Token);
        var sent = new Dictionary<long, Fact>();
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
    private async Task SendAsync(IClientStreamWriter<IngestFactsRequest> stream, Dictionary<long, Fact> sent, CancellationToken ended)
    {
        try
        {
            var next = 0L;
            await foreach (var fact in queue.Reader.ReadAllAsync(ended).ConfigureAwait(false))
            {
                lock (gate)
                {
                    if (!open.ContainsKey(fact.Number))
                        continue;
                    sent.Add(next++, fact);
                }
                await stream.WriteAsync(fact.Request, ended).ConfigureAwait(false);
            }
            await stream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is RpcException or OperationCanceledException or InvalidOperationException or IOException)
        {
        }
    }

    /// <summary>True when the result is final and the first of its fact. It then carries the fact's own number.</summary>
    private bool Took(IngestFactsResponse result, Dictionary<long, Fact> sent, CancellationToken ended)
    {
        lock (gate)
        {
            if (!sent.Remove(result.Item, out var fact) || !open.ContainsKey(fact.Number))
                return false;
            if (result.Refused is { Code: (int)StatusCode.Unavailable } refused && WaitBeforeRetry(fact, refused) is { } wait)
            {
                _ = RetryAsync(fact, wait, ended);
                return false;
            }
            open.Remove(fact.Number);
            CompleteWhenDone();
            result.Item = fact.Number;
            if (ReceiptOf(result.Accepted) is { } receipt)
                client.Versions.Saw(fact.Request.Patient, receipt.Version);
            return true;
        }
    }

    private TimeSpan? WaitBeforeRetry(Fact fact, FactRefused refused)
    {
        var options = client.Options;
        var asked = refused.RetryDelay?.ToTimeSpan();
        return fact.Retries == options.RetriesMax || asked > options.ServerDelayMax
            ? null
            : RetryDelay.Of(fact.Retries++, options.RetryDelayFirst, options.RetryDelayMax, asked, options.Jitter());
    }

    /// <summary>A connection that is cut meanwhile sends it again by itself.</summary>
    private async Task RetryAsync(Fact fact, TimeSpan wait, CancellationToken ended)
    {
        try
        {
            await Task.Delay(wait, client.Options.Time, ended).ConfigureAwait(false);
            queue.Writer.TryWrite(fact);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private bool IsDone()
    {
        lock (gate)
            return allTaken && open.Count == 0;
    }

    private void CompleteWhenDone()
    {
        if (allTaken && open.Count == 0)
            queue.Writer.TryComplete();
    }

    private static Receipt? ReceiptOf(FactAccepted? accepted) => accepted?.AnswerCase switch
    {
        FactAccepted.AnswerOneofCase.RecordConsultation => accepted.RecordConsultation.Receipt,
        FactAccepted.AnswerOneofCase.RecordDose => accepted.RecordDose.Receipt,
        FactAccepted.AnswerOneofCase.RecordSideEffect => accepted.RecordSideEffect.Receipt,
        FactAccepted.AnswerOneofCase.RecordAssessment => accepted.RecordAssessment.Receipt,
        FactAccepted.AnswerOneofCase.RecordScale => accepted.RecordScale.Receipt,
        FactAccepted.AnswerOneofCase.RecordSafetyCheck => accepted.RecordSafetyCheck.Receipt,
        FactAccepted.AnswerOneofCase.RecordMissedVisit => accepted.RecordMissedVisit.Receipt,
        FactAccepted.AnswerOneofCase.EndTreatment => accepted.EndTreatment.Receipt,
        FactAccepted.AnswerOneofCase.RecordVitals => accepted.RecordVitals.Receipt,
        FactAccepted.AnswerOneofCase.ResolveSideEffect => accepted.ResolveSideEffect.Receipt,
        FactAccepted.AnswerOneofCase.RecordLeaving => accepted.RecordLeaving.Receipt,
        _ => null,
    };

    private sealed record Fact(long Number, IngestFactsRequest Request)
    {
        internal int Retries { get; set; }
    }
}
