using System.Collections.Immutable;
using ClinicNetwork.Domain.Submissions;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains.Submissions;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MilestoneQuality = ClinicNetwork.Protocol.Exchange.V1.MilestoneQuality;
using NamedCount = ClinicNetwork.Protocol.Exchange.V1.NamedCount;
using ReceiptCount = ClinicNetwork.Protocol.Exchange.V1.ReceiptCount;
using RecordOutcome = ClinicNetwork.Protocol.Exchange.V1.RecordOutcome;
using RecordReceipt = ClinicNetwork.Protocol.Exchange.V1.RecordReceipt;
using SubmissionStatus = ClinicNetwork.Protocol.Exchange.V1.SubmissionStatus;

namespace ClinicNetwork.Gateway.Exchange;

/// <summary>Submissions between the wire and the domain.</summary>
internal static class SubmissionMessages
{
    private const string ProfilePrefix = "profiles/";
    private const int RecordIdLengthMax = 64;
    private const int HashBytes = 32;

    /// <summary>Columns that only a measured row fills: with the row's whole number they tell who is missing.</summary>
    private static readonly ImmutableHashSet<string> OfMeasured = ["response", "remission", "worsening", "severity", "phq9", "missing_reason"];

    public static OpenSubmission CommandOf(SubmissionOpening opening) => new(
        opening.Profile.StartsWith(ProfilePrefix, StringComparison.Ordinal) ? opening.Profile[ProfilePrefix.Length..] : "",
        opening.ProfileVersion,
        opening.ExpectedRecords,
        opening.HierarchiesSha256.Length is 0 or HashBytes
            ? Convert.ToHexStringLower(opening.HierarchiesSha256.Span)
            : throw Fields.Invalid("HASH_INVALID", "opening.hierarchies_sha256", $"Give {HashBytes} bytes, or none."));

    public static ReceiveRecords CommandOf(RecordPage page)
    {
        if (page.Records.Count is 0 or > ReceiveRecords.PageMax)
        {
            throw Fields.Invalid("PAGE_TOO_LARGE", "page.records", $"Give 1 to {ReceiveRecords.PageMax} records a page.");
        }

        for (var i = 0; i < page.Records.Count; i++)
        {
            if (!IsRecordId(page.Records[i].Record))
            {
                throw Fields.Invalid("RECORD_ID_INVALID", $"page.records[{i}].record", $"Give 1 to {RecordIdLengthMax} of A-Z, a-z, 0-9, dash and underscore.");
            }
        }

        return new([.. page.Records.Select(one => new SubmittedRecord(one.Record, [.. one.Values]))]);
    }

    public static string HashOf(ByteString sha256) => sha256.Length == HashBytes
        ? Convert.ToHexStringLower(sha256.Span)
        : throw Fields.Invalid("HASH_INVALID", "sha256", $"Give {HashBytes} bytes.");

    public static bool IsRecordId(string id) => id.Length is > 0 and <= RecordIdLengthMax && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    public static Submission Of(SubmissionId id, SubmissionState state)
    {
        var rules = SubmissionProfiles.Find(state.Profile);
        return new()
        {
            Name = id.Name,
            Profile = ProfilePrefix + state.Profile,
            ProfileVersion = state.ProfileVersion,
            Status = (SubmissionStatus)state.Status,
            Reason = state.Reason,
            Hint = SubmissionTally.HintOf(state.Reason, rules?.K ?? 0),
            ExpectedRecords = state.Expected,
            Records = state.Records,
            Accepted = state.Accepted,
            Corrected = state.Corrected,
            Refused = state.Refused,
            OpenedAt = state.OpenedAt.ToTimestamp(),
            ExpiresAt = state.ExpiresAt.ToTimestamp(),
            ClosedAt = state.ClosedAt?.ToTimestamp(),
            HierarchiesSha256 = ByteString.CopyFrom(Convert.FromHexString(rules?.HierarchiesHash ?? "")),
            Columns = { rules?.Profile.Columns ?? [] },
        };
    }

    public static RecordReceipt Of(Domain.Submissions.RecordReceipt receipt) => new()
    {
        Record = receipt.Record,
        Outcome = (RecordOutcome)receipt.Outcome,
        Reason = receipt.Reason,
        Fields = { receipt.Fields },
        Hint = RecordCheck.HintOf(receipt.Reason),
    };

    public static GetQualityReportResponse Of(QualityReport report, int k)
    {
        var response = new GetQualityReportResponse();
        response.Milestones.AddRange(report.Milestones.Select(one => Of(one, k)));
        response.Receipts.AddRange(report.Receipts.Select(one => new ReceiptCount { Outcome = (RecordOutcome)one.Outcome, Reason = one.Reason, Field = one.Field, Records = one.Count }));
        return response;
    }

    /// <summary>Measured and each missing reason are the parts of one sum. What a column has in measured rows is shown only where the parts are.</summary>
    private static MilestoneQuality Of(Domain.Submissions.MilestoneQuality quality, int k)
    {
        var parts = SmallCounts.OfParts([quality.Measured, .. quality.Missing.Select(one => one.Count)], k);
        var hidden = parts.Any(part => part == SmallCounts.Beside || !long.TryParse(part, out _));
        var message = new MilestoneQuality { Milestone = quality.Milestone, Records = SmallCounts.Of(quality.Records, k), Measured = parts[0] };
        message.Missing.AddRange(quality.Missing.Select((one, i) => new NamedCount { Name = one.Name, Count = parts[i + 1] }));
        message.Filled.AddRange(quality.Filled.Select(one => new NamedCount
        {
            Name = one.Name,
            Count = hidden && OfMeasured.Contains(one.Name) ? SmallCounts.Beside : SmallCounts.OfPart(one.Count, quality.Records, k),
        }));
        return message;
    }
}
