namespace ClinicNetwork.Domain.Approvals;

/// <summary>
/// The time of a proposal is over: it leaves the list. Sent by the due loop; it expired by itself. Refused: APPROVAL_DECIDED, APPROVAL_OPEN.
/// </summary>
[GenerateSerializer, Immutable, Alias("expire-approval")]
public sealed record ExpireApproval
{
    public static Decision<Accepted> Decide(ApprovalState state, ExpireApproval command, DateTimeOffset now)
    {
        _ = command;
        return state.Status != ApprovalStatus.Proposed ? Refusal.Precondition("APPROVAL_DECIDED", "approval", "Somebody has decided already; read the approval.")
            : now < state.ExpiresAt ? Refusal.Precondition("APPROVAL_OPEN", "approval", "Its time is not over; wait for it, or reject it.")
            : Decision<Accepted>.Accept(Accepted.Instance, new ApprovalExpired(now));
    }
}
