using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Journal;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace ClinicNetwork.Gateway.Sync;

/// <summary>
/// sync.v1 PlanFeedService. The journal's feed is the truth and is read in pages; a wake-up only shortens the wait. A slow reader holds one
/// page, no queue.
/// </summary>
public sealed class PlanFeedGatewayService(
    IProjections projections, IStoreClock clock, IKeyring keys, FeedWakeUp wakeUp, SignedTokens tokens, IHostApplicationLifetime lifetime, TimeProvider time)
    : PlanFeedService.PlanFeedServiceBase
{
    private const int PageRows = 200;

    /// <summary>Left to the page's last row to flush: a flush costs more than a row.</summary>
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    /// <summary>Longest wait before looking again without a wake-up (another process may have written), and between bookmarks.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    /// <summary>First wait while an older transaction holds entries back: most take milliseconds. Doubled up to <see cref="WaitMax"/> while nothing comes.</summary>
    private static readonly TimeSpan HeldWaitMin = TimeSpan.FromMilliseconds(25);

    /// <summary>At least this long from one look to the next: a commit anywhere wakes every watcher, of which most find nothing. A lone change is seen at once.</summary>
    private static readonly TimeSpan LooksApartMin = TimeSpan.FromMilliseconds(20);

    public override async Task WatchPlans(WatchPlansRequest request, IServerStreamWriter<WatchPlansResponse> responseStream, ServerCallContext context)
    {
        var site = Fields.Clinic(request.Site, "site").Name;
        Origins.RefuseOtherSite(request.Site, "site", context);

        var position = PositionOf(site, request.Cursor);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await SendAsync(site, position, request.UntilCaughtUp, responseStream, stop.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RefusedException(Refusal.Unavailable("SERVER_STOPPING", "The server stops; watch again from the last cursor."));
        }
    }

    private async Task SendAsync(string site, FeedPosition position, bool untilCaughtUp, IServerStreamWriter<WatchPlansResponse> stream, CancellationToken stop)
    {
        FeedPosition? bookmarked = null;
        var heldWait = HeldWaitMin;
        while (true)
        {
            var (woken, looked) = (wakeUp.Next, time.GetTimestamp());
            if (keys.LossOf(site) is not null)
            {
                throw new RefusedException(ClinicState.RefuseKeyDestroyed("site"));
            }

            var page = await projections.ReadFeedAsync(site, position, PageRows, stop);
            for (var i = 0; i < page.Rows.Count; i++)
            {
                stream.WriteOptions = i < page.Rows.Count - 1 ? Buffered : null;
                await stream.WriteAsync(new() { Change = ChangeOf(site, page.Rows[i]) }, stop);
            }

            heldWait = page.Held && page.Scanned <= position ? heldWait : HeldWaitMin;
            position = page.Scanned > position ? page.Scanned : position;
            if (!page.Exhausted)
            {
                continue;
            }

            // Caught up is who has everything that was committed; what an older transaction holds back comes within moments.
            var caughtUp = untilCaughtUp && !page.Held;
            if (bookmarked != position || caughtUp)
            {
                await stream.WriteAsync(new() { Bookmark = new() { Cursor = CursorOf(site, position), ReadAt = clock.Now.ToTimestamp() } }, stop);
                bookmarked = position;
            }

            if (caughtUp)
            {
                return;
            }

            await WaitAsync(woken, page.Held ? heldWait : WaitMax, stop);
            heldWait = !page.Held ? HeldWaitMin : heldWait * 2 < WaitMax ? heldWait * 2 : WaitMax;
            if (LooksApartMin - time.GetElapsedTime(looked) is var early && early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, stop);
            }
        }
    }

    private async Task WaitAsync(Task woken, TimeSpan max, CancellationToken stop)
    {
        try
        {
            await woken.WaitAsync(max, time, stop);
        }
        catch (TimeoutException)
        {
            // Look again: a wake-up is a hint only.
        }
    }

    private PlanChange ChangeOf(string site, FeedRow row) => new()
    {
        Patient = Streams.PatientOf(row.Stream).Name,
        Version = row.Version,
        Kind = (ChangeKind)row.Kind,
        Command = row.Command,
        PlanChanged = row.PlanChanged,
        RecordedAt = row.RecordedAt.ToTimestamp(),
        Cursor = CursorOf(site, row.Position),
    };

    private string CursorOf(string site, FeedPosition position) => tokens.Seal("feed/" + site, position.ToString());

    private FeedPosition PositionOf(string site, string cursor)
    {
        if (cursor.Length == 0)
        {
            return FeedPosition.Start;
        }

        return tokens.Open("feed/" + site, cursor, out var position) switch
        {
            TokenVerdict.Good => FeedPosition.Parse(position),
            TokenVerdict.OtherStore => throw new RefusedException(Refusal.OutOfRange(
                "CURSOR_EXPIRED", "cursor", "The store was replaced since; watch again with an empty cursor and compare what you hold.")),
            _ => throw Fields.Invalid("CURSOR_INVALID", "cursor", "Send back a cursor of this site's feed, or an empty one."),
        };
    }
}
