namespace ClinicNetwork.Domain.Submissions;

/// <summary>The partner takes back what is not complete; its records are deleted. Refused: SUBMISSION_NOT_FOUND, SUBMISSION_CLOSED, SUBMISSION_EXPIRED.</summary>
public static class AbortSubmission
{
    public static Decision<SubmissionAnswer> Decide(SubmissionState state, DateTimeOffset now) =>
        state.RefuseClosed(now) is { } closed ? closed : Decision<SubmissionAnswer>.Accept(new(SubmissionStatus.Aborted, state.Records, ""), new SubmissionAborted(now));
}

/// <summary>The time of a submission is over; its records are deleted. Sent by the due loop. Refused: SUBMISSION_CLOSED, SUBMISSION_OPEN.</summary>
public static class ExpireSubmission
{
    public static Decision<Accepted> Decide(SubmissionState state, DateTimeOffset now) =>
        state.Status != SubmissionStatus.InProgress ? Refusal.Precondition("SUBMISSION_CLOSED", "submission", "It is closed already.")
        : now < state.ExpiresAt ? Refusal.Precondition("SUBMISSION_OPEN", "submission", "Its time is not over.")
        : Decision<Accepted>.Accept(Accepted.Instance, new SubmissionExpired(now));
}
