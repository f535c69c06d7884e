using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using static ClinicNetwork.Grains.Tests.Patients.PatientRows;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>The rows each command writes beside itself for sites, consent, the pool and alerts, as whole lists but those of the worklist; pure, no silo.</summary>
public sealed class PatientProjectionsTests
{
    [Fact]
    public void Enrolment_indexes_the_patient_for_the_home_clinic() => Expect(
        [Enrolled],
        [
            "PatientIndexed(HomeClinic=\"clinics/north\", RecordNumber=\"R-1\", GivenName=\"Anna\", FamilyName=\"Muster\", BirthDate=1980-05-17)",
            "SitesSet(Sites=[\"clinics/north\"], ForEmergency=[])",
            "FeedReference(Site=\"clinics/north\", Kind=AccessGranted, PlanChanged=False)",
        ]);

    [Fact]
    public void A_plan_is_told_as_a_change_of_the_plan() => Expect(
        [Planned], ["FeedReference(Site=\"clinics/north\", Kind=Changed, PlanChanged=True)"], Enrolled);

    [Fact]
    public void Sharing_sets_the_sites_and_tells_the_new_one() => Expect(
        [Shared("south", "west")],
        [
            "SitesSet(Sites=[\"clinics/north\", \"clinics/south\", \"clinics/west\"], ForEmergency=[])",
            "FeedReference(Site=\"clinics/north\", Kind=Changed, PlanChanged=False)",
            "FeedReference(Site=\"clinics/south\", Kind=Changed, PlanChanged=False)",
            "FeedReference(Site=\"clinics/west\", Kind=AccessGranted, PlanChanged=False)",
        ],
        Enrolled,
        Shared("south"));

    [Fact]
    public void Revoking_sets_the_sites_and_tells_who_lost_access() => Expect(
        [Shared()],
        [
            "SitesSet(Sites=[\"clinics/north\"], ForEmergency=[])",
            "FeedReference(Site=\"clinics/north\", Kind=Changed, PlanChanged=False)",
            "FeedReference(Site=\"clinics/south\", Kind=AccessRevoked, PlanChanged=False)",
        ],
        Enrolled,
        Shared("south"));

    [Fact]
    public void An_emergency_lists_the_site_until_its_end_and_asks_the_home_clinic_to_review_it() => Expect(
        [Opened("south")],
        [
            "SitesSet(Sites=[\"clinics/north\", \"clinics/south\"], ForEmergency=[\"clinics/south\"])",
            "DueSet(Kind=\"emergency:1:south\", At=2025-01-06T13:00:00Z)",
            "FollowUpSet(Clinic=\"clinics/north\", Milestone=\"emergency:1:south\", OpensAt=2025-01-06T09:00:00Z, ClosesAt=2025-01-13T09:00:00Z, EndsAt=null)",
            .. NorthChanged,
            "FeedReference(Site=\"clinics/south\", Kind=AccessGranted, PlanChanged=False)",
        ],
        Enrolled);

    [Fact]
    public void The_end_of_an_emergency_takes_the_site_away_and_leaves_the_review() => Expect(
        [new EmergencyAccessEnded(1)],
        [
            "SitesSet(Sites=[\"clinics/north\"], ForEmergency=[])",
            "DueDone(Kind=\"emergency:1:south\")",
            .. NorthChanged,
            "FeedReference(Site=\"clinics/south\", Kind=AccessRevoked, PlanChanged=False)",
        ],
        Enrolled,
        Opened("south"));

    [Fact]
    public void The_end_of_an_emergency_leaves_a_site_that_the_patient_named_meanwhile() => Expect(
        [new EmergencyAccessEnded(1)],
        [
            "SitesSet(Sites=[\"clinics/north\", \"clinics/south\"], ForEmergency=[])",
            "DueDone(Kind=\"emergency:1:south\")",
            .. NorthChanged,
            "FeedReference(Site=\"clinics/south\", Kind=Changed, PlanChanged=False)",
        ],
        Enrolled,
        Opened("south"),
        Shared("south"));

    [Fact]
    public void The_end_of_an_emergency_is_told_to_a_site_that_sees_sections_again()
    {
        SharingSet sections = new([new(new("south"), SiteAccess.BySection) { Read = PlanSections.Scales }], Commands.OnDay(0));
        foreach (var (last, earlier) in ((IEvent, IEvent[])[])[(Opened("south"), [Enrolled, sections]), (new EmergencyAccessEnded(1), [Enrolled, sections, Opened("south")])])
        {
            Assert.Contains("FeedReference(Site=\"clinics/south\", Kind=AccessGranted, PlanChanged=False)", Projected([last], earlier));
        }
    }

    [Fact]
    public void A_death_and_that_it_was_none_are_told_to_whoever_sees_any_section()
    {
        SharingSet sections = new([new(new("south"), SiteAccess.BySection) { Read = PlanSections.Scales }], Commands.OnDay(0));
        DeathRecorded died = new(new(DeathCause.Unknown, DeathSource.Family, "", Commands.OnDay(2)));
        FactEnteredInError error = new(new(FactKind.Death, "", 0), "of another patient", "north-1", Commands.OnDay(3), null);
        foreach (var (last, earlier) in ((IEvent, IEvent[])[])[(died, [Enrolled, sections]), (error, [Enrolled, sections, died])])
        {
            Assert.Contains("FeedReference(Site=\"clinics/south\", Kind=Changed, PlanChanged=False)", Projected([last], earlier));
        }
    }

    [Fact]
    public void A_review_is_dealt_with() => Expect(
        [new EmergencyAccessReviewed(1, "justified", Commands.OnDay(1))],
        ["FollowUpDone(Milestone=\"emergency:1:south\")", .. NorthChanged],
        Enrolled,
        Opened("south"),
        new EmergencyAccessEnded(1));

    [Fact]
    public void Consent_is_a_set_of_bits() => Expect(
        [Consented(RecipientClass.ResearchRegistry, RecipientClass.Industry)], ["ConsentSet(Recipients=25, Until=9999-12-31T23:59:59.9999999Z)", .. NorthChanged], Enrolled);

    [Fact]
    public void Purposes_and_the_end_of_the_period_are_told_and_the_end_is_due() => Expect(
        [Consented(RecipientClass.Industry) with { Purposes = [ResearchPurpose.QualityImprovement, ResearchPurpose.SafetyMonitoring], Until = Commands.OnDay(9) }],
        ["ConsentSet(Recipients=104, Until=2025-01-15T09:00:00Z)", "DueSet(Kind=\"consent-end\", At=2025-01-15T09:00:00Z)", .. NorthChanged],
        Enrolled);

    [Fact]
    public void The_end_of_the_period_is_done_with_and_permits_nobody() => Expect(
        [new ResearchConsentSet([], Commands.OnDay(9))],
        ["ConsentSet(Recipients=0, Until=9999-12-31T23:59:59.9999999Z)", "DueDone(Kind=\"consent-end\")", .. NorthChanged],
        Enrolled,
        Consented(RecipientClass.Industry) with { Until = Commands.OnDay(9) });

    /// <summary>Cells formed since then have lost the person for good, though consent was given again.</summary>
    [Fact]
    public void A_withdrawal_recorded_late_takes_away_first_and_gives_again_what_was_given_since() => Expect(
        [Consented() with { OccurredAt = Commands.OnDay(3) }],
        ["ConsentSet(Recipients=0, Until=9999-12-31T23:59:59.9999999Z)", "ConsentSet(Recipients=24, Until=9999-12-31T23:59:59.9999999Z)", .. NorthChanged],
        Enrolled,
        Consented(RecipientClass.Industry),
        Consented(RecipientClass.Industry) with { OccurredAt = Commands.OnDay(5) });

    [Fact]
    public void A_grant_recorded_after_a_later_withdrawal_permits_nobody() => Expect(
        [Consented(RecipientClass.Industry)],
        ["ConsentSet(Recipients=0, Until=9999-12-31T23:59:59.9999999Z)", .. NorthChanged],
        Enrolled,
        Consented() with { OccurredAt = Commands.OnDay(3) });

    [Fact]
    public void A_closing_with_consent_enters_the_pool_with_its_outcome() => Expect(
        [Closed(Milestone.EndOfInduction, 9)],
        [
            "DueDone(Kind=\"milestone:EndOfInduction\")",
            "FollowUpDone(Milestone=\"EndOfInduction\")",
            "PoolEntered(Quarter=\"2025-Q1\", QuasiIdentifiers=[\"female\", \"40-44\", \"ketamine-iv\", \"SEVERE\"])",
            "OutcomeReady(Milestone=\"END_OF_INDUCTION\", Values=[\"MEASURED\", \"\", \"yes\", \"no\", \"no\", \"MILD\", \"4-8\", \"NONE\", \"1\", \"ketamine-iv\", \"0\", \"9\"])",
            .. NorthChanged,
        ],
        [.. Treated, Consented(RecipientClass.ResearchRegistry)]);

    [Fact]
    public void A_closing_without_consent_enters_no_pool() => Expect(
        [Closed(Milestone.EndOfInduction, 9)],
        ["DueDone(Kind=\"milestone:EndOfInduction\")", "FollowUpDone(Milestone=\"EndOfInduction\")", .. NorthChanged],
        Treated);

    [Fact]
    public void Every_protocol_has_a_leaf_of_its_own() => Assert.Contains(
        "PoolEntered(Quarter=\"2025-Q1\", QuasiIdentifiers=[\"female\", \"40-44\", \"ketamine-im\", \"SEVERE\"])",
        Projected(
            [Closed(Milestone.EndOfInduction, 9)],
            [.. Treated.Select(e => e is PlanCreated created ? new PlanCreated(created.Plan with { Protocol = ProtocolCatalogue.KetamineIm.Id }) : e), Consented(RecipientClass.ResearchRegistry)]));

    [Fact]
    public void Consent_after_closings_enters_the_pool_with_every_outcome_so_far() => Expect(
        [Consented(RecipientClass.PublicHealth)],
        [
            "ConsentSet(Recipients=20, Until=9999-12-31T23:59:59.9999999Z)",
            "PoolEntered(Quarter=\"2025-Q1\", QuasiIdentifiers=[\"female\", \"40-44\", \"ketamine-iv\", \"SEVERE\"])",
            "OutcomeReady(Milestone=\"END_OF_INDUCTION\", Values=[\"MEASURED\", \"\", \"yes\", \"no\", \"no\", \"MILD\", \"4-8\", \"NONE\", \"1\", \"ketamine-iv\", \"0\", \"9\"])",
            "OutcomeReady(Milestone=\"WEEK_4\", Values=[\"MISSING\", \"NOT_ATTENDED\", \"\", \"\", \"\", \"\", \"4-8\", \"NONE\", \"1\", \"ketamine-iv\", \"0\", \"\"])",
            .. NorthChanged,
        ],
        [.. Treated, Closed(Milestone.EndOfInduction, 9), Closed(Milestone.Week4, null)]);

    [Fact]
    public void A_later_closing_adds_its_outcome_only() => Expect(
        [Closed(Milestone.Week4, 27)],
        [
            "DueDone(Kind=\"milestone:Week4\")",
            "FollowUpDone(Milestone=\"Week4\")",
            "OutcomeReady(Milestone=\"WEEK_4\", Values=[\"MEASURED\", \"\", \"no\", \"no\", \"yes\", \"SEVERE\", \"4-8\", \"NONE\", \"1\", \"ketamine-iv\", \"0\", \"27\"])",
            .. NorthChanged,
        ],
        [.. Treated, Consented(RecipientClass.Industry), Closed(Milestone.EndOfInduction, 9)]);

    [Fact]
    public void A_withdrawal_sets_consent_to_nobody_and_writes_no_outcome() => Expect(
        [Consented()],
        ["ConsentSet(Recipients=0, Until=9999-12-31T23:59:59.9999999Z)", .. NorthChanged],
        [.. Treated, Consented(RecipientClass.Industry), Closed(Milestone.EndOfInduction, 9)]);

    [Fact]
    public void Consent_given_again_after_a_withdrawal_does_not_enter_the_pool_twice() => Expect(
        [Consented(RecipientClass.Industry) with { OccurredAt = Commands.OnDay(1) }],
        ["ConsentSet(Recipients=24, Until=9999-12-31T23:59:59.9999999Z)", .. NorthChanged],
        [.. Treated, Consented(RecipientClass.Industry), Closed(Milestone.EndOfInduction, 9), Consented()]);

    [Fact]
    public void What_waits_for_release_carries_the_corrected_values()
    {
        var earlier = (IEvent[])[.. Treated, Assessed(26, 9), Consented(RecipientClass.Industry), Closed(Milestone.EndOfInduction, 9)];
        var outcome = (IEvent[])[Wrong("a26"), Assessed(27, 20), new MilestoneRevised(Closed(Milestone.EndOfInduction, 20).Outcome, 1, Commands.OnDay(90))];
        Assert.Equal(
            ["OutcomeRevised(Milestone=\"END_OF_INDUCTION\", Values=[\"MEASURED\", \"\", \"no\", \"no\", \"no\", \"SEVERE\", \"4-8\", \"NONE\", \"1\", \"ketamine-iv\", \"0\", \"20\"])"],
            Projected(outcome, earlier).Where(IsOfRelease));
        Assert.Equal(
            ["PoolEntered(Quarter=\"2025-Q1\", QuasiIdentifiers=[\"female\", \"40-44\", \"ketamine-iv\", \"MODERATE\"])"],
            Projected([Wrong("a-1"), Assessed(-2, 12)], earlier).Where(IsOfRelease));
        Assert.DoesNotContain(Projected([Wrong("a26"), Assessed(26, 9) with { Assessment = new("same") }], earlier), IsOfRelease);
    }

    [Fact]
    public void An_alert_whose_causes_are_gone_leaves_the_worklist_and_one_opened_again_is_in_it()
    {
        var raised = new AlertRaised(1, AlertKind.RiskScreenDue, 1, "assessments/a0", Commands.OnDay(0), Commands.OnDay(0, 600));
        Assert.Equal(
            ["DueDone(Kind=\"alert:1:RiskScreenDue:1\")", "FollowUpDone(Milestone=\"alert:1:RiskScreenDue:1\")"],
            Projected([Wrong("a0"), new AlertCauseWithdrawn(1, "assessments/a0", 1, Commands.OnDay(1))], [Enrolled, Assessed(0, 25), raised]).Where(r => r.Contains("alert", StringComparison.Ordinal)));
        Assert.Equal(
            ["FollowUpSet", "DueSet"],
            Projected([Wrong("a1"), new AlertReopened(1, 1, Commands.OnDay(1), Commands.OnDay(2))], [Enrolled, Assessed(0, 25), raised, Assessed(1, 3), new AlertClosed(1, "assessments/a1", Commands.OnDay(0))])
                .Where(r => r.Contains("alert", StringComparison.Ordinal)).Select(r => r.Split('(')[0]));
    }
}
