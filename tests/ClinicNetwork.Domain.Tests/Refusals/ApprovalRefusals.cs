using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of what two persons have to want.</summary>
internal static class ApprovalRefusals
{
    private static readonly DateTimeOffset At = new(2025, 2, 3, 9, 0, 0, TimeSpan.Zero);

    private static readonly Person First = new("first", "first");

    private static readonly Person Second = new("second", "second");

    private static readonly Person Machine = new("clients/pacs-1", "pacs");

    private static readonly Propose Proposal = new(new("erase-1"), ApprovalKind.Erasure, "patients/p-1", "Asked for", 0);

    private static readonly ApprovalState Proposed = Fold(ApprovalState.Empty, Propose.Decide(ApprovalState.Empty, Proposal, Given.Home, First, At));

    private static readonly ApprovalState Rejected = Fold(Proposed, Reject.Decide(Proposed, new("Not wanted"), Second, At));

    private static readonly ApprovalState Expired = Fold(Proposed, ExpireApproval.Decide(Proposed, new(), At.AddHours(72)));

    public static IEnumerable<RefusalCase> All() => [.. Proposals(), .. Approvals(), .. Rejections(), .. Ends()];

    private static IEnumerable<RefusalCase> Proposals()
    {
        yield return Case("APPROVAL_EXISTS", "approval", RefusalKind.Exists, "an id twice", () => Decide(Proposed, Proposal, First));
        yield return Case("APPROVAL_EXISTS", "approval", RefusalKind.Exists, "an id of what was rejected", () => Decide(Rejected, Proposal, First));
        yield return Case("TEXT_INVALID", "reason", RefusalKind.Invalid, "no reason", () => Decide(ApprovalState.Empty, Proposal with { Reason = "" }, First));
        yield return Case("TEXT_INVALID", "reason", RefusalKind.Invalid, "501 characters", () => Decide(ApprovalState.Empty, Proposal with { Reason = new('x', 501) }, First));
        foreach (var hours in (int[])[-1, 169, int.MinValue, int.MaxValue])
            yield return Case("HOURS_INVALID", "hours", RefusalKind.Invalid, $"{hours} hours", () => Decide(ApprovalState.Empty, Proposal with { Hours = hours }, First));
        yield return Case("NOT_A_PERSON", "", RefusalKind.Denied, "by a machine", () => Decide(ApprovalState.Empty, Proposal, Machine));

        static Attempt Decide(ApprovalState state, Propose command, Person by) =>
            Attempt.Of(nameof(Propose), Propose.Decide(state, command, Given.Home, by, At));
    }

    private static IEnumerable<RefusalCase> Approvals()
    {
        yield return Case("APPROVAL_NOT_FOUND", "approval", RefusalKind.NotFound, "never proposed", () => Decide(ApprovalState.Empty, 1, Second, At));
        yield return Case("APPROVAL_DECIDED", "approval", RefusalKind.Precondition, "rejected before", () => Decide(Rejected, 1, Second, At));
        yield return Case("APPROVAL_EXPIRED", "approval", RefusalKind.Precondition, "after 72 hours", () => Decide(Proposed, 1, Second, At.AddHours(72)));
        yield return Case("APPROVAL_EXPIRED", "approval", RefusalKind.Precondition, "once its end was recorded", () => Decide(Expired, 1, Second, At));
        yield return Case("NOT_A_PERSON", "", RefusalKind.Denied, "by a machine", () => Decide(Proposed, 1, Machine, At));
        yield return Case("SAME_PERSON", "approval", RefusalKind.Denied, "by the proposer", () => Decide(Proposed, 1, First, At));
        yield return Case("SAME_PERSON", "approval", RefusalKind.Denied, "by a token over the proposer's certificate", () => Decide(Proposed, 1, new("hospital/f", "first"), At));
        yield return Case("APPROVAL_UNREAD", "etag", RefusalKind.Stale, "another's etag", () => Decide(Proposed, 0, Second, At));
        yield return Case("APPROVAL_UNREAD", "etag", RefusalKind.Stale, "a later version", () => Decide(Proposed, 2, Second, At));

        static Attempt Decide(ApprovalState state, long version, Person by, DateTimeOffset now) =>
            Attempt.Of(nameof(Approve), Approve.Decide(state, new(version), by, now));
    }

    private static IEnumerable<RefusalCase> Rejections()
    {
        yield return Case("APPROVAL_NOT_FOUND", "approval", RefusalKind.NotFound, "never proposed", () => Decide(ApprovalState.Empty, "Not wanted", Second, At));
        yield return Case("APPROVAL_DECIDED", "approval", RefusalKind.Precondition, "twice", () => Decide(Rejected, "Not wanted", Second, At));
        yield return Case("APPROVAL_EXPIRED", "approval", RefusalKind.Precondition, "after 72 hours", () => Decide(Proposed, "Not wanted", Second, At.AddHours(72)));
        yield return Case("NOT_A_PERSON", "", RefusalKind.Denied, "by a machine", () => Decide(Proposed, "Not wanted", Machine, At));
        yield return Case("TEXT_INVALID", "reason", RefusalKind.Invalid, "no reason", () => Decide(Proposed, "", Second, At));
        yield return Case("TEXT_INVALID", "reason", RefusalKind.Invalid, "501 characters", () => Decide(Proposed, new('x', 501), Second, At));

        static Attempt Decide(ApprovalState state, string reason, Person by, DateTimeOffset now) =>
            Attempt.Of(nameof(Reject), Reject.Decide(state, new(reason), by, now));
    }

    private static IEnumerable<RefusalCase> Ends()
    {
        yield return Case("APPROVAL_DECIDED", "approval", RefusalKind.Precondition, "rejected before", () => Expire(Rejected, At.AddHours(72)));
        yield return Case("APPROVAL_DECIDED", "approval", RefusalKind.Precondition, "twice", () => Expire(Expired, At.AddHours(73)));
        yield return Case("APPROVAL_OPEN", "approval", RefusalKind.Precondition, "a tick too early", () => Expire(Proposed, At.AddHours(72).AddTicks(-1)));
        yield return Case("APPROVAL_NOT_GIVEN", "approval", RefusalKind.Precondition, "only proposed", () => Close(Proposed));
        yield return Case("APPROVAL_NOT_GIVEN", "approval", RefusalKind.Precondition, "rejected", () => Close(Rejected));

        static Attempt Expire(ApprovalState state, DateTimeOffset now) => Attempt.Of(nameof(ExpireApproval), ExpireApproval.Decide(state, new(), now));

        static Attempt Close(ApprovalState state) => Attempt.Of(nameof(CloseApproval), CloseApproval.Decide(state, new(""), At));
    }

    private static ApprovalState Fold<T>(ApprovalState state, Decision<T> decision)
        where T : class => decision.Events.Aggregate(state, ApprovalState.Evolve);

    private static RefusalCase Case(string reason, string field, RefusalKind kind, string about, Func<Attempt> attempt) =>
        new(attempt().UseCase, reason, field, kind, about, attempt);
}
