using System.Security.Cryptography;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Errors;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>
/// Partners whose agreement is in force, suspended, ended, expired, drafted or not there × every rpc of exchange that a partner may call × its own things, each other
/// partner's and nobody's; by certificate, and by token.
/// </summary>
[Collection(PublishedFixture.Partners)]
public sealed class PartnerMatrixTests(PublishedFixture fixture)
{
    private const string Nobody = "nobody";
    private const string Profile = PublishedFixture.Profile;

    /// <summary>Id of the partner, and the reason that its agreement gives nothing by; null: it is in force.</summary>
    private static readonly (string Id, string? Reason)[] Partners =
    [
        ("registry-a", null), ("m-active", null), ("m-suspended", "AGREEMENT_SUSPENDED"), ("m-ended", "AGREEMENT_ENDED"), ("m-expired", "AGREEMENT_ENDED"),
        ("m-drafted", "AGREEMENT_MISSING"), ("m-without", "AGREEMENT_MISSING"),
    ];

    /// <summary>What a partner names by who it is: the agreement decides. registry-a has two batches, the others none.</summary>
    private static readonly (string Rpc, IMessage Message, string? WithoutBatches)[] Feed =
    [
        ("ListBatches", new ListBatchesRequest { Parent = Profile }, null),
        ("GetManifest", new GetManifestRequest { Name = Profile + "/batches/1" }, "BATCH_NOT_FOUND"),
        ("StreamBatch", new StreamBatchRequest { Name = Profile + "/batches/1" }, "BATCH_NOT_FOUND"),
        ("GetFeedStatus", new GetFeedStatusRequest { Name = Profile }, null),
        ("GetDataDictionary", new GetDataDictionaryRequest { Name = Profile }, null),
        ("ListRekeys", new ListRekeysRequest { Parent = Profile }, null),
        ("GetStatistics", new GetStatisticsRequest { Name = Profile, Table = "outcomes" }, "STATISTICS_NOT_FOUND"),
    ];

    /// <summary>What a message names of a partner, and the reason when it is its own; the submission s-1 is open and empty, of those that ever had an agreement.</summary>
    private static readonly (string Rpc, Func<string, IMessage> Of, string? Reason)[] Named =
    [
        ("PartnerService/GetPartner", one => new GetPartnerRequest { Name = one }, null),
        ("PartnerService/GetAgreement", one => new GetAgreementRequest { Name = one + "/agreements/m-1" }, null),
        ("PartnerService/ListAgreements", one => new ListAgreementsRequest { Parent = one }, null),
        ("SubmissionService/GetSubmission", one => new GetSubmissionRequest { Name = one + "/submissions/s-1" }, null),
        ("SubmissionService/ListReceipts", one => new ListReceiptsRequest { Parent = one + "/submissions/s-1" }, null),
        ("SubmissionService/GetQualityReport", one => new GetQualityReportRequest { Name = one + "/submissions/s-1" }, "SUBMISSION_NOT_CHECKED"),
        ("SubmissionService/CompleteSubmission", one => new CompleteSubmissionRequest
            { RequestId = Valid.Id(), Name = one + "/submissions/s-1", Records = 3, Sha256 = ByteString.CopyFrom(new byte[32]) }, "COUNT_DIFFERS"),
        ("SubmissionService/AbortSubmission", one => new AbortSubmissionRequest { RequestId = "short", Name = one + "/submissions/s-1" }, "REQUEST_ID_INVALID"),
    ];

    [Fact]
    public async Task A_partner_reaches_what_is_its_own_while_it_may_and_learns_nothing_of_another()
    {
        using var keys = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var folder = new TempFolder();
        File.WriteAllText(folder.Sub("machine.jwks.json"), TokenTests.Jwks(keys));
        await PlayAsync();
        using var registry = await fixture.Server.IssueAsync("m-machines", "registry");
        using var machines = fixture.Server.Open(registry.Certificate);
        using var certificates = new TestCertificates(fixture.Server);
        foreach (var (id, reason) in Partners)
        {
            using var channel = fixture.Server.Open(certificates.Good("role:registry", "partner:" + id));
            await AssertAsync(channel.CreateCallInvoker(), id, reason, $"{id} by certificate");

            var (code, _, error) = await Clinicnet.RunAsync(
                folder.Path, "clients", "register", "--id", "t-" + id, "--roles", "registry", "--partner", "partners/" + id, "--jwks", "machine.jwks.json", "--keys", fixture.Server.Folder);
            Assert.Equal((0, ""), (code, error));
            using var tokens = new MachineTokens(fixture.Server.Address, registry, "t-" + id, "key-1", keys);
            await Bounded.UntilAsync("the gateway knows the machine", () => TokenTests.GetsOneAsync(tokens, registry));
            var token = await tokens.GetAsync(registry.Certificate, default);
            await AssertAsync(With(machines.CreateCallInvoker(), token), id, reason, $"{id} by token");

            // Over another partner's connection it is nobody's.
            using var others = fixture.Server.Open(certificates.Good("role:registry", "partner:" + (id == "m-active" ? "m-ended" : "m-active")));
            var seen = await AccessMatrixTests.EndAsync(With(others.CreateCallInvoker(), token), "exchange.v1.ReleaseService/ListBatches", null, Feed[0].Message.ToByteArray());
            Assert.Equal((StatusCode.Unauthenticated, "TOKEN_NOT_BOUND"), (seen?.Code, seen?.Reason));
        }
    }

    private static CallInvoker With(CallInvoker calls, string token) => calls.Intercept(headers =>
    {
        headers.Add("authorization", "Bearer " + token);
        return headers;
    });

    private static async Task AssertAsync(CallInvoker calls, string id, string? reason, string who)
    {
        var wrong = new List<string>();
        async Task SeeAsync(string rpc, IMessage message, string? expected)
        {
            var seen = await AccessMatrixTests.EndAsync(calls, "exchange.v1." + rpc, null, message.ToByteArray());
            if (seen?.Reason != expected)
            {
                wrong.Add($"{who}: {rpc}: {seen?.Code} {seen?.Reason} instead of {expected ?? "an answer"}");
            }
        }

        foreach (var (rpc, message, none) in Feed)
        {
            await SeeAsync("ReleaseService/" + rpc, message, reason ?? (id == "registry-a" ? null : none));
        }

        await SeeAsync("ReleaseService/GetReleaseKey", new GetReleaseKeyRequest(), null);
        await SeeAsync("ReleaseService/GetCapabilities", new GetCapabilitiesRequest(), null);
        // What was given may be acknowledged when the agreement is over; only registry-a was given something.
        await SeeAsync(
            "ReleaseService/AcknowledgeBatch", new AcknowledgeBatchRequest { RequestId = Valid.Id(), Name = Profile + "/batches/1" },
            id == "registry-a" ? null : reason == "AGREEMENT_MISSING" ? reason : "BATCH_NOT_FOUND");
        await SeeAsync("SubmissionService/SubmitOutcomes", ExchangeMessages.Opening("s-1"), reason);

        var began = reason != "AGREEMENT_MISSING";
        foreach (var (rpc, of, ofOwn) in Named)
        {
            var isSubmission = rpc.StartsWith("Submission", StringComparison.Ordinal);
            await SeeAsync(rpc, of("partners/" + id), id == "m-without" && rpc.EndsWith("GetAgreement", StringComparison.Ordinal) ? "AGREEMENT_NOT_FOUND"
                : isSubmission && !began ? "SUBMISSION_NOT_FOUND"
                : rpc.EndsWith("CompleteSubmission", StringComparison.Ordinal) ? reason ?? ofOwn : ofOwn);
            var told = await AccessMatrixTests.EndAsync(calls, "exchange.v1." + rpc, null, of("partners/" + Nobody).ToByteArray());
            foreach (var (other, _) in Partners.Where(one => one.Id != id))
            {
                var seen = await AccessMatrixTests.EndAsync(calls, "exchange.v1." + rpc, null, of("partners/" + other).ToByteArray());
                if ((seen?.Code, seen?.Reason) != (StatusCode.NotFound, "PARTNER_NOT_FOUND") || seen?.Text != told?.Text)
                {
                    wrong.Add($"{who}: {rpc} of {other}: {seen?.Code} {seen?.Reason}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var listed = await new SubmissionService.SubmissionServiceClient(calls).ListSubmissionsAsync(new(), deadline: Bounded.Deadline);
        Assert.Equal(began ? [$"partners/{id}/submissions/s-1"] : [], listed.Submissions.Select(one => one.Name));
        var agreements = await new PartnerService.PartnerServiceClient(calls).ListAgreementsAsync(new() { Parent = "partners/" + id }, deadline: Bounded.Deadline);
        Assert.All(agreements.Agreements, one => Assert.StartsWith($"partners/{id}/", one.Name, StringComparison.Ordinal));
    }

    /// <summary>Every partner but the first is new; each opens its submission while it may.</summary>
    private async Task PlayAsync()
    {
        using var certificates = new TestCertificates(fixture.Server);
        using var seconds = fixture.Server.Open(certificates.Good("role:network-admin"));
        var (first, second) = (fixture.Network, new Network(seconds));
        var now = (await first.Admin.GetStatusAsync(new())).StoreTime.ToDateTimeOffset();
        foreach (var (id, reason) in Partners)
        {
            var agreement = $"partners/{id}/agreements/m-1";
            if (id != "registry-a")
            {
                await first.Partners.RegisterPartnerAsync(new()
                {
                    RequestId = Valid.Id(), Partner = new() { Name = "partners/" + id, DisplayName = id, RecipientClass = RecipientClass.ResearchRegistry },
                });
            }

            if (id != "m-without")
            {
                var draft = RegistryPartner.Draft(agreement, now);
                if (id == "m-expired")
                {
                    draft.Terms.ValidTo = now.AddHours(1).ToTimestamp();
                }

                await first.Partners.DraftAgreementAsync(draft);
            }

            if (id != "registry-a" && reason != "AGREEMENT_MISSING")
            {
                var etag = (await first.Partners.GetAgreementAsync(new() { Name = agreement })).Agreement.Etag;
                await first.Partners.ProposeAgreementAsync(new() { RequestId = Valid.Id(), Agreement = agreement, Etag = etag, Approval = "approvals/" + id, Reason = "A study." });
                await second.Approvals.ApproveAsync(Valid.Approval((await second.Approvals.GetApprovalAsync(new() { Name = "approvals/" + id })).Approval));
            }

            if (reason != "AGREEMENT_MISSING")
            {
                using var channel = fixture.Server.Open(certificates.Good("role:registry", "partner:" + id));
                await new Network(channel).SubmitAsync(ExchangeMessages.Opening("s-1"));
            }
        }

        await first.Partners.SuspendAgreementAsync(new() { RequestId = Valid.Id(), Agreement = "partners/m-suspended/agreements/m-1", Reason = "A question." });
        await first.Partners.EndAgreementAsync(new() { RequestId = Valid.Id(), Agreement = "partners/m-ended/agreements/m-1", Reason = "Over." });
        await first.AdvanceAsync(now.AddHours(2));
    }
}
