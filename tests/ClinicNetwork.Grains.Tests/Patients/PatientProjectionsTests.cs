using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>The rows each command writes beside itself, as whole lists but those of <see cref="WorklistRows"/>; pure, no silo. The clinic is in Berlin: midnight is 23:00Z, in summer 22:00Z.</summary>
public sealed class PatientProjectionsTests
{
    private static readonly PatientEnrolled Enrolled =
        new(new("anna"), Commands.North, "Europe/Berlin", "Anna", "Muster", new(1980, 5, 17), Sex.Female, "R-1", Commands.OnDay(-7));

    private static readonly PlanCreated Planned =
        new(new(ProtocolCatalogue.KetamineIvInduction.Id, 1, Setting.Clinic, 0.5, null, 6, [new("sleep", null, null)], 1, 2, ""));

    private static readonly string[] NorthChanged = ["FeedReference(Site=\"clinics/north\", Kind=Changed, PlanChanged=False)"];

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
    public void A_review_is_dealt_with() => Expect(
        [new EmergencyAccessReviewed(1, "justified", Commands.OnDay(1))],
        ["FollowUpDone(Milestone=\"emergency:1:south\")", .. NorthChanged],
        Enrolled,
        Opened("south"),
        new EmergencyAccessEnded(1));

    [Fact]
    public void A_first_dose_sets_every_closing_and_every_window() => Expect(
        [Dosed(0)],
        [
            .. Closing("EndOfInduction", "2025-03-06T23:00:00Z"),
            Window("EndOfInduction", "2025-01-19T23:00:00Z", "2025-02-06T23:00:00Z"),
            .. Closing("Week4", "2025-04-01T22:00:00Z"),
            Window("Week4", "2025-02-17T23:00:00Z", "2025-03-04T23:00:00Z"),
            .. Closing("Week8", "2025-04-29T22:00:00Z"),
            Window("Week8", "2025-03-17T23:00:00Z", "2025-04-01T22:00:00Z"),
            .. Closing("Week12", "2025-05-27T22:00:00Z"),
            Window("Week12", "2025-04-14T22:00:00Z", "2025-04-29T22:00:00Z"),
            .. Closing("Week26", "2025-09-09T22:00:00Z"),
            Window("Week26", "2025-07-14T22:00:00Z", "2025-08-12T22:00:00Z"),
            .. Closing("Week52", "2026-03-10T23:00:00Z"),
            Window("Week52", "2026-01-12T23:00:00Z", "2026-02-10T23:00:00Z"),
            .. NorthChanged,
        ],
        Enrolled,
        Planned,
        Started(0));

    [Fact]
    public void A_second_dose_moves_the_windows_and_leaves_the_closings() => Expect(
        [Dosed(3)],
        [
            Window("EndOfInduction", "2025-01-22T23:00:00Z", "2025-02-09T23:00:00Z"),
            Window("Week4", "2025-02-20T23:00:00Z", "2025-03-07T23:00:00Z"),
            Window("Week8", "2025-03-20T23:00:00Z", "2025-04-04T22:00:00Z"),
            Window("Week12", "2025-04-17T22:00:00Z", "2025-05-02T22:00:00Z"),
            Window("Week26", "2025-07-17T22:00:00Z", "2025-08-15T22:00:00Z"),
            Window("Week52", "2026-01-15T23:00:00Z", "2026-02-13T23:00:00Z"),
            .. NorthChanged,
        ],
        Enrolled,
        Planned,
        Started(0),
        Dosed(0),
        Started(3));

    [Fact]
    public void An_earlier_dose_recorded_late_moves_the_closings_and_leaves_the_windows() => Expect(
        [Dosed(-3)],
        [
            .. Closing("EndOfInduction", "2025-03-03T23:00:00Z"),
            .. Closing("Week4", "2025-03-29T23:00:00Z"),
            .. Closing("Week8", "2025-04-26T22:00:00Z"),
            .. Closing("Week12", "2025-05-24T22:00:00Z"),
            .. Closing("Week26", "2025-09-06T22:00:00Z"),
            .. Closing("Week52", "2026-03-07T23:00:00Z"),
            .. NorthChanged,
        ],
        Enrolled,
        Planned,
        Started(0),
        Dosed(0),
        Started(-3));

    [Fact]
    public void A_dose_recorded_after_a_milestone_closed_leaves_that_one_alone() => Expect(
        [Dosed(3)],
        [
            Window("Week4", "2025-02-20T23:00:00Z", "2025-03-07T23:00:00Z"),
            Window("Week8", "2025-03-20T23:00:00Z", "2025-04-04T22:00:00Z"),
            Window("Week12", "2025-04-17T22:00:00Z", "2025-05-02T22:00:00Z"),
            Window("Week26", "2025-07-17T22:00:00Z", "2025-08-15T22:00:00Z"),
            Window("Week52", "2026-01-15T23:00:00Z", "2026-02-13T23:00:00Z"),
            .. NorthChanged,
        ],
        Enrolled,
        Planned,
        Started(0),
        Dosed(0),
        Started(3),
        Closed(Milestone.EndOfInduction, null));

    [Fact]
    public void A_dose_beyond_the_planned_number_changes_no_date() => Expect(
        [Dosed(27)],
        NorthChanged,
        [Enrolled, Planned, .. Enumerable.Range(0, 6).SelectMany(i => (IEvent[])[Started(i * 3), Dosed(i * 3)]), Started(27)]);

    [Fact]
    public void Fewer_planned_sessions_move_the_windows_back()
    {
        var fewer = new PlanRevised(Planned.Plan with { InductionSessions = 1, Revision = 2 });
        Expect(
            [fewer],
            [
                Window("EndOfInduction", "2025-01-19T23:00:00Z", "2025-02-06T23:00:00Z"),
                Window("Week4", "2025-02-17T23:00:00Z", "2025-03-04T23:00:00Z"),
                Window("Week8", "2025-03-17T23:00:00Z", "2025-04-01T22:00:00Z"),
                Window("Week12", "2025-04-14T22:00:00Z", "2025-04-29T22:00:00Z"),
                Window("Week26", "2025-07-14T22:00:00Z", "2025-08-12T22:00:00Z"),
                Window("Week52", "2026-01-12T23:00:00Z", "2026-02-10T23:00:00Z"),
                "FeedReference(Site=\"clinics/north\", Kind=Changed, PlanChanged=True)",
            ],
            Enrolled,
            Planned,
            Started(0),
            Dosed(0),
            Started(3),
            Dosed(3));
    }

    [Theory]
    [InlineData(14, "EndOfInduction")]
    [InlineData(31, "EndOfInduction")]
    [InlineData(43, "Week4")]
    [InlineData(57, "Week4")]
    [InlineData(400, "Week52")]
    public void An_answer_in_a_window_does_the_visit(int day, string milestone) => Expect(
        [Assessed(day, 9)], [$"FollowUpDone(Milestone=\"{milestone}\")", .. NorthChanged], Enrolled, Planned, Started(0), Dosed(0));

    [Theory]
    [InlineData(-1)]
    [InlineData(13)]
    [InlineData(32)]
    [InlineData(42)]
    [InlineData(58)]
    [InlineData(401)]
    public void An_answer_outside_the_windows_does_no_visit(int day) => Expect([Assessed(day, 9)], NorthChanged, Enrolled, Planned, Started(0), Dosed(0));

    [Fact]
    public void An_answer_before_any_dose_does_no_visit() => Expect([Assessed(0, 9)], NorthChanged, Enrolled);

    [Fact]
    public void A_missed_visit_is_dealt_with() => Expect(
        [new VisitMissed(Milestone.Week8, MissingReason.Declined, Commands.OnDay(80))],
        ["FollowUpDone(Milestone=\"Week8\")", .. NorthChanged],
        Enrolled);

    /// <summary>Day 20 after the dose of day 0 is day 17 after the dose of day 3: inside the window both before and after it moved.</summary>
    [Fact]
    public void A_visit_stays_done_when_its_answer_is_in_the_window_that_a_late_dose_moved() => Expect(
        [Dosed(3)],
        [
            Window("EndOfInduction", "2025-01-22T23:00:00Z", "2025-02-09T23:00:00Z"),
            "FollowUpDone(Milestone=\"EndOfInduction\")",
            Window("Week4", "2025-02-20T23:00:00Z", "2025-03-07T23:00:00Z"),
            Window("Week8", "2025-03-20T23:00:00Z", "2025-04-04T22:00:00Z"),
            Window("Week12", "2025-04-17T22:00:00Z", "2025-05-02T22:00:00Z"),
            Window("Week26", "2025-07-17T22:00:00Z", "2025-08-15T22:00:00Z"),
            Window("Week52", "2026-01-15T23:00:00Z", "2026-02-13T23:00:00Z"),
            .. NorthChanged,
        ],
        Enrolled,
        Planned,
        Started(0),
        Dosed(0),
        Assessed(20, 9),
        Started(3));

    [Fact]
    public void Consent_is_a_set_of_bits() => Expect(
        [Consented(RecipientClass.ResearchRegistry, RecipientClass.Industry)], ["ConsentSet(Recipients=9)", .. NorthChanged], Enrolled);

    [Fact]
    public void A_closing_with_consent_enters_the_pool_with_its_outcome() => Expect(
        [Closed(Milestone.EndOfInduction, 9)],
        [
            "DueDone(Kind=\"milestone:EndOfInduction\")",
            "FollowUpDone(Milestone=\"EndOfInduction\")",
            "PoolEntered(Quarter=\"2025-Q1\", QuasiIdentifiers=[\"female\", \"40-44\", \"ketamine-iv\", \"SEVERE\"])",
            "OutcomeReady(Milestone=\"END_OF_INDUCTION\", Values=[\"MEASURED\", \"\", \"yes\", \"no\", \"no\", \"MILD\", \"4-8\", \"NONE\"])",
            .. NorthChanged,
        ],
        [.. Treated, Consented(RecipientClass.ResearchRegistry)]);

    [Fact]
    public void A_closing_without_consent_enters_no_pool() => Expect(
        [Closed(Milestone.EndOfInduction, 9)],
        ["DueDone(Kind=\"milestone:EndOfInduction\")", "FollowUpDone(Milestone=\"EndOfInduction\")", .. NorthChanged],
        Treated);

    /// <summary>It would stand among others as what it is not.</summary>
    [Fact]
    public void A_treatment_that_the_grid_has_no_leaf_for_enters_no_pool() => Expect(
        [Closed(Milestone.EndOfInduction, 9)],
        ["DueDone(Kind=\"milestone:EndOfInduction\")", "FollowUpDone(Milestone=\"EndOfInduction\")", .. NorthChanged],
        [.. Treated.Select(e => e is PlanCreated created ? new PlanCreated(created.Plan with { Protocol = ProtocolCatalogue.KetamineIm.Id }) : e), Consented(RecipientClass.ResearchRegistry)]);

    [Fact]
    public void Consent_after_closings_enters_the_pool_with_every_outcome_so_far() => Expect(
        [Consented(RecipientClass.PublicHealth)],
        [
            "ConsentSet(Recipients=4)",
            "PoolEntered(Quarter=\"2025-Q1\", QuasiIdentifiers=[\"female\", \"40-44\", \"ketamine-iv\", \"SEVERE\"])",
            "OutcomeReady(Milestone=\"END_OF_INDUCTION\", Values=[\"MEASURED\", \"\", \"yes\", \"no\", \"no\", \"MILD\", \"4-8\", \"NONE\"])",
            "OutcomeReady(Milestone=\"WEEK_4\", Values=[\"MISSING\", \"NOT_ATTENDED\", \"\", \"\", \"\", \"\", \"4-8\", \"NONE\"])",
            .. NorthChanged,
        ],
        [.. Treated, Closed(Milestone.EndOfInduction, 9), Closed(Milestone.Week4, null)]);

    [Fact]
    public void A_later_closing_adds_its_outcome_only() => Expect(
        [Closed(Milestone.Week4, 27)],
        [
            "DueDone(Kind=\"milestone:Week4\")",
            "FollowUpDone(Milestone=\"Week4\")",
            "OutcomeReady(Milestone=\"WEEK_4\", Values=[\"MEASURED\", \"\", \"no\", \"no\", \"yes\", \"SEVERE\", \"4-8\", \"NONE\"])",
            .. NorthChanged,
        ],
        [.. Treated, Consented(RecipientClass.Industry), Closed(Milestone.EndOfInduction, 9)]);

    [Fact]
    public void A_withdrawal_sets_consent_to_nobody_and_writes_no_outcome() => Expect(
        [Consented()],
        ["ConsentSet(Recipients=0)", .. NorthChanged],
        [.. Treated, Consented(RecipientClass.Industry), Closed(Milestone.EndOfInduction, 9)]);

    [Fact]
    public void Consent_given_again_after_a_withdrawal_does_not_enter_the_pool_twice() => Expect(
        [Consented(RecipientClass.Industry)],
        ["ConsentSet(Recipients=8)", .. NorthChanged],
        [.. Treated, Consented(RecipientClass.Industry), Closed(Milestone.EndOfInduction, 9), Consented()]);

    [Fact]
    public void A_visit_that_a_retracted_answer_had_done_is_open_again()
    {
        var rows = Projected([Wrong("a26")], [.. Treated, Assessed(26, 9)]);
        Assert.Contains(Window("EndOfInduction", "2025-01-29T23:00:00Z", "2025-02-16T23:00:00Z"), rows);
        Assert.DoesNotContain("FollowUpDone(Milestone=\"EndOfInduction\")", rows);
        Assert.DoesNotContain(rows, r => r.StartsWith("Due", StringComparison.Ordinal));
    }

    [Fact]
    public void A_visit_that_another_answer_did_or_that_was_missed_stays_done()
    {
        var rows = Projected([Wrong("a26")], [.. Treated, Assessed(26, 9), Assessed(27, 9), new VisitMissed(Milestone.Week4, MissingReason.Declined, Commands.OnDay(60))]);
        Assert.Equal(["EndOfInduction", "Week4"], rows.Where(r => r.StartsWith("FollowUpDone", StringComparison.Ordinal)).Select(r => r.Split('"')[1]));
    }

    [Fact]
    public void Without_any_dose_nothing_is_due() => Expect(
        [new FactEnteredInError(new(FactKind.Session, "s0", 0), "of another patient", "north-1", Commands.OnDay(1), null)],
        [.. MilestoneSchedule.All.SelectMany(m => (string[])[$"DueDone(Kind=\"milestone:{m}\")", $"FollowUpDone(Milestone=\"{m}\")"]), .. NorthChanged],
        [Enrolled, Planned, Started(0), Dosed(0)]);

    [Fact]
    public void What_waits_for_release_carries_the_corrected_values()
    {
        var earlier = (IEvent[])[.. Treated, Assessed(26, 9), Consented(RecipientClass.Industry), Closed(Milestone.EndOfInduction, 9)];
        var outcome = (IEvent[])[Wrong("a26"), Assessed(27, 20), new MilestoneRevised(Closed(Milestone.EndOfInduction, 20).Outcome, 1, Commands.OnDay(90))];
        Assert.Equal(
            ["OutcomeRevised(Milestone=\"END_OF_INDUCTION\", Values=[\"MEASURED\", \"\", \"no\", \"no\", \"no\", \"SEVERE\", \"4-8\", \"NONE\"])"],
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

    private static FactEnteredInError Wrong(string answer) => new(new(FactKind.Answer, answer, 0), "of another patient", "north-1", Commands.OnDay(90), null);

    private static bool IsOfRelease(string row) => row.StartsWith("Outcome", StringComparison.Ordinal) || row.StartsWith("Pool", StringComparison.Ordinal);

    private static IEvent[] Treated =>
        [Enrolled, Planned, Assessed(-1, 24), .. ((int[])[0, 3, 7, 10]).SelectMany(day => (IEvent[])[Started(day), Dosed(day)])];

    private static SharingSet Shared(params string[] sites) => new([.. sites.Select(s => new SiteGrant(new(s), SiteAccess.Read))], Commands.OnDay(0));

    private static EmergencyAccessGranted Opened(string site) => new(1, new(site), "away-1", "found unconscious", Commands.OnDay(0), Commands.OnDay(0).AddHours(4));

    private static ResearchConsentSet Consented(params RecipientClass[] recipients) => new([.. recipients], Commands.OnDay(0));

    private static SessionStarted Started(int day) => new(new("s" + day), Commands.North, new(120, 80), 80, 40, "", Commands.OnDay(day));

    private static DoseGiven Dosed(int day) => new(new("s" + day), 40, 40, false, Commands.OnDay(day, 5));

    private static AssessmentRecorded Assessed(int day, int total) =>
        new(new("a" + day), Commands.Items(total), total, Phq9.Severity(total), Commands.OnDay(day));

    private static MilestoneClosed Closed(Milestone milestone, int? score) => new(new(
        milestone,
        score is null ? MissingReason.NotAttended : null,
        24,
        score,
        score is <= 12,
        score is < 5,
        score is > 24,
        [.. OutcomeCatalogue.OfMilestones.Select(d => d.Key)]));

    private static string[] Closing(string milestone, string at) => [$"DueDone(Kind=\"milestone:{milestone}\")", $"DueSet(Kind=\"milestone:{milestone}\", At={at})"];

    private static string Window(string milestone, string opens, string closes) =>
        $"FollowUpSet(Clinic=\"clinics/north\", Milestone=\"{milestone}\", OpensAt={opens}, ClosesAt={closes}, EndsAt=null)";

    private static string[] Projected(IReadOnlyList<IEvent> events, IReadOnlyList<IEvent> earlier)
    {
        var before = earlier.Aggregate(PatientState.Empty, PatientState.Evolve);
        return [.. PatientProjections.Of(before, events.Aggregate(before, PatientState.Evolve), events).Select(Structure.Describe)];
    }

    private static void Expect(IReadOnlyList<IEvent> events, IReadOnlyList<string> expected, params IReadOnlyList<IEvent> earlier)
    {
        var before = earlier.Aggregate(PatientState.Empty, PatientState.Evolve);
        var after = events.Aggregate(before, PatientState.Evolve);
        Assert.Equal(expected, PatientProjections.Of(before, after, events).Where(p => !WorklistRowsTests.IsRow(p)).Select(Structure.Describe));
    }
}
