using System.Collections.Immutable;
using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Submissions;

/// <summary>A submitted record as it lies beside the journal: its hash, its receipt and the values that are kept.</summary>
/// <param name="Kept">Empty when it was refused.</param>
public sealed record StoredRecord(string Leaf, RecordReceipt Receipt, ImmutableArray<string> Kept)
{
    private const int Head = 4;
    private const char Between = ',';

    public SubmissionRow ToRow() =>
        new(Receipt.Record, [Leaf, Receipt.Outcome.ToString(), Receipt.Reason, string.Join(Between, Receipt.Fields), .. Kept]);

    public static StoredRecord Of(SubmissionRow row) => new(
        row.Values[0],
        new(row.Record, Enum.Parse<RecordOutcome>(row.Values[1]), row.Values[2], [.. row.Values[3].Split(Between, StringSplitOptions.RemoveEmptyEntries)]),
        [.. row.Values.Skip(Head)]);
}
