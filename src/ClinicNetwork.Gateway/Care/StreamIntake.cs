using System.Collections.Concurrent;
using System.Threading.Channels;
using ClinicNetwork.Gateway.Requests;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Care;

/// <summary>
/// The items under way on one stream. A place is taken before an item is read and given back when its result was sent, so a caller that
/// takes no results is not read from, and nothing here grows with the stream. A large item takes more places: the places bound bytes too.
/// </summary>
/// <param name="execute">One item; what it throws is the item's refusal.</param>
/// <param name="gone">The caller went away: waiting items are not begun.</param>
/// <param name="refuse">The result of an item that threw.</param>
internal sealed class StreamIntake<TItem, TResult>(
    Func<TItem, CancellationToken, Task<TResult>> execute, Func<TItem, Exception, TResult> refuse, IServerStreamWriter<TResult> responses, CancellationToken gone) : IDisposable
    where TItem : IMessage, IStreamItem
    where TResult : IStreamResult
{
    /// <summary>Items taken whose result is not sent yet, as fact_service.proto says.</summary>
    public const int ItemsMax = 256;

    /// <summary>Bytes of an item that one place holds: all places hold 4 MiB, and the largest message takes 16 of them. The usual item has some 200 bytes.</summary>
    public const int PlaceBytes = 16 * 1024;

    /// <summary>Left to the next message to flush.</summary>
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly SemaphoreSlim _places = new(ItemsMax, ItemsMax);
    private readonly Channel<(TResult Result, int Places)> _results = Channel.CreateUnbounded<(TResult, int)>(new() { SingleReader = true });

    /// <summary>The last item of each patient that has one under way.</summary>
    private readonly ConcurrentDictionary<string, Task> _last = new(StringComparer.Ordinal);

    private readonly CancellationTokenSource _unheard = CancellationTokenSource.CreateLinkedTokenSource(gone);
    private Task? _sending;
    private long _taken;

    /// <summary>Waits for a place. False: results can no longer be sent.</summary>
    public async Task<bool> RoomAsync(CancellationToken cancellationToken)
    {
        _sending ??= SendAsync();
        var place = _places.WaitAsync(cancellationToken);
        await Task.WhenAny(place, _sending);
        if (!_sending.IsCompleted)
        {
            await place;
        }

        return !_sending.IsCompleted;
    }

    /// <summary>
    /// Begins an item, after the patient's item before it, in the place that <see cref="RoomAsync"/> waited for and those more that its size
    /// needs. False: the item was not begun, since results can no longer be sent.
    /// </summary>
    public async Task<bool> TakeAsync(TItem item, CancellationToken cancellationToken)
    {
        var places = PlacesOf(item);
        for (var more = 1; more < places; more++)
        {
            if (!await RoomAsync(cancellationToken))
            {
                return false;
            }
        }

        Begin(item, places);
        return true;
    }

    private static int PlacesOf(TItem item) => Math.Clamp((item.CalculateSize() + PlaceBytes - 1) / PlaceBytes, 1, ItemsMax);

    private void Begin(TItem item, int places)
    {
        var before = _last.GetValueOrDefault(item.Patient, Task.CompletedTask);
        var running = RunAsync(item, places, _taken++, before);
        _last[item.Patient] = running;
        _ = running.ContinueWith(
            done => _last.TryRemove(new(item.Patient, done)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits until what was taken is done and its results are sent. Bounded by the grains' response timeout, and by the caller who reads; when the
    /// host stops it cuts the connection of one who does not.</summary>
    public async Task EndAsync()
    {
        while (_last.Values.ToArray() is { Length: > 0 } running)
        {
            await Task.WhenAll(running);
        }

        _results.Writer.Complete();
        await (_sending ?? Task.CompletedTask);
    }

    public void Dispose()
    {
        _unheard.Dispose();
        _places.Dispose();
    }

    /// <summary>Never throws.</summary>
    private async Task RunAsync(TItem item, int places, long number, Task before)
    {
        TResult result;
        try
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            _unheard.Token.ThrowIfCancellationRequested();
            result = await execute(item, _unheard.Token);
        }
        catch (Exception) when (_unheard.IsCancellationRequested)
        {
            // Nobody hears the result; the id sent again tells.
            return;
        }
        catch (Exception exception)
        {
            result = refuse(item, exception);
        }

        (result.Item, result.RequestId) = (number, Origins.IsRequestId(item.RequestId) ? item.RequestId : "");
        _results.Writer.TryWrite((result, places));
    }

    /// <summary>One writer. Results that are ready together are flushed together.</summary>
    private async Task SendAsync()
    {
        try
        {
            while (await _results.Reader.WaitToReadAsync(gone))
            {
                while (_results.Reader.TryRead(out var done))
                {
                    responses.WriteOptions = _results.Reader.TryPeek(out _) ? Buffered : null;
                    await responses.WriteAsync(done.Result, gone);
                    _places.Release(done.Places);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            // Nobody reads any more: the call ends, and what waits is not begun.
            await _unheard.CancelAsync();
        }
    }
}
