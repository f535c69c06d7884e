using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Durability;

/// <summary>One id, one command, one answer.</summary>
public sealed class RequestIdTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task The_same_id_with_another_payload_is_refused_and_changes_nothing()
    {
        var patient = await _network.TreatAsync("patients/reused-1");
        var request = Valid.Assessment(patient, "first", total: 12);
        await _network.Patients.RecordAssessmentAsync(request);

        var other = request.Clone();
        other.Items[0] = 0;
        var seen = await RefusalSeen.OfAsync(async () => await _network.Patients.RecordAssessmentAsync(other));
        Assert.Equal((StatusCode.InvalidArgument, "REQUEST_ID_REUSED", "request_id"), (seen.Code, seen.Reason, seen.Field));

        var otherRpc = Valid.MissedVisit(patient);
        otherRpc.RequestId = request.RequestId;
        seen = await RefusalSeen.OfAsync(async () => await _network.Patients.RecordMissedVisitAsync(otherRpc));
        Assert.Equal((StatusCode.InvalidArgument, "REQUEST_ID_REUSED", "request_id"), (seen.Code, seen.Reason, seen.Field));
        Assert.Equal(4, (await _network.HistoryAsync(patient)).Count);
    }

    [Fact]
    public async Task The_same_id_with_another_payload_is_refused_for_what_makes_something_new_too()
    {
        var enrolment = Valid.Enrolment("patients/reused-2");
        await _network.Patients.EnrolPatientAsync(enrolment);
        enrolment.GivenName = "Berta";
        await RefusalSeen.AssertAsync(StatusCode.InvalidArgument, "REQUEST_ID_REUSED", async () => await _network.Patients.EnrolPatientAsync(enrolment));

        var clinic = Valid.Clinic("clinics/reused");
        await _network.Clinics.RegisterClinicAsync(clinic);
        clinic.Clinic.DisplayName = "Another name";
        await RefusalSeen.AssertAsync(StatusCode.InvalidArgument, "REQUEST_ID_REUSED", async () => await _network.Clinics.RegisterClinicAsync(clinic));
    }

    [Fact]
    public async Task Every_mutation_sent_again_gets_the_same_answer_even_when_the_state_would_refuse_it_now()
    {
        const string Patient = "patients/again-1";
        List<Func<Task<object>>> sends = [];
        void Add<TRequest, TResponse>(TRequest request, Func<TRequest, AsyncUnaryCall<TResponse>> call)
            where TResponse : class => sends.Add(async () => await call(request));

        Add(Valid.Enrolment(Patient), r => _network.Patients.EnrolPatientAsync(r));
        Add(Valid.Consultation(Patient), r => _network.Patients.RecordConsultationAsync(r));
        Add(Valid.Plan(Patient), r => _network.Patients.CreatePlanAsync(r));
        Add(Valid.Sharing(Patient, SiteAccess.Write, Network.Hill), r => _network.Patients.SetSharingAsync(r));
        Add(Valid.Consent(Patient, RecipientClass.ResearchRegistry), r => _network.Patients.SetResearchConsentAsync(r));
        Add(Valid.Dosing(Patient), r => _network.As(Network.Harbour).Dosing.TakeDosingAsync(r));
        Add(Valid.Passing(Patient), r => _network.As(Network.Harbour).Dosing.PassDosingAsync(r));
        Add(Valid.DosingEnd(Patient), r => _network.As(Network.Hill).Dosing.EndDosingAsync(r));
        Add(Valid.Start(Patient, "s-1"), r => _network.Patients.StartSessionAsync(r));
        Add(Valid.Dose(Patient, "s-1"), r => _network.Patients.RecordDoseAsync(r));
        Add(Valid.SideEffect(Patient, "s-1"), r => _network.Patients.RecordSideEffectAsync(r));
        Add(Valid.Completion(Patient, "s-1"), r => _network.Patients.CompleteSessionAsync(r));
        Add(Valid.Report(Patient, "s-2", Valid.Past.AddHours(6)), r => _network.Push.ReportSessionAsync(r));
        Add(Valid.Assessment(Patient, "a-1"), r => _network.Patients.RecordAssessmentAsync(r));
        Add(Valid.Scale(Patient, "g-1"), r => _network.Patients.RecordScaleAsync(r));
        Add(Valid.MissedVisit(Patient), r => _network.Patients.RecordMissedVisitAsync(r));
        Add(Valid.RequestForDose(Patient, "r-1"), r => _network.Patients.RecordRequestForDoseAsync(r));
        Add(Valid.Support(Patient, "t-1"), r => _network.Patients.RecordSupportSessionAsync(r));
        Add(Valid.AdviceDecision(Patient, "add-anti-nausea/1@side-effects/1"), r => _network.Patients.RecordAdviceDecisionAsync(r));
        var answers = new List<object>();
        foreach (var send in sends)
        {
            answers.Add(await send());
        }

        var revision = Valid.Revision(Patient, await _network.EtagAsync(Patient));
        Add(revision, r => _network.Patients.RevisePlanAsync(r));
        Add(Valid.Proposal(Patient, revision.Etag), r => _network.Patients.ProposeRevisionAsync(r));
        answers.Add(await sends[^2]());
        answers.Add(await sends[^1]());
        Add(Valid.PlanResolution(Patient, await _network.EtagAsync(Patient)), r => _network.Patients.ResolvePlanConflictAsync(r));
        Add(Valid.Ending(Patient), r => _network.Patients.EndTreatmentAsync(r));
        answers.Add(await sends[^2]());
        answers.Add(await sends[^1]());

        for (var i = 0; i < sends.Count; i++)
        {
            Assert.Equal(answers[i], await sends[i]());
        }

        Assert.Equal(sends.Count, (await _network.HistoryAsync(Patient)).Count);
    }

    [Fact]
    public async Task Duplicates_sent_at_once_apply_once_and_get_one_answer()
    {
        var patient = await _network.TreatAsync("patients/doubled-1");
        var random = new Random(Bounded.Seed());
        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            var request = Valid.Assessment(patient, $"a-{i}", total: i % 28);
            int copies;
            lock (random)
            {
                copies = random.Next(1, 4);
            }

            var answers = await Task.WhenAll(Enumerable.Range(0, copies).Select(async _ => await _network.Patients.RecordAssessmentAsync(request)));
            Assert.Single(answers.Distinct());
            Assert.Equal(i % 28, answers[0].Total);
        });

        var history = await _network.HistoryAsync(patient);
        Assert.Equal(Enumerable.Range(1, 63).Select(v => (long)v), history.Select(e => e.Version));
        Assert.Equal(63, history.DistinctBy(e => e.RequestId).Count());
    }

    [Fact]
    public async Task Duplicates_of_an_enrolment_make_one_patient()
    {
        var request = Valid.Enrolment("patients/doubled-2");
        var before = await _network.CommandsAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => await _network.Patients.EnrolPatientAsync(request)));
        Assert.Equal(1, Assert.Single(answers.Distinct()).Receipt.Version);
        Assert.Equal(before + 1, await _network.CommandsAsync());
    }
}
