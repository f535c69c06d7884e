using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Feed;

/// <summary>What a site may not see does not exist for it; what it may only read it does not change. Guarantee 8.</summary>
public sealed class SiteAccessTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private readonly Network _network = fixture.Network;

    private delegate Task Call(Network site, string patient);

    private static IEnumerable<(string Rpc, Call Call)> Reads =>
    [
        ("GetPatient", async (n, p) => await n.Patients.GetPatientAsync(new() { Name = p })),
        ("GetEligibility", async (n, p) => await n.Patients.GetEligibilityAsync(Valid.Eligibility(p))),
        ("GetPlan", async (n, p) => await n.Patients.GetPlanAsync(new() { Name = p + "/plan" })),
        ("ListHistory", async (n, p) => await n.Patients.ListHistoryAsync(new() { Parent = p })),
        ("ExportPatient", async (n, p) => Assert.True(await n.Records.ExportPatient(new() { Name = p }).ResponseStream.MoveNext(default))),
        ("ListJournal", async (n, p) => await n.Voice.ListJournalAsync(new() { Parent = p })),
    ];

    /// <summary>Which version there is tells that there is a patient, and so would a refusal to erase somebody.</summary>
    private static IEnumerable<(string Rpc, Call Call)> Probes =>
    [
        ("GetAdvice", async (n, p) => await n.Patients.GetAdviceAsync(new() { Name = p })),
        ("GetPatient at least at version 1", async (n, p) => await n.Patients.GetPatientAsync(new() { Name = p, Read = new() { MinVersion = 1 } })),
        ("GetPatient at least at a version that is not there", async (n, p) => await n.Patients.GetPatientAsync(new() { Name = p, Read = new() { MinVersion = 1_000 } })),
        ("GetRemsForm", async (n, p) => await n.Patients.GetRemsFormAsync(new() { Name = p, SessionId = "s-1" })),
        ("ProposeErasure", async (n, p) => await n.Approvals.ProposeErasureAsync(Valid.Erasure("approvals/probe-1", p))),
    ];

    private static IEnumerable<(string Rpc, Call Call)> Writes =>
    [
        ("RecordConsultation", async (n, p) => await n.Patients.RecordConsultationAsync(Valid.Consultation(p))),
        ("CreatePlan", async (n, p) => await n.Patients.CreatePlanAsync(Valid.Plan(p))),
        ("SetSharing", async (n, p) => await n.Patients.SetSharingAsync(Valid.Sharing(p, SiteAccess.Write, Network.Hill))),
        ("SetResearchConsent", async (n, p) => await n.Patients.SetResearchConsentAsync(Valid.Consent(p, RecipientClass.Industry))),
        ("StartSession", async (n, p) => await n.Patients.StartSessionAsync(Valid.Start(p, "s-1"))),
        ("RecordDose", async (n, p) => await n.Patients.RecordDoseAsync(Valid.Dose(p, "s-1"))),
        ("RecordSideEffect", async (n, p) => await n.Patients.RecordSideEffectAsync(Valid.SideEffect(p, "s-1"))),
        ("RecordVitals", async (n, p) => await n.Patients.RecordVitalsAsync(Valid.Vitals(p, "s-1"))),
        ("ResolveSideEffect", async (n, p) => await n.Patients.ResolveSideEffectAsync(Valid.Resolution(p))),
        ("RecordLeaving", async (n, p) => await n.Patients.RecordLeavingAsync(Valid.Leaving(p, "s-1"))),
        ("CompleteSession", async (n, p) => await n.Patients.CompleteSessionAsync(Valid.Completion(p, "s-1"))),
        ("RecordAssessment", async (n, p) => await n.Patients.RecordAssessmentAsync(Valid.Assessment(p, "x-1"))),
        ("RecordScale", async (n, p) => await n.Patients.RecordScaleAsync(Valid.Scale(p, "x-2"))),
        ("RecordSafetyCheck", async (n, p) => await n.Patients.RecordSafetyCheckAsync(Valid.SafetyCheck(p, "x-3"))),
        ("RecordMissedVisit", async (n, p) => await n.Patients.RecordMissedVisitAsync(Valid.MissedVisit(p))),
        ("RecordRemsEnrolment", async (n, p) => await n.Patients.RecordRemsEnrolmentAsync(Valid.RemsEnrolment(p))),
        ("RecordRemsDetails", async (n, p) => await n.Patients.RecordRemsDetailsAsync(Valid.RemsDetails(p, "s-1"))),
        ("RecordRemsSubmission", async (n, p) => await n.Patients.RecordRemsSubmissionAsync(Valid.RemsSubmission(p, "s-1"))),
        ("RecordSeriousEvent", async (n, p) => await n.Patients.RecordSeriousEventAsync(Valid.SeriousEvent(p, "s-1"))),
        ("RecordRequestForDose", async (n, p) => await n.Patients.RecordRequestForDoseAsync(Valid.RequestForDose(p, "x-3"))),
        ("RescheduleVisit", async (n, p) => await n.Patients.RescheduleVisitAsync(Valid.Rescheduling(p))),
        ("RecordSupportSession", async (n, p) => await n.Patients.RecordSupportSessionAsync(Valid.Support(p, "t-1"))),
        ("RecordAdviceDecision", async (n, p) => await n.Patients.RecordAdviceDecisionAsync(Valid.AdviceDecision(p, "add-anti-nausea/1@side-effects/1"))),
        ("EndTreatment", async (n, p) => await n.Patients.EndTreatmentAsync(Valid.Ending(p))),
        ("RecordDiaryEffect", async (n, p) => await n.Voice.RecordDiaryEffectAsync(ValidVoice.Effect(p))),
        ("ResolveDiaryEffect", async (n, p) => await n.Voice.ResolveDiaryEffectAsync(ValidVoice.Over(p))),
        ("SetSupportContacts", async (n, p) => await n.Voice.SetSupportContactsAsync(ValidVoice.Contacts(p))),
        ("ExplainVisit", async (n, p) => await n.Voice.ExplainVisitAsync(ValidVoice.Explanation(p))),
        ("ReviewEmergencyAccess", async (n, p) => await n.Patients.ReviewEmergencyAccessAsync(Valid.Review(p))),
    ];

    /// <summary>The facts among them, as items of a stream.</summary>
    private static IEnumerable<(string Rpc, Call Call)> StreamedWrites =>
        Writes.Where(w => FactCalls.Rpcs.Contains(w.Rpc)).Select(w => ("IngestFacts: " + w.Rpc, (Call)((n, p) => w.Call(n.OverFacts(), p))));

    [Fact]
    public async Task A_stranger_finds_no_patient_by_any_rpc()
    {
        var patient = await _network.TreatAsync("patients/strange-1");
        foreach (var (rpc, call) in Reads.Concat(Probes).Concat(Writes).Concat(StreamedWrites))
        {
            var seen = await RefusalSeen.OfAsync(() => call(_network.As(Network.Hill), patient));
            var absent = await RefusalSeen.OfAsync(() => call(_network.As(Network.Hill), "patients/not-there"));
            Assert.True((seen.Code, seen.Reason) == (StatusCode.NotFound, "PATIENT_NOT_FOUND"), $"{rpc}: {seen.Code}, {seen.Reason}");
            Assert.True(seen == absent, $"{rpc} tells a hidden patient from one that is not there");
        }

        var etag = await _network.EtagAsync(patient);
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await _network.As(Network.Hill).Patients.RevisePlanAsync(Valid.Revision(patient, etag)));
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await _network.As(Network.Hill).Patients.ProposeRevisionAsync(Valid.Proposal(patient, etag)));
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await _network.As(Network.Hill).Patients.ResolvePlanConflictAsync(Valid.PlanResolution(patient, etag)));
        Assert.Equal(3, (await _network.HistoryAsync(patient)).Count);
    }

    [Fact]
    public async Task A_reader_reads_and_changes_nothing()
    {
        var patient = await _network.TreatAsync("patients/read-1");
        await _network.ShareAsync(patient, Network.Hill);
        foreach (var (_, call) in Reads)
        {
            await call(_network.As(Network.Hill), patient);
        }

        foreach (var (rpc, call) in Writes.Concat(StreamedWrites))
        {
            var seen = await RefusalSeen.OfAsync(() => call(_network.As(Network.Hill), patient));
            Assert.True((seen.Code, seen.Reason) == (StatusCode.PermissionDenied, "SITE_READ_ONLY"), $"{rpc}: {seen.Code}, {seen.Reason}");
        }

        Assert.Equal(4, (await _network.HistoryAsync(patient)).Count);
    }

    [Fact]
    public async Task The_home_clinic_and_a_writing_site_act_and_the_history_names_them()
    {
        var patient = await _network.TreatAsync("patients/write-1");
        await _network.As(Network.Harbour).Patients.SetSharingAsync(Valid.Sharing(patient, SiteAccess.Write, Network.Hill));
        await _network.As(Network.Hill).Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-1"));
        var history = await _network.HistoryAsync(patient);
        Assert.Equal(["", "", "", Network.Harbour, Network.Hill], history.Select(e => e.Site));
        Assert.All(history, e => Assert.Equal("admin", e.Actor));
    }

    [Fact]
    public async Task A_site_enrols_for_itself_and_watches_its_own_feed_only()
    {
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SITE_NOT_HOME", async () => await _network.As(Network.Hill).Patients.EnrolPatientAsync(Valid.Enrolment("patients/enrol-1")));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SITE_NOT_YOURS", () => _network.As(Network.Hill).FeedAsync(Network.Harbour));
        await _network.As(Network.Hill).FeedAsync(Network.Hill);
    }

    [Fact]
    public async Task Another_sites_roster_and_worklist_are_not_shown()
    {
        await _network.TreatAsync("patients/listed-1");
        await _network.As(Network.Harbour).Clinics.ListRosterAsync(new() { Parent = Network.Harbour });
        var roster = await RefusalSeen.OfAsync(async () => await _network.As(Network.Hill).Clinics.ListRosterAsync(new() { Parent = Network.Harbour }));
        var worklist = await RefusalSeen.OfAsync(async () => await _network.As(Network.Hill).Clinics.ListWorklistAsync(new() { Parent = Network.Harbour }));
        Assert.All((RefusalSeen[])[roster, worklist], seen => Assert.Contains(seen.Code, (StatusCode[])[StatusCode.NotFound, StatusCode.PermissionDenied]));
    }
}
