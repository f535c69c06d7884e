using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Identity;
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
/// sync.v1 PlanFeedService. The journal's feed is the truth and is read in pages, when the site is signalled (<see cref="FeedPoll"/>). A slow
/// reader holds one page, no queue.
/// </summary>
public sealed class PlanFeedGatewayService(
    IProjections projections, IStoreClock clock, IKeyring keys, PlanBodies bodies, FeedWakeUp wakeUp, SignedTokens tokens, IHostApplicationLifetime lifetime, TimeProvider time)
    : PlanFeedService.PlanFeedServiceBase
{
    private const int PageUsual = 200;
    private const int PageMax = 1_000;

    /// <summary>Of a page with plans or replicas.</summary>
    private const int BodiesPageMax = 200;

    /// <summary>Of a stream with plans or replicas: one that waits for a slow reader was read no longer ago than these take.</summary>
    private const int BodiesStreamed = 16;

    /// <summary>Left to the page's last row to flush: a flush costs more than a row.</summary>
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    /// <summary>Longest wait before looking again while entries are held back, and before seeing that the site's key was destroyed.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    /// <summary>First wait while an older transaction holds entries back: most take milliseconds. Doubled up to <see cref="WaitMax"/> while nothing comes.</summary>
    private static readonly TimeSpan HeldWaitMin = TimeSpan.FromMilliseconds(25);

    /// <summary>At least this long from one look to the next: a busy site's commits wake each of its watchers. A lone change is seen at once.</summary>
    private static readonly TimeSpan LooksApartMin = TimeSpan.FromMilliseconds(20);

    public override async Task WatchPlans(WatchPlansRequest request, IServerStreamWriter<WatchPlansResponse> responseStream, ServerCallContext context)
    {
        var site = SiteOf(request.Site, context);
        var position = PositionOf(site.Name, request.Cursor);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await SendAsync(request, site, position, responseStream, context, stop.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RefusedException(Refusal.Unavailable("SERVER_STOPPING", "The server stops; watch again from the last cursor."));
        }
    }

    public override async Task<GetPlanChangesResponse> GetPlanChanges(GetPlanChangesRequest request, ServerCallContext context)
    {
        var site = SiteOf(request.Site, context);
        var position = PositionOf(site.Name, request.Cursor);
        var with = BodiesOf(request.IncludePlans, request.IncludeReplicas);
        var size = Fields.PageSize(request.PageSize, PageUsual, with == Bodies.None ? PageMax : BodiesPageMax);
        var response = new GetPlanChangesResponse { ReadAt = clock.Now.ToTimestamp() };
        var page = await ReadAsync(site, position, size, context.CancellationToken);
        response.Changes.AddRange(await ChangesOf(site, page.Rows, with, context, context.CancellationToken));
        var whole = response.Changes.Count == page.Rows.Count;
        var end = whole ? page.Scanned : page.Rows[response.Changes.Count - 1].Position;
        response.NextCursor = CursorOf(site.Name, end > position ? end : position);
        response.CaughtUp = whole && page is { Exhausted: true, Held: false };
        return response;
    }

    public override async Task<ListSitePatientsResponse> ListSitePatients(ListSitePatientsRequest request, ServerCallContext context)
    {
        var site = SiteOf(request.Site, context);
        var with = BodiesOf(request.IncludePlans, request.IncludeReplicas);
        var size = Fields.PageSize(request.PageSize, PageUsual, with == Bodies.None ? PageMax : BodiesPageMax);
        var list = "site-patients/" + site.Name;

        // The feed's position first: what changes while the roster is read comes after it.
        var (head, after) = Pages.From(tokens, list, request.PageToken) is { Length: > 0 } token
            ? PlaceOf(token)
            : (await projections.ReadFeedHeadAsync(site.Name, context.CancellationToken), "");
        RefuseDestroyed(site);
        var response = new ListSitePatientsResponse { Cursor = CursorOf(site.Name, head), ReadAt = clock.Now.ToTimestamp() };
        var rows = await projections.ReadRosterAsync(site.Name, after, size, context.CancellationToken);
        var told = with == Bodies.None
            ? new PlanBody[rows.Count]
            : await bodies.ReadAsync([.. rows.Select(row => (row.Stream, row.Version))], with, context, context.CancellationToken);
        response.Patients.AddRange(rows.Zip(told, (row, body) => new SitePatient
        {
            Patient = Streams.PatientOf(row.Stream).Name,
            HomeClinic = row.HomeClinic,
            Version = row.Version,
            Plan = body.Plan,
            Replica = body.Replica,
            Unreadable = body.IsUnreadable,
        }));
        response.NextPageToken = Pages.Next(tokens, list, rows.Count == size || told.Count < rows.Count, $"{head} {(told.Count == 0 ? "" : rows[told.Count - 1].Stream)}");
        return response;
    }

    private async Task SendAsync(
        WatchPlansRequest request, ClinicId site, FeedPosition position, IServerStreamWriter<WatchPlansResponse> stream, ServerCallContext context, CancellationToken stop)
    {
        var with = BodiesOf(request.IncludePlans, request.IncludeReplicas);
        FeedPosition? bookmarked = null;
        var heldWait = HeldWaitMin;
        using var watch = wakeUp.Begin(site.Name);
        while (true)
        {
            var (woken, looked) = (watch.Next, time.GetTimestamp());
            var page = await ReadAsync(site, position, with == Bodies.None ? PageUsual : BodiesStreamed, stop);
            var changes = await ChangesOf(site, page.Rows, with, context, stop);
            for (var i = 0; i < changes.Count; i++)
            {
                stream.WriteOptions = i < changes.Count - 1 ? Buffered : null;
                await stream.WriteAsync(new() { Change = changes[i] }, stop);
            }

            if (changes.Count < page.Rows.Count)
            {
                position = page.Rows[changes.Count - 1].Position;
                continue;
            }

            heldWait = page.Held && page.Scanned <= position ? heldWait : HeldWaitMin;
            position = page.Scanned > position ? page.Scanned : position;
            if (!page.Exhausted)
            {
                continue;
            }

            // Caught up is who has everything that was committed; what an older transaction holds back comes within moments.
            var caughtUp = request.UntilCaughtUp && !page.Held;
            if (bookmarked != position || caughtUp)
            {
                await stream.WriteAsync(new() { Bookmark = new() { Cursor = CursorOf(site.Name, position), ReadAt = clock.Now.ToTimestamp() } }, stop);
                bookmarked = position;
            }

            if (caughtUp)
            {
                return;
            }

            while (!await IsWokenAsync(woken, page.Held ? heldWait : WaitMax, stop) && !page.Held)
            {
                RefuseDestroyed(site);
            }

            heldWait = !page.Held ? HeldWaitMin : heldWait * 2 < WaitMax ? heldWait * 2 : WaitMax;
            if (LooksApartMin - time.GetElapsedTime(looked) is var early && early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, stop);
            }
        }
    }

    private async Task<bool> IsWokenAsync(Task woken, TimeSpan max, CancellationToken stop)
    {
        try
        {
            await woken.WaitAsync(max, time, stop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static ClinicId SiteOf(string site, ServerCallContext context)
    {
        var clinic = Fields.Clinic(site, "site");
        Origins.RefuseOtherSite(site, "site", context);
        return clinic;
    }

    private async Task<FeedPage> ReadAsync(ClinicId site, FeedPosition after, int limit, CancellationToken cancellationToken)
    {
        RefuseDestroyed(site);
        var page = await projections.ReadFeedAsync(site.Name, after, limit, cancellationToken);
        return page.IsTooOld
            ? throw new RefusedException(Refusal.OutOfRange(
                "CURSOR_TOO_OLD", "cursor", "Changes after it are not kept any more; list the site's patients and go on from that list's cursor."))
            : page;
    }

    private void RefuseDestroyed(ClinicId site)
    {
        if (keys.LossOf(site.Name) is not null)
        {
            throw new RefusedException(ClinicState.RefuseKeyDestroyed("site"));
        }
    }

    private static Bodies BodiesOf(bool plans, bool replicas) => replicas ? Bodies.Replicas : plans ? Bodies.Plans : Bodies.None;

    /// <summary>Of the rows from the first on as many as there is room for with their bodies; one at least.</summary>
    private async Task<IReadOnlyList<PlanChange>> ChangesOf(ClinicId site, IReadOnlyList<FeedRow> rows, Bodies with, ServerCallContext context, CancellationToken cancellationToken)
    {
        var changes = rows.Select(row => ChangeOf(site.Name, row)).ToList();
        if (with == Bodies.None)
        {
            return changes;
        }

        var asked = rows.Index().GroupBy(row => row.Item.Stream, StringComparer.Ordinal).Where(of => of.Last().Item.Kind < FeedKind.AccessRevoked).ToList();
        var told = await bodies.ReadAsync([.. asked.Select(of => (of.Key, of.Max(row => row.Item.Version)))], with, context, cancellationToken);
        var fit = told.Count < asked.Count ? asked[told.Count].First().Index : rows.Count;
        foreach (var (of, body) in asked.Zip(told))
        {
            var last = of.Last(row => row.Index < fit);
            if (last.Item.Kind < FeedKind.AccessRevoked)
            {
                (changes[last.Index].Plan, changes[last.Index].Replica, changes[last.Index].Unreadable) = (body.Plan, body.Replica, body.IsUnreadable);
            }
        }

        return changes[..fit];
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

    /// <summary>What a page token of <see cref="ListSitePatients"/> holds: the feed's position, and the last stream told.</summary>
    private static (FeedPosition Head, string After) PlaceOf(string token)
    {
        var blank = token.IndexOf(' ', StringComparison.Ordinal);
        return (FeedPosition.Parse(token[..blank]), token[(blank + 1)..]);
    }

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
                "CURSOR_EXPIRED", "cursor", "The store was replaced since; list the site's patients again and go on from that list's cursor.")),
            _ => throw Fields.Invalid("CURSOR_INVALID", "cursor", "Send back a cursor of this site's feed, or an empty one."),
        };
    }
}
