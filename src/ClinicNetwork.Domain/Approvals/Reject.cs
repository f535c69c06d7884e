namespace ClinicNetwork.Domain.Approvals;

/// <summary>Somebody does not want it, or its proposer no more. Refused: APPROVAL_NOT_FOUND, APPROVAL_DECIDED, APPROVAL_EXPIRED, NOT_A_PERSON, TEXT_INVALID.</summary>
/// <param name="Reason">1 to 500 characters.</param>
[GenerateSerializer, Immutable, Alias("reject")]
public sealed record Reject([property: Id(0)] string Reason)
{
    private const int ReasonLengthMax = 500;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(Reject);

    public static Decision<Accepted> Decide(ApprovalState state, Reject command, Person by, DateTimeOffset now) =>
        (state.RefuseDecided(now) ?? by.RefuseMachine() ?? Texts.Check(command.Reason, 1, ReasonLengthMax, "reason")) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new ApprovalRejected(by, command.Reason, now));
}
