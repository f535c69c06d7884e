using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>What a recipient asks of its feed, and what a partner submits. The partner's submission <see cref="Cast.Submitted"/> is open and has no record.</summary>
internal static class ExchangeMessages
{
    private const string Profile = PublishedFixture.Profile;

    public static IEnumerable<BadMessage> All => [.. Feed(), .. Opening(), .. Pages(), .. Complete(), .. Submissions()];

    public static SubmitOutcomesRequest Opening(string submission) =>
        new() { RequestId = Valid.Id(), Opening = new() { Submission = submission, Profile = Profile, ProfileVersion = 2 } };

    /// <summary>One stream, read to its answer.</summary>
    public static async Task<Submission> SubmitAsync(this Network network, params IEnumerable<SubmitOutcomesRequest> messages)
    {
        using var call = network.Submissions.SubmitOutcomes();
        try
        {
            foreach (var message in messages)
            {
                await call.RequestStream.WriteAsync(message);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The call has ended: its answer tells how.
        }

        return (await call.ResponseAsync.Within()).Submission;
    }

    private static IEnumerable<BadMessage> Feed() =>
    [
        .. new BadMessages<AcknowledgeBatchRequest>("ReleaseService/AcknowledgeBatch", _ => new() { RequestId = Valid.Id() }, async (_, c, r) => await c.Partner.Releases.AcknowledgeBatchAsync(r))
            .BadBatches((r, v) => r.Name = v),
        .. new BadMessages<AcknowledgeBatchRequest>("ReleaseService/AcknowledgeBatch", _ => new() { RequestId = Valid.Id(), Name = Profile + "/batches/1" }, async (n, r) => await n.Releases.AcknowledgeBatchAsync(r))
            .Precondition("by nobody's partner", "AGREEMENT_MISSING", "", (_, _) => { }),
        .. new BadMessages<GetFeedStatusRequest>("ReleaseService/GetFeedStatus", _ => new(), async (_, c, r) => await c.Partner.Releases.GetFeedStatusAsync(r)).BadProfiles("name", (r, v) => r.Name = v),
        .. new BadMessages<GetDataDictionaryRequest>("ReleaseService/GetDataDictionary", _ => new(), async (_, c, r) => await c.Partner.Releases.GetDataDictionaryAsync(r))
            .BadProfiles("name", (r, v) => r.Name = v),
        .. new BadMessages<ListRekeysRequest>("ReleaseService/ListRekeys", _ => new() { Parent = Profile }, async (_, c, r) => await c.Partner.Releases.ListRekeysAsync(r))
            .BadProfiles("parent", (r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
        .. new BadMessages<ListLateRecipientsRequest>("ReleaseService/ListLateRecipients", _ => new(), async (n, r) => await n.Releases.ListLateRecipientsAsync(r))
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
    ];

    private static BadMessages<SubmitOutcomesRequest> Opening() =>
        new BadMessages<SubmitOutcomesRequest>("SubmissionService/SubmitOutcomes", _ => Opening("refused"), async (_, c, r) => await c.Partner.SubmitAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .Invalid("nothing", "OPENING_MISSING", "opening", r => r.Opening = null)
            .Invalid("a page first", "OPENING_MISSING", "opening", r => r.Page = new())
            .BadIds("opening.submission", (r, v) => r.Opening.Submission = v)
            .Row("profile is missing", StatusCode.NotFound, "PROFILE_NOT_FOUND", "opening.profile", (r, _) => r.Opening.Profile = "")
            .Row("profile is unknown", StatusCode.NotFound, "PROFILE_NOT_FOUND", "opening.profile", (r, _) => r.Opening.Profile = "profiles/outcomes-of-all")
            .Precondition("no agreement for the profile", "AGREEMENT_MISSING", "", (r, _) => r.Opening.Profile = "profiles/research-outcomes")
            .Precondition("another version", "PROFILE_VERSION_OTHER", "opening.profile_version", (r, _) => r.Opening.ProfileVersion = 1)
            .Precondition("other hierarchies", "HIERARCHIES_OTHER", "opening.hierarchies_sha256", (r, _) => r.Opening.HierarchiesSha256 = ByteString.CopyFrom(new byte[32]))
            .Invalid("half a hash", "HASH_INVALID", "opening.hierarchies_sha256", r => r.Opening.HierarchiesSha256 = ByteString.CopyFrom(new byte[16]))
            .Invalid("expected_records is -1", "COUNT_INVALID", "opening.expected_records", r => r.Opening.ExpectedRecords = -1)
            .Invalid("expected_records is 1,000,001", "COUNT_INVALID", "opening.expected_records", r => r.Opening.ExpectedRecords = 1_000_001)
            .Row("opened otherwise", StatusCode.AlreadyExists, "SUBMISSION_DIFFERS", "submission", (r, _) => (r.Opening.Submission, r.Opening.ExpectedRecords) = ("opened", 7));

    /// <summary>Behind the opening of a submission that is open.</summary>
    private static BadMessages<SubmitOutcomesRequest> Pages() =>
        new BadMessages<SubmitOutcomesRequest>(
            "SubmissionService/SubmitOutcomes", _ => new() { RequestId = Valid.Id(), Page = new() { Records = { new OutcomeRecord { Record = "r-1" } } } },
            async (_, c, r) => await c.Partner.SubmitAsync(Opening("opened"), r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .Invalid("no page", "PAGE_MISSING", "page", r => r.Page = null)
            .Invalid("a second opening", "OPENING_TWICE", "opening", r => r.Opening = new())
            .Invalid("an empty page", "PAGE_TOO_LARGE", "page.records", r => r.Page.Records.Clear())
            .Invalid("1,001 records", "PAGE_TOO_LARGE", "page.records", r => r.Page.Records.AddRange(Enumerable.Range(0, 1_000).Select(i => new OutcomeRecord { Record = $"x-{i}" })))
            .BadRecords("", "a b", "ä", new string('a', 65), "a\0");

    private static BadMessages<SubmitOutcomesRequest> BadRecords(this BadMessages<SubmitOutcomesRequest> rows, params IEnumerable<string> ids) =>
        ids.Aggregate(rows, (all, id) => all.Invalid($"a record's id of {id.Length}", "RECORD_ID_INVALID", "page.records[1].record", r => r.Page.Records.Add(new OutcomeRecord { Record = id })));

    private static BadMessages<CompleteSubmissionRequest> Complete() =>
        new BadMessages<CompleteSubmissionRequest>(
            "SubmissionService/CompleteSubmission", _ => new() { RequestId = Valid.Id(), Name = Cast.Submitted, Records = 1, Sha256 = ByteString.CopyFrom(new byte[32]) },
            async (_, c, r) => await c.Partner.Submissions.CompleteSubmissionAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadSubmissions("name", (r, v) => r.Name = v)
            .OtherPartner((r, v) => r.Name = v)
            .Invalid("no hash", "HASH_INVALID", "sha256", r => r.Sha256 = ByteString.Empty)
            .Invalid("half a hash", "HASH_INVALID", "sha256", r => r.Sha256 = ByteString.CopyFrom(new byte[16]))
            .Precondition("more than are there", "COUNT_DIFFERS", "records", (_, _) => { })
            .Precondition("fewer than none", "COUNT_DIFFERS", "records", (r, _) => r.Records = -1)
            .Precondition("another hash", "HASH_DIFFERS", "sha256", (r, _) => r.Records = 0);

    private static IEnumerable<BadMessage> Submissions() =>
    [
        .. new BadMessages<AbortSubmissionRequest>("SubmissionService/AbortSubmission", _ => new() { RequestId = Valid.Id(), Name = Cast.Submitted }, async (_, c, r) => await c.Partner.Submissions.AbortSubmissionAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadSubmissions("name", (r, v) => r.Name = v)
            .OtherPartner((r, v) => r.Name = v),
        .. new BadMessages<GetSubmissionRequest>("SubmissionService/GetSubmission", _ => new(), async (_, c, r) => await c.Partner.Submissions.GetSubmissionAsync(r))
            .BadSubmissions("name", (r, v) => r.Name = v)
            .OtherPartner((r, v) => r.Name = v),
        .. new BadMessages<ListSubmissionsRequest>("SubmissionService/ListSubmissions", _ => new(), async (_, c, r) => await c.Partner.Submissions.ListSubmissionsAsync(r))
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
        .. new BadMessages<ListReceiptsRequest>("SubmissionService/ListReceipts", _ => new() { Parent = Cast.Submitted }, async (_, c, r) => await c.Partner.Submissions.ListReceiptsAsync(r))
            .BadSubmissions("parent", (r, v) => r.Parent = v)
            .OtherPartner((r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v),
        .. new BadMessages<GetQualityReportRequest>("SubmissionService/GetQualityReport", _ => new() { Name = Cast.Submitted }, async (_, c, r) => await c.Partner.Submissions.GetQualityReportAsync(r))
            .BadSubmissions("name", (r, v) => r.Name = v)
            .OtherPartner((r, v) => r.Name = v)
            .Precondition("not checked yet", "SUBMISSION_NOT_CHECKED", "name", (_, _) => { }),
        .. new BadMessages<StreamSubmissionRequest>("SubmissionService/StreamSubmission", _ => new() { Name = Cast.Submitted }, (n, r) => ReadMessages.DrainAsync(n.Submissions.StreamSubmission(r)))
            .BadSubmissions("name", (r, v) => r.Name = v)
            .Precondition("not complete yet", "SUBMISSION_NOT_COMPLETE", "name", (_, _) => { }),
    ];

    private static BadMessages<T> BadProfiles<T>(this BadMessages<T> rows, string field, Action<T, string> set)
        where T : IMessage =>
        ((string[])["", "other-outcomes", "profiles/", "profiles/secret-one", "profiles/public-outcomes/batches/1"])
            .Aggregate(rows, (all, name) => all.Row($"{field} is '{name}'", StatusCode.NotFound, "PROFILE_NOT_FOUND", field, (r, _) => set(r, name)))
            .Precondition("no agreement for the profile", "AGREEMENT_MISSING", "", (r, _) => set(r, "profiles/research-outcomes"));

    /// <summary>Another partner is not there, whatever it has.</summary>
    private static BadMessages<T> OtherPartner<T>(this BadMessages<T> rows, Action<T, string> set)
        where T : IMessage =>
        rows.Row("another partner's", StatusCode.NotFound, "PARTNER_NOT_FOUND", "name", (r, _) => set(r, "partners/nobody/submissions/opened"));

    /// <summary>Whatever is no submission of the caller's is not there.</summary>
    private static BadMessages<T> BadSubmissions<T>(this BadMessages<T> rows, string field, Action<T, string> set)
        where T : IMessage =>
        ((string[])["", "plain", "submissions/opened", RegistryPartner.Name, RegistryPartner.Name + "/submissions/", RegistryPartner.Name + "/submissions/Upper", Cast.Submitted + "/b", RegistryPartner.Name + "/submissions/nothing"])
            .Aggregate(rows, (all, name) => all.Row($"{field} is '{name}'", StatusCode.NotFound, "SUBMISSION_NOT_FOUND", field, (r, _) => set(r, name)));
}
