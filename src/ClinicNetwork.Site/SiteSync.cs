using ClinicNetwork.Client;
using ClinicNetwork.Journal.Keys;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;
using Polly;

namespace ClinicNetwork.Site;

/// <summary>What one meeting with the network did.</summary>
/// <param name="Pulled">Changes and listed patients that were taken.</param>
/// <param name="Pushed">Changes of this site that were answered.</param>
/// <param name="Conflicts">Of these, those that became a conflict.</param>
/// <param name="Refused">Of these, those that were refused, kept for a person.</param>
/// <param name="Restored">The network had been restored; what it had confirmed before was sent again.</param>
public sealed record SiteMeeting(int Pulled, int Pushed, int Conflicts, int Refused, bool Restored)
{
    /// <summary>How far this machine's clock was behind the network's; negative: ahead.</summary>
    public TimeSpan ClockBehind { get; init; }

    /// <summary>By how much somebody set it since the meeting before; negative: back. A clock that runs badly is seen here too.</summary>
    public TimeSpan ClockSet { get; init; }

    /// <summary>What a person is told of: times that were recorded may be wrong by it.</summary>
    public bool IsClockSet => ClockSet.Duration() > FarOff;

    /// <summary>More than a minute: nothing clinical is more exact, and clocks that are left alone are.</summary>
    public bool IsClockWrong => ClockBehind.Duration() > FarOff;

    private static readonly TimeSpan FarOff = TimeSpan.FromMinutes(1);
}

/// <summary>Brings a site's copy and the network together: what was recorded here goes out first, in order, then what changed comes in. One at a time for a folder.</summary>
public sealed class SiteSync(SiteReplica replica, ClinicNetworkClient client)
{
    /// <summary>Patients whose next change goes out together.</summary>
    private const int PushMax = 200;

    /// <summary>Patients or changes asked for at once, with their replicas.</summary>
    private const int PageSize = 200;

    /// <summary>Without a word from the network it is asked all the same after this: a stream may be dead without anybody knowing.</summary>
    private static readonly TimeSpan QuietMax = TimeSpan.FromMinutes(1);

    /// <summary>What other processes recorded in the folder is looked for so often; it costs one read of a number.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly ClinicNetworkClient _client = client.ActingFor(replica.Clinic);

    /// <summary>Asks again for what an older transaction holds back, for milliseconds as a rule.</summary>
    private readonly ResiliencePipeline<GetPlanChangesResponse> _held = new ResiliencePipelineBuilder<GetPlanChangesResponse> { TimeProvider = replica.Time }.AddRetry(new()
    {
        MaxRetryAttempts = int.MaxValue,
        BackoffType = DelayBackoffType.Exponential,
        Delay = TimeSpan.FromMilliseconds(25),
        MaxDelay = TimeSpan.FromSeconds(1),
        ShouldHandle = asked => ValueTask.FromResult(asked.Outcome.Result is { CaughtUp: false, Changes.Count: 0 } page && page.NextCursor == replica.FindCursor()),
    }).Build();

    private DateTimeOffset _tidied;

    /// <summary>One meeting: all that waits is sent, and all that changed is taken. Ended in the middle at any point, the next one goes on from there.</summary>
    /// <exception cref="ClinicNetworkException">The network is away (<see cref="ClinicNetworkException.Transient"/>), or lets this site not in.</exception>
    /// <exception cref="SiteException">Another process does this for the folder.</exception>
    public async Task<SiteMeeting> MeetAsync(CancellationToken cancellationToken = default)
    {
        using var alone = Lock();
        return await MeetAloneAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<SiteMeeting> MeetAloneAsync(CancellationToken cancellationToken)
    {
        var meeting = new SiteMeeting(0, 0, 0, 0, await MeasureAsync(cancellationToken).ConfigureAwait(false));
        while (true)
        {
            meeting = await PushAsync(meeting, cancellationToken).ConfigureAwait(false);
            try
            {
                meeting = await PullAsync(meeting, cancellationToken).ConfigureAwait(false);
                Tidy();
                return meeting with { ClockBehind = replica.Status().ClockBehind, ClockSet = replica.TakeClockSet() };
            }
            catch (ClinicNetworkException lost) when (lost.Code == StatusCode.OutOfRange && replica.FindCursor().Length > 0)
            {
                if (lost.Reason == "CURSOR_TOO_OLD")
                {
                    replica.LoseCursor();
                }
                else
                {
                    replica.Reopen();
                    meeting = meeting with { Restored = true };
                }
            }
        }
    }

    /// <summary>Stays until cancelled, and meets the network whenever there is something for either.</summary>
    /// <param name="told">After each meeting that did something, and when the network went (null, with why) or came back.</param>
    /// <exception cref="ClinicNetworkException">It lets this site not in.</exception>
    /// <exception cref="SiteException">Another process does this for the folder.</exception>
    public async Task RunAsync(Action<SiteMeeting?, string> told, CancellationToken cancellationToken)
    {
        using var alone = Lock();
        var online = (bool?)null;
        while (true)
        {
            await _client.PersistAsync(MeetAndWaitAsync, Away, cancellationToken).ConfigureAwait(false);
        }

        async ValueTask MeetAndWaitAsync(CancellationToken token)
        {
            var seen = replica.ChangesOfOthers();
            var meeting = await MeetAloneAsync(token).ConfigureAwait(false);
            if (online != true || meeting.IsClockSet || meeting is not { Pulled: 0, Pushed: 0 })
            {
                told(meeting, "");
            }

            online = true;
            await WaitAsync(seen, token).ConfigureAwait(false);
        }

        void Away(ClinicNetworkException away)
        {
            replica.Pass();
            if (online != false)
            {
                told(null, away.Message);
            }

            online = false;
        }
    }

    private FileStream Lock()
    {
        try
        {
            return OwnedFiles.Open(Path.Combine(replica.Folder, "sync.lock"), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e)
        {
            throw new SiteException($"Another process keeps {replica.Folder} and the network together; stop that one first.", e);
        }
    }

    /// <summary>The network's clock and what it says of this clinic. True: it was restored since.</summary>
    private async Task<bool> MeasureAsync(CancellationToken cancellationToken)
    {
        var clinic = await ReadClinicAsync(cancellationToken).ConfigureAwait(false);
        var asked = replica.Time.GetUtcNow();
        var status = await _client.Network.GetStatusAsync(new(), cancellationToken: cancellationToken).ConfigureAwait(false);
        var answered = replica.Time.GetUtcNow();
        return replica.Met(status.StoreTime.ToDateTimeOffset(), asked + ((answered - asked) / 2), CertificateOf(clinic), clinic.TimeZone, status.Incarnation);
    }

    private async Task<Clinic> ReadClinicAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _client.Clinics.GetClinicAsync(new() { Name = replica.Clinic }, cancellationToken: cancellationToken).ConfigureAwait(false)).Clinic;
        }
        catch (ClinicNetworkException restored) when (restored.Reason == "VERSION_UNKNOWN")
        {
            // To before what this client has seen; it has forgotten that now.
            return (await _client.Clinics.GetClinicAsync(new() { Name = replica.Clinic }, cancellationToken: cancellationToken).ConfigureAwait(false)).Clinic;
        }
    }

    private static string CertificateOf(Clinic clinic) =>
        clinic.RemsCertificate is { } days ? $"{days.FirstDay}/{days.LastDay}" : clinic.EsketamineCertified ? Judgement.Always : "";

    /// <summary>One change of each patient at a time, in their order: none overtakes another of its patient.</summary>
    private async Task<SiteMeeting> PushAsync(SiteMeeting meeting, CancellationToken cancellationToken)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        while (replica.TakeWaiting(PushMax, asked) is { Count: > 0 } going)
        {
            var results = new List<PushChangesResponse>();
            try
            {
                await foreach (var result in _client.PushChangesAsync(going.ToAsyncEnumerable(), cancellationToken).ConfigureAwait(false))
                {
                    results.Add(result);
                }
            }
            finally
            {
                replica.Answered(results);
            }

            asked.UnionWith(going.Select(c => c.RequestId));
            meeting = meeting with
            {
                Pushed = meeting.Pushed + results.Count,
                Conflicts = meeting.Conflicts + results.Count(r => r.ResultCase == PushChangesResponse.ResultOneofCase.Conflict),
                Refused = meeting.Refused + results.Count(r => r.ResultCase == PushChangesResponse.ResultOneofCase.Refused),
            };
        }

        return meeting;
    }

    private async Task<SiteMeeting> PullAsync(SiteMeeting meeting, CancellationToken cancellationToken)
    {
        if (replica.NeedsList())
        {
            meeting = await ListAsync(meeting, cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            var cursor = replica.FindCursor();
            var page = await _held.ExecuteAsync(token => AskAsync(cursor, token), cancellationToken).ConfigureAwait(false);
            if (page.Changes.Count > 0 || page.NextCursor != cursor)
            {
                var last = page.Changes.Select((c, i) => (c.Patient, i)).GroupBy(p => p.Patient).ToDictionary(g => g.Key, g => g.Max(p => p.i));
                replica.Changed(
                    [.. page.Changes.Select((c, i) => (c, last[c.Patient] == i && !c.Unreadable ? PatientCopy.Of(c.Patient, c.Version, c.Replica, c.Plan, page.ReadAt.ToDateTimeOffset()) : null))],
                    page.NextCursor);
                meeting = meeting with { Pulled = meeting.Pulled + page.Changes.Count };
            }

            if (page.CaughtUp)
            {
                return meeting;
            }
        }
    }

    private async ValueTask<GetPlanChangesResponse> AskAsync(string cursor, CancellationToken cancellationToken) =>
        await _client.PlanFeed.GetPlanChangesAsync(
            new() { Site = replica.Clinic, Cursor = cursor, PageSize = PageSize, IncludeReplicas = true }, cancellationToken: cancellationToken).ConfigureAwait(false);

    private async Task<SiteMeeting> ListAsync(SiteMeeting meeting, CancellationToken cancellationToken)
    {
        var (all, unread) = (new HashSet<string>(StringComparer.Ordinal), false);
        var request = new ListSitePatientsRequest { Site = replica.Clinic, PageSize = PageSize, IncludeReplicas = true };
        do
        {
            var page = await _client.PlanFeed.ListSitePatientsAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false);
            all.UnionWith(page.Patients.Select(p => p.Patient));
            unread |= page.Patients.Any(p => p.Unreadable);
            replica.Listed(
                [.. page.Patients.Where(p => !p.Unreadable).Select(p => PatientCopy.Of(p.Patient, p.Version, p.Replica, p.Plan, page.ReadAt.ToDateTimeOffset()))],
                page.NextPageToken.Length == 0 ? page.Cursor : null,
                all,
                unread);
            meeting = meeting with { Pulled = meeting.Pulled + page.Patients.Count };
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return meeting;
    }

    /// <summary>Until the network has something new, somebody recorded something, or it has been quiet for long.</summary>
    private async Task WaitAsync(long seen, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (hint, here, quiet) = (HintAsync(enough.Token), LookAsync(seen, enough.Token), Task.Delay(QuietMax, replica.Time, enough.Token));
        try
        {
            await await Task.WhenAny(hint, here, quiet).ConfigureAwait(false);
        }
        finally
        {
            await enough.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(hint, here, quiet).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends with the first change after what was taken; references alone, what they are of is pulled.</summary>
    private async Task HintAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in _client.WatchPlansAsync(replica.Clinic, replica.FindCursor(), cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                if (item.ItemCase == WatchPlansResponse.ItemOneofCase.Change)
                {
                    return;
                }
            }
        }
        catch (ClinicNetworkException lost) when (lost.Code == StatusCode.OutOfRange)
        {
            // The next meeting finds out, and lists.
        }
    }

    private async Task LookAsync(long seen, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookEvery, replica.Time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            if (replica.ChangesOfOthers() != seen || replica.HasNew(replica.Now))
            {
                return;
            }
        }
    }

    private void Tidy()
    {
        if (replica.Time.GetUtcNow() - _tidied > TimeSpan.FromHours(1))
        {
            _tidied = replica.Time.GetUtcNow();
            replica.Tidy();
        }
    }
}
