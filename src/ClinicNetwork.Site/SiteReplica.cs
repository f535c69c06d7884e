using ClinicNetwork.Client;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Protocol.Sync.V1;

namespace ClinicNetwork.Site;

/// <summary>
/// A site's own copy of the patients that it may see, and what it recorded and decided itself: read and written with or without the network, sealed on the disk. <see cref="SiteSync"/> brings it and
/// the network together. Safe for concurrent use; several processes may have the same folder open.
/// </summary>
public sealed partial class SiteReplica : IDisposable
{
    private const string SiteName = "site";
    private const string Cursor = "cursor";
    private const string Contact = "contact";
    private const string Certificate = "certificate";
    private const string Zone = "zone";
    private const string Incarnation = "incarnation";
    private const string Unread = "unread";

    private readonly SiteFile _file;
    private readonly SiteOptions _options;

    private SiteReplica(SiteFile file, string folder, SiteOptions options)
    {
        Descriptors.Build(typeof(PushChangesRequest));
        (_file, Folder, _options) = (file, folder, options);
        Clinic = file.FindMeta(SiteName)!;
        file.Read(LatestIn);
    }

    public string Folder { get; }

    /// <summary><c>clinics/{clinic}</c> that this folder is of.</summary>
    public string Clinic { get; }

    internal TimeProvider Time => _options.Time;

    /// <summary>Makes a folder for a site, with its key. One that was made for the same site is opened.</summary>
    /// <param name="clinic"><c>clinics/{clinic}</c>.</param>
    /// <exception cref="SiteException">The folder cannot be used, or is another site's.</exception>
    public static SiteReplica Create(string folder, string clinic, SiteOptions? options = null)
    {
        if (!ClinicId.TryParseName(clinic, out _))
        {
            throw new SiteException($"{clinic}: give clinics/{{clinic}}.");
        }

        var settings = options ?? new();
        var file = SiteFile.Open(folder, KeyFileOf(folder, settings), create: true);
        try
        {
            file.Write(() =>
            {
                if (file.FindMeta(SiteName) is null)
                {
                    file.SetMeta(SiteName, clinic);
                }
            });
            var made = new SiteReplica(file, folder, settings);
            return made.Clinic == clinic ? made : throw new SiteException($"{folder} is the copy of {made.Clinic}; take another folder.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="SiteException">There is none, or it cannot be read.</exception>
    public static SiteReplica Open(string folder, SiteOptions? options = null)
    {
        var settings = options ?? new();
        var file = SiteFile.Open(folder, KeyFileOf(folder, settings), create: false);
        if (file.FindMeta(SiteName) is null)
        {
            file.Dispose();
            throw new SiteException($"{folder} holds no site; make one with `clinicnet site init`.");
        }

        return new(file, folder, settings);
    }

    private static string KeyFileOf(string folder, SiteOptions options) => options.KeyFile ?? Path.Combine(folder, "site.key");

    public SiteStatus Status() => _file.Read(() => new SiteStatus(
        Clinic,
        _file.CountCopies(),
        _file.FindTime(Contact),
        Offset(),
        _file.CountItems(ItemStanding.Waiting),
        _file.CountItems(ItemStanding.Conflict),
        _file.CountItems(ItemStanding.Refused),
        _file.FindMeta(Zone) ?? ""));

    /// <summary>Names of all patients of whom there is a copy, in order.</summary>
    public IReadOnlyList<string> Patients() => _file.Read(() => _file.Copies().Select(c => c.Patient).Order(StringComparer.Ordinal).ToList());

    /// <summary>The patient with all that was recorded here; null when there is no copy.</summary>
    /// <param name="patient"><c>patients/{patient}</c>.</param>
    public SiteView? Find(string patient) => _file.Read(() => View(patient, Roles.Clinician));

    /// <summary>What was recorded here and is still kept, in order.</summary>
    public IReadOnlyList<OutboxItem> Outbox() => _file.Read(_file.Items);

    public OutboxItem? FindItem(long number) => _file.Read(() => _file.FindItem(number));

    /// <summary>
    /// Records what happened or was decided, at once and without the network: judged by the network's own code on this copy, and kept until the network has it. A session that starts
    /// (<c>report_session</c>) needs the right to dose here, or an emergency reason. Beside the domain's refusals: PATIENT_NOT_HERE, CHANGE_MISSING, ITEM_MISMATCH, PLAN_NOT_HERE,
    /// REQUEST_ID_REUSED, SIDE_EFFECT_UNCONFIRMED, CHANGES_WAITING, SECTION_NOT_SHARED, CLINIC_DIFFERS, OUTBOX_FULL,
    /// NEVER_CONNECTED.
    /// </summary>
    /// <param name="change">Without a request id it gets one; with one that was used before, the item of then is given. Without a time it gets this site's. A proposal's and a session's etag is
    /// set here: the plan that is shown now.</param>
    /// <param name="roles">Of who acts: some gates are overridden by clinicians alone.</param>
    public Recorded Record(PushChangesRequest change, Roles roles = Roles.Clinician) => _file.Write(() => RecordIn(change.Clone(), roles));

    /// <summary>A person has seen what was refused: it is kept no longer than what was done. False: there is no such item, or it is not one that was refused.</summary>
    public bool Close(long number) => _file.Write(() =>
    {
        if (_file.FindItem(number) is not { Standing: ItemStanding.Refused } item)
        {
            return false;
        }

        _file.SetItem(item with { Standing = ItemStanding.Closed });
        return true;
    });

    public void Dispose() => _file.Dispose();

    private Recorded RecordIn(PushChangesRequest change, Roles roles)
    {
        if (change.RequestId.Length == 0)
        {
            change.RequestId = RequestIds.New();
        }

        if (_file.FindTime(Contact) is null)
        {
            return Refused(Refusal.Precondition("NEVER_CONNECTED", "", "Connect this folder to the network once: it knows no patient yet."));
        }

        var latest = KeepLatest();
        if (View(change.Patient, roles) is not { } view)
        {
            return Refused(Refusal.NotFound("PATIENT_NOT_HERE", "patient", "This site has no copy of such a patient."));
        }

        if (Changes.ContentOf(change) is not { } content)
        {
            return Refused(Refusal.Invalid("CHANGE_MISSING", "change", "Give one of the documented changes."));
        }

        if (!Belongs(content, change) || (change.ReportSession is { } report && !Belongs(report, change)))
        {
            return Refused(Refusal.Invalid("ITEM_MISMATCH", "change", "Leave request_id and patient empty within the change, or give the same as around it."));
        }

        if (change.ReportSession is { } started)
        {
            started.Session.Clinic = started.Session.Clinic.Length == 0 ? Clinic : started.Session.Clinic;
            if (started.Session.Clinic != Clinic)
            {
                return Refused(Refusal.Invalid("CLINIC_DIFFERS", "report_session.session.clinic", "Without the network a session starts at this site's own clinic."));
            }
        }

        var (now, clock) = (Stamp(), _options.Time.GetUtcNow());
        var stamped = Changes.HasTime(change) && Changes.TimeOf(change) is null;
        if (stamped)
        {
            Changes.SetTime(change, now);
        }

        var item = new OutboxItem { Number = 0, Change = change, At = now, ClockAt = clock, Stamped = stamped };
        item = Based(item, view);
        if (_file.FindRequest(change.RequestId) is { } before)
        {
            return before.Change.ChangeCase == change.ChangeCase && before.Patient == change.Patient && SameContent(before.Change, change)
                ? new(before, null, null)
                : Refused(Refusal.Invalid("REQUEST_ID_REUSED", "request_id", "This request id was used for another change; make a new one."));
        }

        if (_file.CountItems(ItemStanding.Waiting) >= _options.OutboxMax)
        {
            return Refused(Refusal.Exhausted("OUTBOX_FULL", "Too much waits for the network; connect this site first."));
        }

        var judgement = JudgementOf(roles);
        if (Check(item, view, judgement, latest, out var answer) is { } refusal)
        {
            return Refused(refusal);
        }

        return new(item with { Number = _file.AddItem(item) }, answer, null);
    }

    private static Recorded Refused(Refusal refusal) => new(null, null, refusal);

    private static bool Belongs(Google.Protobuf.IMessage inner, PushChangesRequest change) =>
        IsEmptyOr(inner, "request_id", change.RequestId) && IsEmptyOr(inner, "patient", change.Patient);

    private static bool IsEmptyOr(Google.Protobuf.IMessage message, string field, string same) =>
        message.Descriptor.FindFieldByName(field)?.Accessor.GetValue(message) is not string { Length: > 0 } value || value == same;

    /// <summary>Times that were stamped and etags that were set here are no part of what a caller repeats.</summary>
    private static bool SameContent(PushChangesRequest before, PushChangesRequest change)
    {
        var (a, b) = (before.Clone(), change.Clone());
        foreach (var one in (PushChangesRequest[])[a, b])
        {
            if (Changes.HasTime(one))
            {
                Changes.SetTime(one, DateTimeOffset.UnixEpoch);
            }

            SetEtag(one, "");
        }

        return a.Equals(b);
    }

    private static void SetEtag(PushChangesRequest change, string etag)
    {
        switch (change.ChangeCase)
        {
            case PushChangesRequest.ChangeOneofCase.ProposeRevision:
                change.ProposeRevision.Etag = etag;
                break;
            case PushChangesRequest.ChangeOneofCase.ResolvePlanConflict:
                change.ResolvePlanConflict.Etag = etag;
                break;
            case PushChangesRequest.ChangeOneofCase.ReportSession:
                change.ReportSession.PlanEtag = etag;
                break;
        }
    }

    private static bool IsOfPlan(PushChangesRequest change) => change.ChangeCase
        is PushChangesRequest.ChangeOneofCase.ProposeRevision or PushChangesRequest.ChangeOneofCase.ResolvePlanConflict or PushChangesRequest.ChangeOneofCase.ReportSession;

    /// <summary>What is decided on a plan is decided on the one that is shown: the network's, or one that this site has proposed itself and that the network does not have yet.</summary>
    private static OutboxItem Based(OutboxItem item, SiteView view)
    {
        if (!IsOfPlan(item.Change))
        {
            return item;
        }

        SetEtag(item.Change, view.PlanEtag);
        var version = view.State?.Plan?.Version ?? 0;
        var own = view.Unconfirmed.LastOrDefault(i => i.LocalVersion == version);
        return own switch
        {
            null => item with { BaseVersion = version },
            { ReceiptVersion: > 0, Result.Accepted: { Outcome: Protocol.Care.V1.ProposalOutcome.Accepted, Plan.Etag: { } etag } } => WithEtag(item, etag) with { BaseVersion = version },
            // Merged, or said already: the plan that was shown here is not the network's.
            { ReceiptVersion: > 0 } => item with { BaseVersion = view.Confirmed?.Plan?.Version ?? 0 },
            _ => item with { BaseVersion = version, After = own.Number },
        };
    }

    private static OutboxItem WithEtag(OutboxItem item, string etag)
    {
        var change = item.Change.Clone();
        SetEtag(change, etag);
        return item with { Change = change };
    }

    private static Refusal? Check(OutboxItem item, SiteView view, Judgement judgement, DateTimeOffset latest, out object? answer)
    {
        answer = null;
        var change = item.Change;
        if (IsOfPlan(change) && view.PlanEtag.Length == 0)
        {
            return Refusal.Precondition("PLAN_NOT_HERE", "patient", "This site has no plan of the patient; make one with the network.");
        }

        if (view.State is null || view.Confirmed is null)
        {
            return change.ChangeCase == PushChangesRequest.ChangeOneofCase.ReportSession
                ? Refusal.Denied("SECTION_NOT_SHARED", "patient", "Without the whole plan no session is started here.")
                : IsOfPlan(change) && view.Plan is { Sections.Count: > 0 }
                ? Refusal.Denied("SECTION_NOT_SHARED", "patient", "Without the whole plan no change of it is decided here; revise what is shared when the network is there.")
                : judgement.Check(change, item.At);
        }

        var judged = judgement.Of(view.State, change, item.BaseVersion, item.LocalVersion, item.At);
        answer = judged.Answer;
        return judged.Refusal ?? change.ChangeCase switch
        {
            PushChangesRequest.ChangeOneofCase.ReportSession when (judgement.CheckStart(view.State, change.ReportSession, item.At) ?? CheckLatest(item, view.State, judgement, latest)) is { } held => held,
            // The number is the network's: another site's may come before.
            PushChangesRequest.ChangeOneofCase.Fact when change.Fact.FactCase == Protocol.Care.V1.IngestFactsRequest.FactOneofCase.ResolveSideEffect
                && judgement.Of(view.Confirmed, change, item.BaseVersion, item.LocalVersion, item.At).Refusal is not null =>
                Refusal.Precondition("SIDE_EFFECT_UNCONFIRMED", "side_effect", "The network has not numbered this side effect yet; resolve it when it has, or record it with the time it was over."),
            PushChangesRequest.ChangeOneofCase.ResolvePlanConflict when view.Unconfirmed.Any(i => IsOfPlan(i.Change)) =>
                Refusal.Precondition("CHANGES_WAITING", "patient", "Changes of this plan wait for the network; resolve the conflict when it has them."),
            PushChangesRequest.ChangeOneofCase.ReportSession when view.Unconfirmed.LastOrDefault(i => Changes.IsConsultation(i.Change)) is { } last && view.Aside.Any(a => a.Item.Number == last.Number) =>
                Refusal.Precondition("CHANGES_WAITING", "patient", "Nobody knows whether the network has the last consultation of this site: connect, or record the consultation again."),
            // A resolution or proposal that the network has not confirmed ends no conflict about a dose.
            PushChangesRequest.ChangeOneofCase.ReportSession when view.Confirmed.PlanConflicts.Any(c => c is { IsOpen: true, IsAboutDosing: true })
                || view.Unconfirmed.Any(i => i.Standing == ItemStanding.Conflict) =>
                Refusal.Precondition("PLAN_CONFLICT", "patient", "The plan was changed at two places at once: a clinician resolves that first, and the network confirms it."),
            _ => null,
        };
    }

    private SiteView? View(string patient, Roles roles) => _file.FindCopy(patient) is { } copy ? SiteView.Of(copy, _file.UnsettledOf(patient), JudgementOf(roles)) : null;

    private Judgement JudgementOf(Roles roles) =>
        new(ClinicId.TryParseName(Clinic, out var id) ? id : throw new SiteException("The folder's site has no name."), _file.FindMeta(Certificate) ?? "", _file.FindMeta(Zone) ?? "", roles);
}
