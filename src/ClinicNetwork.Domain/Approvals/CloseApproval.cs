namespace ClinicNetwork.Domain.Approvals;

/// <summary>The effect of what was approved is durable, or was refused for good. Refused: APPROVAL_NOT_GIVEN.</summary>
/// <param name="Failure">Reason of the refusal; empty: it was done.</param>
[GenerateSerializer, Immutable, Alias("close-approval")]
public sealed record CloseApproval([property: Id(0)] string Failure)
{
    public static Decision<Accepted> Decide(ApprovalState state, CloseApproval command, DateTimeOffset now) =>
        state.Status != ApprovalStatus.Approved
            ? Refusal.Precondition("APPROVAL_NOT_GIVEN", "approval", "Only what a second person approved is carried out, and once.")
            : Decision<Accepted>.Accept(Accepted.Instance, command.Failure.Length == 0 ? (IEvent)new ApprovalExecuted(now) : new ApprovalFailed(command.Failure, now));
}
