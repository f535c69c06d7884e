using System.Globalization;
using ClinicNetwork.Domain;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.Site;

/// <summary>What <see cref="SiteSync"/> does to the copy: one transaction each.</summary>
public sealed partial class SiteReplica
{
    /// <summary>Patients with something waiting that are looked at for what may go out: some may have to wait.</summary>
    private const int LookedAtMax = 2_000;

    /// <summary>Until all patients are listed again when there was one that the network could not read: an operator has to act first.</summary>
    private static readonly TimeSpan UnreadFor = TimeSpan.FromHours(1);

    internal string FindCursor() => _file.Read(() => _file.FindMeta(Cursor) ?? "");

    /// <summary>Nothing was listed yet, or it is time to look again for a patient whom the network could not read.</summary>
    internal bool NeedsList() => _file.Read(() => FindCursor().Length == 0 || (_file.FindTime(Unread) is { } at && (Now - at).Duration() > UnreadFor));

    internal long ChangesOfOthers() => _file.DataVersion();

    /// <summary>Whether something waits that was never sent.</summary>
    internal bool HasNew(DateTimeOffset now) => _file.Read(() => _file.FirstWaiting(LookedAtMax).Any(i => i.SentOn is null && !(Changes.TimeOf(i.Change)?.ToDateTimeOffset() > now)));

    /// <summary>True: the network was restored since, and all that it had confirmed waits again. Before anything new goes out: a dose that waits must not overtake its session that was lost.</summary>
    /// <param name="storeTime">The network's clock.</param>
    /// <param name="at">This machine's, when it was read.</param>
    /// <param name="incarnation">Of the network's store.</param>
    internal bool Met(DateTimeOffset storeTime, DateTimeOffset at, string certificate, string zone, string incarnation) => _file.Write(() =>
    {
        _file.SetTime(Contact, storeTime);
        BeginAnew(storeTime, storeTime - at);
        _file.SetMeta(Behind, ((long)(storeTime - at).TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        _file.SetMeta(Certificate, certificate);
        _file.SetMeta(Zone, zone);
        var restored = _file.FindMeta(Incarnation) is { } before && before != incarnation;
        _file.SetMeta(Incarnation, incarnation);
        if (restored)
        {
            ReopenAll();
        }

        return restored;
    });

    /// <summary>
    /// What may go out now of the first waiting change of each patient: sent before, or not later than the network's clock. A time that this machine's clock gave and that the network has not
    /// reached is corrected by what the clock is wrong by now; a person's is left, and waits until it is past. Marked as sent, with what goes out, before it goes.
    /// </summary>
    /// <param name="asked">Request ids of what was sent in this meeting already, and not answered for good.</param>
    internal IReadOnlyList<PushChangesRequest> TakeWaiting(int max, IReadOnlySet<string> asked) => _file.Write(() =>
    {
        var (now, offset, going) = (Now, Offset(), new List<PushChangesRequest>());
        foreach (var first in _file.FirstWaiting(LookedAtMax).Where(i => !asked.Contains(i.Change.RequestId)))
        {
            if (going.Count == max)
            {
                break;
            }

            var item = first.SentOn is null && first.Stamped ? Corrected(first, offset, now) : first;
            if (item.SentOn is null && Changes.TimeOf(item.Change)?.ToDateTimeOffset() > now.AddSeconds(ClinicTime.AheadSecondsMax / 2.0))
            {
                continue;
            }

            item = item with { SentOn = item.SentOn ?? _file.FindCopy(item.Patient)?.Version ?? 0 };
            if (item != first)
            {
                _file.SetItem(item);
            }

            going.Add(item.Change);
        }

        return going;
    });

    /// <summary>Somebody set the clock since it was last measured, before or after this was recorded: only a time that cannot be is changed, and never to before what was recorded before it.</summary>
    private OutboxItem Corrected(OutboxItem item, TimeSpan offset, DateTimeOffset now)
    {
        var wrong = item.ClockAt + offset - item.At;
        if (wrong.Duration() <= TimeSpan.FromSeconds(ClinicTime.AheadSecondsMax))
        {
            return item;
        }

        if (item.At <= now)
        {
            return item with { Note = $"this machine's clock was set by {-wrong:g} before or after; the time was left" };
        }

        var (time, floor) = (item.At + wrong, _file.ItemsOf(item.Patient).Where(i => i.Number < item.Number && i.Stamped).Max(i => Changes.TimeOf(i.Change)?.ToDateTimeOffset()));
        time = floor > time ? floor.Value : time;
        time = time < now ? time : now;
        var change = item.Change.Clone();
        Changes.SetTime(change, time);
        return item with { Change = change, At = time, Note = $"this machine's clock was ahead by {-wrong:g}; the time was corrected" };
    }

    /// <summary>Answers of the network, each to the item of its request id. Those that were not executed for now stay.</summary>
    internal void Answered(IReadOnlyList<PushChangesResponse> results) => _file.Write(() =>
    {
        foreach (var result in results)
        {
            // Erased meanwhile: there is nothing left to keep it with.
            if (_file.FindRequest(result.RequestId) is not { Standing: ItemStanding.Waiting } item || IsForLater(result))
            {
                continue;
            }

            var version = Changes.VersionOf(result);
            _file.SetItem(IsLongDone(result)
                ? item with { ReceiptVersion = Math.Max(1, item.SentOn ?? 0), AnsweredAt = Now, Standing = ItemStanding.Done, Note = "the network had it already; what it answered is no longer kept" }
                : item with
                {
                    Result = result,
                    ReceiptVersion = version,
                    AnsweredAt = Now,
                    Standing = result.ResultCase switch
                    {
                        PushChangesResponse.ResultOneofCase.Refused => ItemStanding.Refused,
                        PushChangesResponse.ResultOneofCase.Conflict => ItemStanding.Conflict,
                        _ => ItemStanding.Done,
                    },
                });
            foreach (var next in _file.UnsettledOf(item.Patient).Where(i => i.After == item.Number))
            {
                // Accepted as it is, its plan is the one that the next was decided on; else the next is compared from where this one was.
                _file.SetItem(result.ResultCase == PushChangesResponse.ResultOneofCase.Accepted && result.Accepted.Outcome == ProposalOutcome.Accepted
                    ? WithEtag(next, result.Accepted.Plan.Etag) with { After = 0, BaseVersion = version }
                    : WithEtag(next, EtagOf(item)) with { After = 0, BaseVersion = item.BaseVersion });
            }
        }
    });

    /// <summary>Executed so long ago that the answer is gone. Shown as refused, somebody would record the dose a second time.</summary>
    private static bool IsLongDone(PushChangesResponse result) => result.Refused is { Reason: "ANSWER_EXPIRED" };

    /// <summary>Nothing was decided: the server was away, busy or broken, or its clock is not there yet.</summary>
    private static bool IsForLater(PushChangesResponse result) => result.ResultCase == PushChangesResponse.ResultOneofCase.None
        || (result.Refused is { } refused && ((StatusCode)refused.Code is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted
            or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown or StatusCode.Unauthenticated
            || refused.Reason == "OCCURRED_IN_FUTURE"));

    private static string EtagOf(OutboxItem item) => item.Change.ChangeCase switch
    {
        PushChangesRequest.ChangeOneofCase.ProposeRevision => item.Change.ProposeRevision.Etag,
        PushChangesRequest.ChangeOneofCase.ResolvePlanConflict => item.Change.ResolvePlanConflict.Etag,
        PushChangesRequest.ChangeOneofCase.ReportSession => item.Change.ReportSession.PlanEtag,
        _ => "",
    };

    /// <summary>A page of the list of patients; with the last one its cursor, and all that were not in the list go.</summary>
    /// <param name="unread">In this page, or before, was one whom the network could not read: what is here of it stays.</param>
    internal int Listed(IReadOnlyList<PatientCopy> page, string? cursor, IReadOnlySet<string> all, bool unread)
    {
        var wiped = _file.Write(() =>
        {
            foreach (var copy in page)
            {
                Take(copy);
            }

            var gone = cursor is null ? [] : _file.Copies().Where(c => !all.Contains(c.Patient)).Select(c => c.Patient).ToList();
            gone.ForEach(Revoke);
            if (cursor is not null)
            {
                _file.SetMeta(Cursor, cursor);
                _file.RemoveMeta(Unread);
                MarkUnread(unread);
            }

            return gone.Count;
        });
        if (wiped > 0)
        {
            _file.Forget();
        }

        return wiped;
    }

    /// <summary>A page of changes and the cursor after it.</summary>
    internal void Changed(IReadOnlyList<(PlanChange Change, PatientCopy? Copy)> page, string cursor)
    {
        var wiped = _file.Write(() =>
        {
            var any = false;
            foreach (var (change, copy) in page)
            {
                switch (change.Kind)
                {
                    case ChangeKind.Erased:
                        _file.Erase(change.Patient);
                        any = true;
                        break;
                    case ChangeKind.AccessRevoked:
                        Revoke(change.Patient);
                        any = true;
                        break;
                    default:
                        // An older one: what it is of was told with a later one, or cannot be seen now.
                        if (copy is not null && !(_file.FindCopy(change.Patient)?.Version > copy.Version))
                        {
                            Take(copy);
                        }

                        break;
                }
            }

            _file.SetMeta(Cursor, cursor);
            MarkUnread(page.Any(p => p.Change.Unreadable));
            return any;
        });
        if (wiped)
        {
            _file.Forget();
        }
    }

    private void MarkUnread(bool unread)
    {
        if (unread && _file.FindTime(Unread) is null)
        {
            _file.SetTime(Unread, Now);
        }
    }

    /// <summary>A conflict that the network knows to be resolved waits for nobody any more; what was done and is in the copy is settled.</summary>
    private void Take(PatientCopy copy)
    {
        _file.SetCopy(copy);
        var items = _file.UnsettledOf(copy.Patient);
        var state = items.Any(i => i.Standing == ItemStanding.Conflict) ? copy.State() : null;
        foreach (var item in items)
        {
            var done = item.Standing == ItemStanding.Conflict && state?.FindPlanConflict(item.Result!.Conflict.Conflict.Number) is { IsOpen: false }
                ? item with { Standing = ItemStanding.Done }
                : item;
            if (done != item)
            {
                _file.SetItem(done);
            }

            if (done is { Standing: ItemStanding.Done, ReceiptVersion: > 0 } && done.ReceiptVersion <= copy.Version)
            {
                _file.Settle(done.Number);
            }
        }
    }

    private void Revoke(string patient)
    {
        _file.WipeCopy(patient);
        foreach (var item in _file.UnsettledOf(patient).Where(i => i.Standing == ItemStanding.Waiting && i.SentOn is null))
        {
            _file.SetItem(item with
            {
                Standing = ItemStanding.Refused,
                AnsweredAt = Now,
                Result = new()
                {
                    RequestId = item.Change.RequestId,
                    Refused = new()
                    {
                        Code = (int)StatusCode.NotFound,
                        Reason = "ACCESS_REVOKED",
                        Field = "patient",
                        Message = "The patient is no longer shared with this site; tell the home clinic what was recorded.",
                    },
                },
            });
        }
    }

    /// <summary>The network was restored, perhaps to before what it had confirmed: all of that is sent again, with its own ids.</summary>
    internal void Reopen() => _file.Write(ReopenAll);

    private void ReopenAll()
    {
        foreach (var item in _file.ItemsOf(ItemStanding.Done).Concat(_file.ItemsOf(ItemStanding.Conflict)).ToList())
        {
            _file.SetItem(item with { Standing = ItemStanding.Waiting, Result = null, ReceiptVersion = 0, AnsweredAt = null, SentOn = _file.FindCopy(item.Patient)?.Version ?? 0 });
        }

        _file.SetMeta(Cursor, "");
    }

    internal void LoseCursor() => _file.Write(() => _file.SetMeta(Cursor, ""));

    /// <summary>Takes away what the network has had for long, what a person has seen, and the keys of patients of whom nothing is left.</summary>
    internal void Tidy()
    {
        var gone = _file.Write(() =>
        {
            var before = Now - _options.KeptAfter;
            foreach (var item in _file.ItemsOf(ItemStanding.Done).Concat(_file.ItemsOf(ItemStanding.Closed)))
            {
                if (item.AnsweredAt < before && IsOver(item))
                {
                    _file.RemoveItem(item.Number);
                }
            }

            return _file.RemoveUnusedKeys();
        });
        if (gone > 0)
        {
            _file.Forget();
        }
    }

    private bool IsOver(OutboxItem item) =>
        item.Standing == ItemStanding.Closed || _file.FindCopy(item.Patient) is not { } copy || copy.Version >= item.ReceiptVersion;
}
