using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>Decide, append, evolve, answer: each command of a patient once, as it goes well.</summary>
public sealed class PatientCommandTests(SharedNetwork shared) : IClassFixture<SharedNetwork>
{
    private ClusterUnderTest Cluster => shared.Network.Cluster;

    [Fact]
    public async Task Enrolling_makes_version_1_with_the_home_clinics_time_zone()
    {
        var patient = await Cluster.EnrolledAsync("enrol");
        var (state, version) = await patient.StandsAtAsync();
        Assert.Equal((1L, "enrol", "north", "Europe/Berlin", "R-enrol"), (version, state.Id.Value, state.HomeClinic.Value, state.TimeZone, state.RecordNumber));
    }

    [Fact]
    public async Task A_receipt_tells_the_stores_time()
    {
        var reply = await Cluster.Patient("receipt").Enrol(Commands.Enrol("receipt"), Origins.Next());
        Assert.Equal(NetworkUnderTest.Start, reply.RecordedAt);
    }

    [Fact]
    public async Task A_consultation_is_kept_and_its_failed_treatments_counted()
    {
        var patient = await Cluster.EnrolledAsync("consult");
        Assert.Equal(1, (await patient.RecordConsultation(Commands.Consult(), Origins.Next())).AcceptedAs(2).InadequateResponses);
        Assert.Equal("F33.2", (await patient.StandsAtAsync()).State.Consultation!.DiagnosisCode);
    }

    [Fact]
    public async Task A_plan_knows_the_version_that_made_it_and_the_one_that_changed_it()
    {
        var patient = await Cluster.EnrolledAsync("plan");
        await patient.RecordConsultation(Commands.Consult(), Origins.Next());
        var made = (await patient.CreatePlan(Commands.CreatePlan(), Origins.Next())).AcceptedAs(3).Plan;
        Assert.Equal((1, 3L, 0.5), (made.Revision, made.Version, made.DoseMgPerKg));

        var changed = (await patient.RevisePlan(Commands.RevisePlan(made.Version), Origins.Next())).AcceptedAs(4).Plan;
        Assert.Equal((2, 4L, 0.6), (changed.Revision, changed.Version, changed.DoseMgPerKg));
        Assert.Equal(Structure.Describe(changed), Structure.Describe((await patient.StandsAtAsync()).State.Plan));
    }

    [Fact]
    public async Task Sharing_lets_the_named_site_write_and_naming_nobody_ends_it()
    {
        var patient = await Cluster.PlannedAsync("share");
        (await patient.SetSharing(Commands.Share(SiteAccess.Write), Origins.Next())).AcceptedAs(4);
        (await patient.RecordAssessment(Commands.Assess("a1", 0, 12), Origins.Next(Commands.South))).AcceptedAs(5);
        (await patient.SetSharing(Commands.ShareWithNobody(), Origins.Next())).AcceptedAs(6);
        (await patient.RecordAssessment(Commands.Assess("a2", 1, 12), Origins.Next(Commands.South))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
    }

    [Fact]
    public async Task Research_consent_is_kept_as_given_and_withdrawn()
    {
        var patient = await Cluster.EnrolledAsync("consent");
        (await patient.SetResearchConsent(Commands.Consent(RecipientClass.Industry, RecipientClass.ResearchRegistry), Origins.Next())).AcceptedAs(2);
        Assert.Equal([RecipientClass.ResearchRegistry, RecipientClass.Industry], (await patient.StandsAtAsync()).State.ResearchConsent.AsEnumerable());
        (await patient.SetResearchConsent(Commands.Consent(), Origins.Next())).AcceptedAs(3);
        Assert.Empty((await patient.StandsAtAsync()).State.ResearchConsent);
    }

    [Fact]
    public async Task A_session_goes_from_start_over_dose_and_side_effect_to_its_end()
    {
        var patient = await Cluster.PlannedAsync("session");
        Assert.Equal(40, (await patient.StartSession(Commands.StartSession("s0", 0), Origins.Next())).AcceptedAs(4).PlannedDoseMg);
        Assert.False((await patient.RecordDose(Commands.RecordDose("s0", 0), Origins.Next())).AcceptedAs(5).OutsidePlan);
        (await patient.RecordSideEffect(Commands.RecordSideEffect("s0", 0), Origins.Next())).AcceptedAs(6);
        (await patient.CompleteSession(Commands.CompleteSession("s0", 0), Origins.Next())).AcceptedAs(7);

        var (state, _) = await patient.StandsAtAsync();
        var session = Assert.Single(state.Sessions);
        Assert.Equal((40d, Commands.OnDay(0, 5), Commands.OnDay(0, 120)), (session.DoseMg, session.DosedAt, session.CompletedAt));
        Assert.Single(state.SideEffects);
    }

    [Fact]
    public async Task An_assessment_is_answered_with_total_band_and_risk_screen()
    {
        var patient = await Cluster.EnrolledAsync("assess");
        Assert.Equal(
            new AssessmentAnswer(27, Phq9Severity.Severe, RiskScreenDue: true),
            (await patient.RecordAssessment(Commands.Assess("a1", 0, 27), Origins.Next())).AcceptedAs(2));
    }

    [Fact]
    public async Task A_missed_visit_and_the_end_of_treatment_are_facts()
    {
        var patient = await Cluster.DosedAsync("ended");
        (await patient.RecordMissedVisit(new(Milestone.Week4, MissingReason.Declined, Commands.OnDay(40)), Origins.Next())).AcceptedAs(7);
        (await patient.EndTreatment(new("moved away", Commands.OnDay(41)), Origins.Next())).AcceptedAs(8);
        var (state, _) = await patient.StandsAtAsync();
        Assert.Equal([new MissedVisit(Milestone.Week4, MissingReason.Declined) { OccurredAt = Commands.OnDay(40) }], state.MissedVisits.AsEnumerable());
        Assert.Equal(Commands.OnDay(41), state.EndedAt);
    }

    [Fact]
    public async Task History_tells_who_did_what_when_from_which_site_in_versions_1_to_n()
    {
        var patient = await Cluster.EnrolledAsync("history");
        await patient.RecordConsultation(Commands.Consult(), Origins.Of("history-request-2", site: Commands.North));

        var history = (await patient.ReadHistory(Replies.Cached, 0, 10)).State!.Entries;
        Assert.Equal(["EnrolPatient", "RecordConsultation"], history.Select(e => e.Command));
        var second = history[1];
        Assert.Equal(
            (2L, "history-request-2", "tester", "north", NetworkUnderTest.Start),
            (second.Version, second.RequestId, second.Actor, second.Site, second.RecordedAt));
        Assert.Equal(["ConsultationRecorded"], second.Events);
        Assert.Equal([2L], (await patient.ReadHistory(Replies.Cached, 1, 10)).State!.Entries.Select(e => e.Version));
        Assert.Equal([1L], (await patient.ReadHistory(Replies.Cached, 0, 1)).State!.Entries.Select(e => e.Version));
    }

    [Fact]
    public async Task Commands_sent_all_at_once_make_versions_without_gap()
    {
        var patient = await Cluster.EnrolledAsync("burst");
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => patient.RecordAssessment(Commands.Assess("a" + i, 0, i), Origins.Next())));
        Assert.Equal(Enumerable.Range(2, 20).Select(v => (long)v), replies.Select(r => r.Version).Order());
        Assert.Equal(21, (await patient.CommandsAsync()).Count);
    }
}
