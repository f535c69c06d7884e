using System.Runtime.CompilerServices;
using Grpc.Core;

namespace ClinicNetwork.Client.Streams;

/// <summary>
/// Reads a server stream as one, over any number of cuts: after a cut it is opened again at the position after the last item received.
/// Gives up after <see cref="ClinicNetworkClientOptions.StreamReopensMax"/> cuts in a row without a new item.
/// </summary>
/// <param name="isLast">No stream ends in order before this item.</param>
/// <param name="isWhole">For streams without a last item: asked when one ended, in order or not.</param>
/// <typeparam name="TPosition">Where a stream can be opened: a cursor, a row.</typeparam>
/// <typeparam name="TItem">What comes.</typeparam>
internal sealed class ResumingStream<TPosition, TItem>(
    Func<TPosition, CancellationToken, IAsyncEnumerable<TItem>> open,
    Func<TPosition, TItem, TPosition> after,
    Func<TItem, bool> isLast,
    ClinicNetworkClientOptions options,
    Func<bool>? isWhole = null)
{
    internal async IAsyncEnumerable<TItem> ReadAsync(TPosition position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cuts = 0;
        while (true)
        {
            RpcException? cut;
            await using (var stream = open(position, cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                while (true)
                {
                    (var moved, cut) = await NextAsync(stream, cancellationToken).ConfigureAwait(false);
                    if (!moved)
                        break;
                    var item = stream.Current;
                    position = after(position, item);
                    cuts = 0;
                    yield return item;
                    if (isLast(item))
                        yield break;
                }
            }
            if (isWhole?.Invoke() == true)
                yield break;
            // Ended in order, but before the item that ends it: as good as a cut.
            cut ??= new RpcException(new Status(StatusCode.Unavailable, "the stream ended early"));
            if (cuts++ == options.StreamReopensMax)
                throw ClinicNetworkException.From(cut);
            var wait = RetryDelay.Of(cuts - 1, options.RetryDelayFirst, options.RetryDelayMax, Asked(cut), options.Jitter());
            await Task.Delay(wait, options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeSpan? Asked(RpcException cut) => Retryable.AskedDelay(cut) is { } asked && asked <= options.ServerDelayMax ? asked : null;

    private static async ValueTask<(bool Moved, RpcException? Cut)> NextAsync(
        IAsyncEnumerator<TItem> stream, CancellationToken cancellationToken)
    {
        try
        {
            return (await stream.MoveNextAsync().ConfigureAwait(false), null);
        }
        catch (RpcException error) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("the stream was cancelled", error, cancellationToken);
        }
        catch (RpcException error) when (Retryable.Cut(error))
        {
            return (false, error);
        }
        catch (RpcException error)
        {
            throw ClinicNetworkException.From(error);
        }
    }
}
