using System.Collections.Immutable;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Domain.Tests.Submissions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of what partners submit.</summary>
internal static class SubmissionRefusals
{
    private static readonly DateTimeOffset At = new(2025, 1, 6, 9, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Over = At.AddHours(OpenSubmission.HoursOpen);

    private static readonly OpenSubmission Opening = new(ReleaseProfiles.PublicOutcomes.Id, ReleaseProfiles.PublicOutcomes.Version, 11, "");

    private static readonly SubmissionState Open = Fold(SubmissionState.Empty, OpenSubmission.Decide(SubmissionState.Empty, Opening, Submitted.Rules, At));

    private static readonly SubmissionState Aborted = Fold(Open, AbortSubmission.Decide(Open, At));

    public static IEnumerable<RefusalCase> All() => [.. Openings(), .. Pages(), .. Completions(), .. Ends()];

    private static SubmissionState Fold(SubmissionState state, Decision<SubmissionAnswer> decided) => decided.Events.Aggregate(state, SubmissionState.Evolve);

    private static IEnumerable<RefusalCase> Openings()
    {
        yield return Case("PROFILE_NOT_FOUND", "opening.profile", RefusalKind.NotFound, "for no profile", SubmissionState.Empty, Opening with { Profile = "none" }, null);
        yield return Case("PROFILE_VERSION_OTHER", "opening.profile_version", RefusalKind.Precondition, "the version before", SubmissionState.Empty, Opening with { ProfileVersion = 1 }, Submitted.Rules);
        yield return Case("HIERARCHIES_OTHER", "opening.hierarchies_sha256", RefusalKind.Precondition, "by its own grid", SubmissionState.Empty, Opening with { HierarchiesHash = new('0', 64) }, Submitted.Rules);
        yield return Case("COUNT_INVALID", "opening.expected_records", RefusalKind.Invalid, "fewer than none", SubmissionState.Empty, Opening with { Expected = -1 }, Submitted.Rules);
        yield return Case("COUNT_INVALID", "opening.expected_records", RefusalKind.Invalid, "more than fit", SubmissionState.Empty, Opening with { Expected = OpenSubmission.RecordsMax + 1 }, Submitted.Rules);
        yield return Case("SUBMISSION_EXISTS", "submission", RefusalKind.Exists, "an id twice", Open, Opening, Submitted.Rules);
        yield return Case("SUBMISSION_DIFFERS", "submission", RefusalKind.Exists, "an id twice, for other things", Open, Opening with { Expected = 12 }, Submitted.Rules);

        static RefusalCase Case(string reason, string field, RefusalKind kind, string about, SubmissionState state, OpenSubmission command, SubmissionRules? rules) =>
            new(nameof(OpenSubmission), reason, field, kind, about, () => Attempt.Of(nameof(OpenSubmission), OpenSubmission.Decide(state, command, rules, At)));
    }

    private static IEnumerable<RefusalCase> Pages()
    {
        var (record, other) = (Submitted.Row(1), Submitted.Row(1, other: ("sex", "male")));
        yield return Reused("with other content in one page", [record, other], ImmutableDictionary<string, string>.Empty, 1);
        yield return Reused("with other content than before", [other], new Dictionary<string, string> { [record.Record] = record.Leaf() }, 0);
        var full = SubmissionState.Evolve(Open, new RecordsReceived((int)OpenSubmission.RecordsMax, 0, 0, ""));
        yield return Page("RECORDS_TOO_MANY", "page", RefusalKind.Precondition, "one more than fit", full, At);
        foreach (var (reason, kind, about, state, now) in Closed())
            yield return Page(reason, "submission", kind, about, state, now);

        RefusalCase Page(string reason, string field, RefusalKind kind, string about, SubmissionState state, DateTimeOffset now) => new(
            nameof(ReceiveRecords), reason, field, kind, about,
            () => Attempt.Of(nameof(ReceiveRecords), ReceiveRecords.Decide(state, [(RecordCheck.Check(record, Submitted.Rules).Receipt, record.Leaf())], now)));

        static RefusalCase Reused(string about, ImmutableArray<SubmittedRecord> records, IReadOnlyDictionary<string, string> known, int at) => new(
            nameof(ReceiveRecords), "RECORD_ID_REUSED", $"page.records[{at}].record", RefusalKind.Exists, about,
            () => new(nameof(ReceiveRecords), [], null, ReceiveRecords.RefuseReused(new(records), known)));
    }

    private static IEnumerable<RefusalCase> Completions()
    {
        yield return Case("COUNT_DIFFERS", "records", RefusalKind.Precondition, "one is missing", Open, hash => new(12, hash), At);
        yield return Case("HASH_DIFFERS", "sha256", RefusalKind.Precondition, "other records", Open, _ => new(11, new('0', 64)), At);
        foreach (var (reason, kind, about, state, now) in Closed())
            yield return Case(reason, "submission", kind, about, state, hash => new(11, hash), now);

        static RefusalCase Case(string reason, string field, RefusalKind kind, string about, SubmissionState state, Func<string, CompleteSubmission> command, DateTimeOffset now) =>
            new(nameof(CompleteSubmission), reason, field, kind, about, () =>
            {
                using var tally = Submitted.Tally(Submitted.Cell(11));
                return Attempt.Of(nameof(CompleteSubmission), CompleteSubmission.Decide(state, command(tally.Sha256), tally, now));
            });
    }

    private static IEnumerable<RefusalCase> Ends()
    {
        foreach (var (reason, kind, about, state, now) in Closed())
            yield return new(nameof(AbortSubmission), reason, "submission", kind, about, () => Attempt.Of(nameof(AbortSubmission), AbortSubmission.Decide(state, now)));
        yield return Expire("SUBMISSION_CLOSED", "aborted", Aborted, Over);
        yield return Expire("SUBMISSION_OPEN", "a tick too early", Open, Over.AddTicks(-1));

        static RefusalCase Expire(string reason, string about, SubmissionState state, DateTimeOffset now) =>
            new(nameof(ExpireSubmission), reason, "submission", RefusalKind.Precondition, about, () => Attempt.Of(nameof(ExpireSubmission), ExpireSubmission.Decide(state, now)));
    }

    /// <summary>When none takes records.</summary>
    private static IEnumerable<(string Reason, RefusalKind Kind, string About, SubmissionState State, DateTimeOffset Now)> Closed() =>
    [
        ("SUBMISSION_NOT_FOUND", RefusalKind.NotFound, "never begun", SubmissionState.Empty, At),
        ("SUBMISSION_CLOSED", RefusalKind.Precondition, "aborted", Aborted, At),
        ("SUBMISSION_EXPIRED", RefusalKind.Precondition, "its time is over", Open, Over),
    ];
}
