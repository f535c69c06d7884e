namespace ClinicNetwork.Domain.Approvals;

/// <summary>
/// Another person, who has read the proposal, wants the same. Refused: APPROVAL_NOT_FOUND, APPROVAL_DECIDED, APPROVAL_EXPIRED, NOT_A_PERSON, SAME_PERSON,
/// APPROVAL_UNREAD.
/// </summary>
/// <param name="Version">The version of this approval that was read: the proposal's, which is the only one that can be approved.</param>
[GenerateSerializer, Immutable, Alias("approve")]
public sealed record Approve([property: Id(0)] long Version)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(Approve);

    private const long ProposalVersion = 1;

    public static Decision<Accepted> Decide(ApprovalState state, Approve command, Person by, DateTimeOffset now)
    {
        if ((state.RefuseDecided(now) ?? by.RefuseMachine()) is { } refusal)
        {
            return refusal;
        }

        if (!by.IsOther(state.ProposedBy!))
        {
            return Refusal.Denied("SAME_PERSON", "approval", "Let somebody else approve what you proposed; another certificate or token of yours does not make you two.");
        }

        return command.Version != ProposalVersion
            ? Refusal.Stale("APPROVAL_UNREAD", "etag", "Read the approval and send its etag: only what was read is approved.")
            : Decision<Accepted>.Accept(Accepted.Instance, new ApprovalGiven(by, now));
    }
}
