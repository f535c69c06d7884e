using System.Collections.Concurrent;
using System.Diagnostics;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Errors;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Audit.V1;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Fuzz;

/// <summary>
/// Changed messages to every rpc of a running server, by an administrator, who gets past the door, what a patient says by a patient too, and the exchange by a partner too: each is answered with a documented status, in
/// bounded time and memory. <c>CLINICNETWORK_TEST_ROUNDS=20</c> sends far more than a million.
/// </summary>
public sealed class WireFuzzTests(CastFixture fixture, ITestOutputHelper output) : IClassFixture<CastFixture>
{
    private const int Senders = 4;
    private const int PageSize = 5;
    private const int ItemsOfAStream = 8;
    private const long GrowthMax = 512L * 1024 * 1024;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    /// <summary>A watcher that was not asked to end is left after this.</summary>
    private static readonly TimeSpan StreamMax = TimeSpan.FromMilliseconds(150);

    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(10);

    /// <summary>What only a defect answers with. UNAVAILABLE: nothing is away here.</summary>
    private static readonly StatusCode[] Never = [StatusCode.Internal, StatusCode.Unknown, StatusCode.Unavailable, StatusCode.Unimplemented, StatusCode.DataLoss];

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(b => b, b => b);

    private readonly ConcurrentDictionary<string, long> _answers = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private long _sent;

    [Fact]
    public async Task Changed_messages_are_answered_with_a_documented_status_in_bounded_time_and_memory()
    {
        var seed = Bounded.Seed();
        output.WriteLine($"CLINICNETWORK_TEST_SEED={seed}");
        var corpus = Corpus();
        var all = AccessMatrixTests.Table[1..].Select(row => "clinicnetwork." + row.Split(',')[0].Replace('/', '.'));
        Assert.Equal(all.Order(StringComparer.Ordinal), corpus.Select(c => c.Rpc.FullName).Order(StringComparer.Ordinal));
        var tokens = await TokensAsync();
        var before = fixture.Server.ResidentBytes;
        using var end = new CancellationTokenSource(Length * Bounded.Rounds(1));
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => SendAsync(corpus, new(new Random(seed + sender), tokens), new Random(seed - sender - 1), end.Token)));

        var growth = fixture.Server.ResidentBytes - before;
        output.WriteLine($"{_sent:N0} inputs; the server grew by {growth / 1024 / 1024} MiB; {string.Join(", ", _answers.OrderByDescending(a => a.Value).Select(a => $"{a.Key} {a.Value:N0}"))}");
        Assert.True(_wrong.IsEmpty, string.Join('\n', _wrong.Take(10)));
        Assert.InRange(growth, long.MinValue, GrowthMax);
        Assert.True(_answers.GetValueOrDefault("OK") > 0 && _answers.GetValueOrDefault(nameof(StatusCode.InvalidArgument)) > 0);
        // And it treats patients as before.
        await fixture.Network.TreatAsync($"patients/after-{Guid.NewGuid():N}"[..40]);
    }

    /// <summary>Of every kind that is handed out: etags, the feed's cursor, and a page token of each list that has a second page.</summary>
    private async Task<string[]> TokensAsync()
    {
        var network = fixture.Network;
        await Bounded.UntilAsync("a head of the audit", async () => (await network.Audit.ListHeadsAsync(new() { PageSize = 1 })).Heads.Count > 0);
        string[] pages =
        [
            (await network.Clinics.ListClinicsAsync(new() { PageSize = 1 })).NextPageToken,
            (await network.As(Network.Harbour).Clinics.ListRosterAsync(new() { Parent = Network.Harbour, PageSize = 1 })).NextPageToken,
            (await network.Patients.ListHistoryAsync(new() { Parent = Cast.Planned, PageSize = 1 })).NextPageToken,
            (await network.Audit.ListAccessesAsync(new() { Parent = Cast.Planned, PageSize = 1 })).NextPageToken,
            (await network.Audit.ListHeadsAsync(new() { PageSize = 1 })).NextPageToken,
            (await network.Approvals.ListApprovalsAsync(new() { PageSize = 1 })).NextPageToken,
        ];
        Assert.InRange(pages.Count(page => page.Length > 0), 5, pages.Length);
        return [fixture.Cast.PlanEtag, fixture.Cast.StaleEtag, fixture.Cast.ProposedEtag, fixture.Cast.TokenOfProtocols, fixture.Cast.HarbourCursor, .. pages.Where(page => page.Length > 0)];
    }

    private async Task SendAsync(IReadOnlyList<(MethodDescriptor Rpc, IMessage Valid)> corpus, MessageMutator mutator, Random random, CancellationToken end)
    {
        using var channel = fixture.Server.Open();
        using var certificates = new TestCertificates(fixture.Server);
        using var patient = fixture.Server.Open(certificates.Good("role:patient", "patient:" + Cast.Planned["patients/".Length..]));
        using var partner = fixture.Server.Open(fixture.Partner.Identity.Certificate);
        var (calls, own, partners) = (channel.CreateCallInvoker(), patient.CreateCallInvoker(), partner.CreateCallInvoker());
        while (!end.IsCancellationRequested)
        {
            var (rpc, valid) = corpus[random.Next(corpus.Count)];
            byte[][] inputs = [.. Enumerable.Range(0, rpc.IsClientStreaming ? ItemsOfAStream : 1).Select(_ => mutator.Mutate(valid))];
            var began = Stopwatch.GetTimestamp();
            var (code, problem) = await CallAsync(
                random.Next(2) == 0 ? calls : rpc.Service.File == PatientVoiceReflection.Descriptor ? own : rpc.Service.File.Package == "clinicnetwork.exchange.v1" ? partners : calls, rpc, inputs);
            Interlocked.Add(ref _sent, inputs.Length);
            _answers.AddOrUpdate(code.ToString(), 1, (_, n) => n + 1);
            if ((problem ?? (Never.Contains(code) ? code.ToString() : Stopwatch.GetElapsedTime(began) > CallMax ? "too slow" : null)) is { } wrong)
            {
                _wrong.Enqueue($"{rpc.FullName}: {wrong}: {string.Join(' ', inputs.Select(i => Convert.ToHexString(i.AsSpan(0, Math.Min(i.Length, 400)))))}");
            }
        }
    }

    /// <summary>One call; a stream is read to its end, or for a moment.</summary>
    private static async Task<(StatusCode Code, string? Problem)> CallAsync(CallInvoker calls, MethodDescriptor rpc, byte[][] inputs)
    {
        var streams = rpc.IsServerStreaming;
        using var enough = new CancellationTokenSource(streams ? StreamMax : CallMax * 2);
        var options = new CallOptions(cancellationToken: enough.Token);
        try
        {
            if (rpc.IsClientStreaming && !streams)
            {
                using var call = calls.AsyncClientStreamingCall(MethodOf(MethodType.ClientStreaming, rpc), null, options);
                await SendAsync(call.RequestStream, inputs);
                await call.ResponseAsync;
            }
            else if (rpc.IsClientStreaming)
            {
                using var call = calls.AsyncDuplexStreamingCall(MethodOf(MethodType.DuplexStreaming, rpc), null, options);
                await SendAsync(call.RequestStream, inputs);
                while (await call.ResponseStream.MoveNext(enough.Token))
                {
                    var result = rpc.OutputType.Parser.ParseFrom(call.ResponseStream.Current);
                    if (rpc.OutputType.FindFieldByName("refused").Accessor.GetValue(result) is FactRefused refused && Never.Contains((StatusCode)refused.Code))
                    {
                        return (StatusCode.OK, $"an item: {refused}");
                    }
                }
            }
            else if (streams)
            {
                using var call = calls.AsyncServerStreamingCall(MethodOf(MethodType.ServerStreaming, rpc), null, options, inputs[0]);
                while (await call.ResponseStream.MoveNext(enough.Token))
                {
                }
            }
            else
            {
                await calls.AsyncUnaryCall(MethodOf(MethodType.Unary, rpc), null, options, inputs[0]);
            }

            return (StatusCode.OK, null);
        }
        catch (RpcException exception)
        {
            var text = RefusalSeen.Of(exception).Text;
            return (exception.StatusCode, text.Contains("   at ", StringComparison.Ordinal) || text.Contains("Exception", StringComparison.Ordinal) ? "shows the inside" : null);
        }
        catch (OperationCanceledException)
        {
            return (StatusCode.Cancelled, streams ? null : "no answer");
        }
    }

    private static async Task SendAsync(IClientStreamWriter<byte[]> requests, byte[][] inputs)
    {
        try
        {
            foreach (var input in inputs)
            {
                await requests.WriteAsync(input);
            }

            await requests.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The call has ended: its reading tells how.
        }
    }

    private static Method<byte[], byte[]> MethodOf(MethodType type, MethodDescriptor rpc) => new(type, rpc.Service.FullName, rpc.Name, Bytes, Bytes);

    private static IEnumerable<MethodDescriptor> Rpcs() => ((FileDescriptor[])
    [
        PatientServiceReflection.Descriptor, RecordServiceReflection.Descriptor, PatientVoiceReflection.Descriptor, FactServiceReflection.Descriptor, ClinicServiceReflection.Descriptor, PlanFeedServiceReflection.Descriptor, PushServiceReflection.Descriptor, DosingServiceReflection.Descriptor, TransferServiceReflection.Descriptor, PatientMatchServiceReflection.Descriptor, ReleaseServiceReflection.Descriptor, PartnerServiceReflection.Descriptor, SubmissionServiceReflection.Descriptor,
        NetworkServiceReflection.Descriptor, ApprovalServiceReflection.Descriptor, AuditServiceReflection.Descriptor,
    ]).SelectMany(f => f.Services).SelectMany(s => s.Methods);

    /// <summary>Requests that are accepted, or would be in another state, for every rpc.</summary>
    private IReadOnlyList<(MethodDescriptor Rpc, IMessage Valid)> Corpus()
    {
        const string Profile = PublishedFixture.Profile;
        const string Submission = RegistryPartner.Name + "/submissions/fuzzed";
        IMessage[] messages =
        [
            Valid.Clinic(Network.Meadow), new GetClinicRequest { Name = Network.Harbour, Read = new() { Confirmed = true } }, new ListClinicsRequest { PageSize = PageSize },
            new ListRosterRequest { Parent = Network.Harbour, PageSize = PageSize }, new ListWorklistRequest { Parent = Network.Harbour, PageSize = PageSize },
            new ListProtocolsRequest { PageSize = 1, PageToken = fixture.Cast.TokenOfProtocols }, new ListScalesRequest { PageSize = 1 }, new ListOutcomeDefinitionsRequest { PageSize = PageSize },
            new ListContraindicationsRequest { PageSize = PageSize },
            new ListFollowUpRulesRequest { PageSize = PageSize }, new ListClinicDayRequest { Parent = Network.Harbour, PageSize = PageSize }, new GetClinicOutcomesRequest { Name = Network.Harbour },
            Valid.SafetyCheck(Cast.Planned, "l-9"), Valid.Eligibility(Cast.Planned),
            Valid.Enrolment("patients/fuzzed"), Valid.Detailed(Cast.Enrolled), Valid.Plan(Cast.Consulted), Valid.Revision(Cast.Planned, fixture.Cast.PlanEtag),
            Valid.Proposal(Cast.Planned, fixture.Cast.PlanEtag), Valid.PlanResolution(Cast.Planned, fixture.Cast.PlanEtag),
            Valid.Sharing(Cast.Planned, SiteAccess.Read, Network.Hill), Valid.Consent(Cast.Planned, RecipientClass.ResearchRegistry), Valid.Start(Cast.Planned, "s-9"), Valid.Dose(Cast.SessionOpen, "s-1"),
            Valid.Support(Cast.Planned, "t-9"), Valid.AdviceDecision(Cast.LaterDosed, "add-anti-nausea/1@side-effects/1"), new GetAdviceRequest { Name = Cast.LaterDosed, Read = new() { Confirmed = true } },
            Valid.Vitals(Cast.LaterDosed, "s-1"), Valid.Resolution(Cast.LaterDosed), Valid.Leaving(Cast.LaterDosed, "s-1"),
            Valid.RequestForDose(Cast.Planned, "r-9"),
            Valid.SideEffect(Cast.Dosed, "s-1"), Valid.Completion(Cast.Dosed, "s-1"), Valid.Assessment(Cast.Planned, "a-9"), Valid.Scale(Cast.Planned, "g-9"), Valid.MissedVisit(Cast.Planned), Valid.Rescheduling(Cast.Completed), Valid.Ending(Cast.NasalPlanned), Valid.Emergency(Cast.Planned), Valid.Review(Cast.Opened), Valid.Acknowledgement(Cast.Warned),
            Valid.RemsEnrolment(Cast.NasalDosed), Valid.RemsDetails(Cast.NasalDosed, "s-1"), Valid.RemsSubmission(Cast.NasalDosed, "s-1"), Valid.SeriousEvent(Cast.NasalDosed, "s-1"),
            new GetRemsFormRequest { Name = Cast.NasalDosed, SessionId = "s-1" }, Valid.Settings(Network.Meadow),
            ValidVoice.Entry(Cast.Planned), new ListJournalRequest { Parent = Cast.Planned, PageSize = PageSize }, ValidVoice.Goals(Cast.Planned), ValidVoice.Effect(Cast.Planned), ValidVoice.Over(Cast.Planned),
            ValidVoice.Contacts(Cast.Planned), ValidVoice.Explanation(Cast.Dosed),
            Valid.Death(Cast.Opened), Valid.Contact(Cast.Planned), Valid.Loss(Cast.Planned), Valid.Pregnancy(Cast.Planned),
            Valid.Mistake(Cast.Warned), Valid.Amendment(Cast.Warned, "a-9"),
            new GetPatientRequest { Name = Cast.Planned, Read = new() { MinVersion = 1 } }, new GetPlanRequest { Name = Cast.Planned + "/plan" }, new ListHistoryRequest { Parent = Cast.Planned, PageSize = PageSize },
            new ExportPatientRequest { Name = Cast.Planned, AfterVersion = 1 },
            new IngestFactsRequest { RequestId = Valid.Id(), Patient = Cast.Planned, RecordAssessment = Valid.Assessment(Cast.Planned, "a-8") },
            PushCalls.Item(Valid.Proposal(Cast.Planned, fixture.Cast.PlanEtag)),
            Valid.Report(Cast.Planned, "s-8"), Valid.Dosing(Cast.Planned), Valid.Passing(Cast.Planned), Valid.DosingEnd(Cast.Planned), new GetDosingRequest { Patient = Cast.Planned },
            new WatchPlansRequest { Site = Network.Harbour, Cursor = fixture.Cast.HarbourCursor, UntilCaughtUp = true },
            Valid.Offer(Cast.Planned), new WithdrawTransferRequest { RequestId = Valid.Id(), Patient = Cast.Offered, Number = 1 }, Valid.Acceptance(Cast.Offered),
            new DeclineTransferRequest { RequestId = Valid.Id(), Patient = Cast.Offered, Number = 1, Reason = "no place" },
            new ListProbableDoublesRequest { Parent = Network.Harbour, PageSize = PageSize }, new DismissDoubleRequest { RequestId = Valid.Id(), Patient = Cast.Planned, Double = "doubles/none", Reason = "twins" },
            new ReopenDoubleRequest { RequestId = Valid.Id(), Patient = Cast.Planned, Double = "doubles/none", Reason = "one person" },
            new GetTransferRequest { Patient = Cast.Offered, Number = 1 }, new ListTransfersRequest { Parent = Network.Harbour, PageSize = PageSize },
            new GetPlanChangesRequest { Site = Network.Harbour, Cursor = fixture.Cast.HarbourCursor, PageSize = PageSize, IncludePlans = true }, new ListSitePatientsRequest { Site = Network.Harbour, PageSize = PageSize, IncludeReplicas = true },
            new ListBatchesRequest { Parent = "profiles/public-outcomes", PageSize = PageSize }, new GetManifestRequest { Name = "profiles/public-outcomes/batches/1/manifest" }, new GetReleaseKeyRequest(),
            new StreamBatchRequest { Name = "profiles/public-outcomes/batches/1" }, new AcknowledgeBatchRequest { RequestId = Valid.Id(), Name = Profile + "/batches/1" },
            new GetFeedStatusRequest { Name = Profile }, new GetDataDictionaryRequest { Name = Profile }, new GetCapabilitiesRequest(), new ListRekeysRequest { Parent = Profile, PageSize = PageSize },
            new ListLateRecipientsRequest { PageSize = PageSize },
            new RegisterPartnerRequest { RequestId = Valid.Id(), Partner = new() { Name = "partners/fuzzed", DisplayName = "Fuzzed", RecipientClass = RecipientClass.Industry } },
            new GetPartnerRequest { Name = RegistryPartner.Name }, new ListPartnersRequest { PageSize = PageSize }, RegistryPartner.Draft(RegistryPartner.Name + "/agreements/fuzzed"),
            new ProposeAgreementRequest { RequestId = Valid.Id(), Agreement = Cast.Drafted, Etag = fixture.Cast.DraftedEtag, Approval = "approvals/fuzzed-3", Reason = "a study" },
            new SuspendAgreementRequest { RequestId = Valid.Id(), Agreement = RegistryPartner.Agreement, Reason = "a question" },
            new EndAgreementRequest { RequestId = Valid.Id(), Agreement = Cast.Drafted, Reason = "not wanted" },
            new RekeyAgreementRequest { RequestId = Valid.Id(), Agreement = RegistryPartner.Agreement, Epoch = 1, Reason = "a laptop was stolen" },
            new GetAgreementRequest { Name = RegistryPartner.Agreement }, new ListAgreementsRequest { Parent = RegistryPartner.Name, PageSize = PageSize },
            new SubmitOutcomesRequest { RequestId = Valid.Id(), Opening = new() { Submission = "fuzzed", Profile = Profile, ProfileVersion = 2, HierarchiesSha256 = ByteString.CopyFrom(new byte[32]) } },
            new GetStatisticsRequest { Name = "profiles/public-outcomes", Table = "outcomes", Publication = 1 },
            new CompleteSubmissionRequest { RequestId = Valid.Id(), Name = Submission, Records = 1, Sha256 = ByteString.CopyFrom(new byte[32]) }, new AbortSubmissionRequest { RequestId = Valid.Id(), Name = Submission },
            new GetSubmissionRequest { Name = Submission }, new ListSubmissionsRequest { PageSize = PageSize }, new ListReceiptsRequest { Parent = Submission, PageSize = PageSize },
            new GetQualityReportRequest { Name = Submission }, new StreamSubmissionRequest { Name = Submission, AfterRecord = "r-1" },
            new GetAuditKeyRequest(), new GetHeadRequest(), new ListHeadsRequest { PageSize = PageSize }, new GetInclusionProofRequest { Position = 1, Size = 2 },
            new GetConsistencyProofRequest { FirstSize = 1, SecondSize = 2 }, new StreamEntriesRequest { StartPosition = 3 }, new ListAccessesRequest { Parent = Cast.Planned, PageSize = PageSize },
            Valid.Erasure("approvals/fuzzed-1", Cast.Enrolled), Valid.KeyDestruction("approvals/fuzzed-2", Network.Hill),
            new ApproveRequest { RequestId = Valid.Id(), Approval = Cast.Proposed, Etag = fixture.Cast.ProposedEtag }, new RejectRequest { RequestId = Valid.Id(), Approval = "approvals/fuzzed-1", Reason = "not wanted" },
            new GetApprovalRequest { Name = Cast.Proposed }, new ListApprovalsRequest { PageSize = 1 },
            new GetStatusRequest(), new AdvanceClockRequest { RequestId = Valid.Id(), To = ServerProcess.ClockStart.AddSeconds(-5).ToTimestamp() },
        ];
        return [.. messages.Select(m => (Rpc: Rpcs().Single(r => r.InputType == m.Descriptor), Valid: m))];
    }
}
