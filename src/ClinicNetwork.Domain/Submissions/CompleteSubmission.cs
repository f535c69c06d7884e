namespace ClinicNetwork.Domain.Submissions;

/// <summary>
/// The partner says that all records are there: it is checked as a whole and is complete, or refused for good (<see cref="SubmissionTally.FindProblem"/>).
/// Refused: SUBMISSION_NOT_FOUND, SUBMISSION_CLOSED, SUBMISSION_EXPIRED; and it goes on taking records after COUNT_DIFFERS, HASH_DIFFERS.
/// </summary>
/// <param name="Records">All that were sent, refused ones too.</param>
/// <param name="Sha256">Over the 32-byte hashes of all records in order of their ids (ordinal), lower-case hex.</param>
[GenerateSerializer, Immutable, Alias("complete-submission")]
public sealed record CompleteSubmission([property: Id(0)] long Records, [property: Id(1)] string Sha256)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(CompleteSubmission);

    /// <param name="tally">Of all records that are there.</param>
    public static Decision<SubmissionAnswer> Decide(SubmissionState state, CompleteSubmission command, SubmissionTally tally, DateTimeOffset now)
    {
        if (state.RefuseClosed(now) is { } closed)
        {
            return closed;
        }

        if (command.Records != tally.Records || (state.Expected > 0 && state.Expected != tally.Records))
        {
            return Refusal.Precondition("COUNT_DIFFERS", "records", $"{tally.Records} records are here; send what is missing, then complete it again.");
        }

        if (command.Sha256 != tally.Sha256)
        {
            return Refusal.Precondition("HASH_DIFFERS", "sha256", "The records here are not those that you hashed; send all again: what differs is named.");
        }

        var problem = tally.FindProblem();
        return Decision<SubmissionAnswer>.Accept(
            new(problem.Length == 0 ? SubmissionStatus.Complete : SubmissionStatus.Refused, tally.Records, problem),
            new SubmissionChecked(problem, tally.Sha256, tally.Report(), now));
    }
}
