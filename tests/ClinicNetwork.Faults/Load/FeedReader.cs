using ClinicNetwork.Faults.History;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.Faults.Load;

/// <summary>Reads one site's feed in pieces: each ends by chance, or because the server goes, and the next resumes from the last cursor through any gateway.</summary>
internal sealed class FeedReader(HistoryWriter history, Gateways gateways, string site, string name, int seed)
{
    private const int PieceEntriesMax = 600;
    private static readonly TimeSpan PieceMax = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ResumeAfter = TimeSpan.FromMilliseconds(100);

    private readonly Random _random = new(seed);
    private string _cursor = "";
    private string _from = "start";

    public string Site => site;

    /// <summary>Reads until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await PieceAsync(_random.Next(2) == 0, _random.Next(1, PieceEntriesMax), PieceMax, stop);
                await Pause.ForAsync(ResumeAfter, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }
    }

    /// <summary>Reads from where it stands until it has caught up; false when that was not to be had in time.</summary>
    public async Task<bool> DrainAsync(TimeSpan max, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(max);
        try
        {
            while (!await PieceAsync(true, int.MaxValue, max, patience.Token))
            {
                await Pause.ForAsync(ResumeAfter, patience.Token);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>True when the server ended the stream because it had caught up.</summary>
    private async Task<bool> PieceAsync(bool untilCaughtUp, int entriesMax, TimeSpan max, CancellationToken stop)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
        cut.CancelAfter(max);
        history.Write(new FeedBegan(site, name, _from, untilCaughtUp));
        var complete = false;
        string? refused = null;
        try
        {
            using var call = gateways.Pick(_random).Feed.WatchPlans(
                new() { Site = site, Cursor = _cursor, UntilCaughtUp = untilCaughtUp }, null, TimeProvider.System.GetUtcNow().UtcDateTime + max, cut.Token);
            var left = entriesMax;
            while (left > 0 && await call.ResponseStream.MoveNext(cut.Token))
            {
                Take(call.ResponseStream.Current);
                left--;
            }

            complete = untilCaughtUp && left > 0;
        }
        catch (RpcException exception) when (Sender.IsDefinite(exception))
        {
            // A cursor of the feed's own that is refused: when it stays so, the reader's last piece does not end complete, and I6 says so.
            refused = Sender.ReasonOf(exception);
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException)
        {
            // Cut.
        }

        history.Write(new FeedEnded(site, name, complete, refused));
        return complete;
    }

    private void Take(WatchPlansResponse item)
    {
        if (item.Change is { } change)
        {
            history.Write(new FeedEntry(site, name, change.Patient, change.Version, change.Command));
            (_cursor, _from) = (change.Cursor, "change");
        }
        else if (item.Bookmark is { } bookmark)
        {
            history.Write(new FeedBookmark(site, name));
            (_cursor, _from) = (bookmark.Cursor, "bookmark");
        }
    }
}
