using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Domain.Submissions;

/// <summary>
/// A page of records. Those that are there already are counted once. Refused: RECORD_ID_REUSED, RECORDS_TOO_MANY, SUBMISSION_NOT_FOUND, SUBMISSION_CLOSED, SUBMISSION_EXPIRED.
/// </summary>
[GenerateSerializer, Immutable, Alias("receive-records")]
public sealed record ReceiveRecords([property: Id(0)] ImmutableArray<SubmittedRecord> Records)
{
    /// <summary>Records of one page.</summary>
    public const int PageMax = 500;

    /// <summary>Without the records: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ReceiveRecords);

    /// <summary>Null, or the first record whose id came with other content, in the page or before.</summary>
    /// <param name="known">Leaves of the page's records that are there already, by id.</param>
    public static Refusal? RefuseReused(ReceiveRecords command, IReadOnlyDictionary<string, string> known)
    {
        var leaves = new Dictionary<string, string>(known, StringComparer.Ordinal);
        for (var i = 0; i < command.Records.Length; i++)
        {
            var leaf = command.Records[i].Leaf();
            if (leaves.GetValueOrDefault(command.Records[i].Record, leaf) != leaf)
            {
                return Refusal.Exists("RECORD_ID_REUSED", $"page.records[{i}].record", "This record was sent with other content; nothing of the page was taken. Abort the submission, or give the record another id.");
            }

            leaves[command.Records[i].Record] = leaf;
        }

        return null;
    }

    /// <param name="fresh">Receipts of the page's records that were not there before, in its order, with their leaves; one or more.</param>
    public static Decision<SubmissionAnswer> Decide(SubmissionState state, IReadOnlyList<(RecordReceipt Receipt, string Leaf)> fresh, DateTimeOffset now)
    {
        if (state.RefuseClosed(now) is { } closed)
        {
            return closed;
        }

        if (state.Records + fresh.Count > OpenSubmission.RecordsMax)
        {
            return Refusal.Precondition("RECORDS_TOO_MANY", "page", $"A submission has at most {OpenSubmission.RecordsMax} records; begin another.");
        }

        int Count(RecordOutcome outcome) => fresh.Count(one => one.Receipt.Outcome == outcome);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(fresh.Select(one => one.Leaf)))));
        return Decision<SubmissionAnswer>.Accept(
            new(state.Status, state.Records + fresh.Count, ""),
            new RecordsReceived(Count(RecordOutcome.Accepted), Count(RecordOutcome.Corrected), Count(RecordOutcome.Refused), hash));
    }
}
