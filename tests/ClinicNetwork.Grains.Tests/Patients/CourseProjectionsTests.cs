using System.Collections.Immutable;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>The rows that later courses, death, loss and contact write; pure, no silo. Those of the calendar and of sessions in progress are WorklistRowsTests'.</summary>
public sealed class CourseProjectionsTests
{
    private const string NorthChanged = "FeedReference(Site=\"clinics/north\", Kind=Changed, PlanChanged=False)";

    private static readonly string[] Milestones = ["EndOfInduction", "Week4", "Week8", "Week12", "Week26", "Week52", "Year2", "Year3", "Year4", "Year5"];

    private static readonly PlanCreated Planned =
        new(new(ProtocolCatalogue.KetamineIvInduction.Id, 1, Setting.Clinic, 0.5, null, 6, [new("sleep", null, null)], 1, 2, ""));

    /// <summary>One dose on day 0, and consent.</summary>
    private static IEvent[] Treated =>
    [
        new PatientEnrolled(new("anna"), Commands.North, "Europe/Berlin", "Anna", "Muster", new(1980, 5, 17), Sex.Female, "R-1", Commands.OnDay(-7)),
        Planned, new ResearchConsentSet([RecipientClass.ResearchRegistry], Commands.OnDay(-3)), Assessed(-1, 24), .. Dose(0),
    ];

    /// <summary>And another on day 100, in a second course.</summary>
    private static IEvent[] Twice => [.. Treated, new TreatmentEnded("well", Commands.OnDay(50)), new CourseBegan(2, Commands.OnDay(99)), Planned, .. Dose(100)];

    private static CourseBegan Began => new(2, Commands.OnDay(99));

    [Fact]
    public void Another_course_takes_the_visits_of_the_one_before_from_the_worklist_and_leaves_its_closings() => Expect(
        [Began, Planned],
        [.. Milestones.Select(Done), "FeedReference(Site=\"clinics/north\", Kind=Changed, PlanChanged=True)"],
        [.. Treated, new TreatmentEnded("well", Commands.OnDay(50))]);

    [Fact]
    public void Its_first_dose_sets_closings_and_visits_under_names_of_their_own()
    {
        var rows = Rows([Dose(100)[1]], [.. Treated, new TreatmentEnded("well", Commands.OnDay(50)), Began, Planned, Dose(100)[0]]);
        Assert.Equal([.. Milestones.Select(m => $"milestone:{m}:2")], Named(rows, "DueSet(Kind=\""));
        Assert.Equal([.. Milestones.Select(m => $"{m}:2")], Named(rows, "FollowUpSet(Clinic=\"clinics/north\", Milestone=\""));
        Assert.DoesNotContain(rows, r => r.Contains("\"milestone:EndOfInduction\"", StringComparison.Ordinal) || r.Contains("\"EndOfInduction\"", StringComparison.Ordinal));
    }

    [Fact]
    public void An_answer_does_the_visit_of_the_present_course() =>
        Expect([Assessed(120, 9)], ["FollowUpDone(Milestone=\"EndOfInduction:2\")", NorthChanged], Twice);

    /// <summary>A person is in one cell for ever, by the first course; a later one has rows to close, and none for the pool.</summary>
    [Fact]
    public void A_later_courses_outcomes_never_go_into_the_pool_and_the_first_ones_do_whenever_they_close()
    {
        Expect(
            [new CourseMilestoneClosed(2, Outcome(Milestone.EndOfInduction, 4))],
            ["DueDone(Kind=\"milestone:EndOfInduction:2\")", "FollowUpDone(Milestone=\"EndOfInduction:2\")", NorthChanged],
            Twice);
        var first = new MilestoneClosed(Outcome(Milestone.EndOfInduction, 9));
        Expect(
            [first],
            [
                "DueDone(Kind=\"milestone:EndOfInduction\")",
                "FollowUpDone(Milestone=\"EndOfInduction\")",
                "PoolEntered(Quarter=\"2025-Q1\", QuasiIdentifiers=[\"female\", \"40-44\", \"ketamine-iv\", \"SEVERE\"])",
                "OutcomeReady(Milestone=\"END_OF_INDUCTION\", Values=[\"MEASURED\", \"\", \"yes\", \"no\", \"no\", \"MILD\", \"1-3\", \"NONE\", \"1\", \"none\", \"0\", \"9\"])",
                NorthChanged,
            ],
            Twice);
        Expect(
            [new CourseMilestoneClosed(2, Outcome(Milestone.Week4, 4))],
            ["DueDone(Kind=\"milestone:Week4:2\")", "FollowUpDone(Milestone=\"Week4:2\")", NorthChanged],
            [.. Twice, first]);
    }

    [Fact]
    public void A_late_dose_of_an_earlier_course_moves_its_closings_and_asks_nobody() => Expect(
        [Dose(-3)[1]],
        [
            .. Milestones.Zip(["2025-03-03T23:00:00Z", "2025-03-29T23:00:00Z", "2025-04-26T22:00:00Z", "2025-05-24T22:00:00Z", "2025-09-06T22:00:00Z", "2026-03-07T23:00:00Z",
                "2027-03-20T23:00:00Z", "2028-03-18T23:00:00Z", "2029-03-17T23:00:00Z", "2030-03-16T23:00:00Z"])
                .SelectMany(m => (string[])[$"DueDone(Kind=\"milestone:{m.First}\")", $"DueSet(Kind=\"milestone:{m.First}\", At={m.Second})"]),
            NorthChanged,
        ],
        [.. Treated, Dose(-3)[0], .. Twice[Treated.Length..]]);

    /// <summary>Of who was treated before there were milestones after week 52, their rows are set when it closes, or by the due loop if it had.</summary>
    [Fact]
    public void Yearly_milestones_are_set_when_week_52_closes_or_by_the_due_loop_once()
    {
        var closed = new MilestoneClosed(Outcome(Milestone.Week52, 9));
        string[] years = ["Year2", "Year3", "Year4", "Year5"];
        var rows = Rows([closed], Treated);
        Assert.Equal(years.Select(y => "milestone:" + y), Named(rows, "DueSet(Kind=\""));
        Assert.Equal(years, Named(rows, "FollowUpSet(Clinic=\"clinics/north\", Milestone=\""));
        Assert.Equal(["DueDone(Kind=\"yearly-milestones\")", .. rows.Where(r => r.StartsWith("DueSet", StringComparison.Ordinal) || r.StartsWith("FollowUpSet", StringComparison.Ordinal)), NorthChanged], Rows([new YearlyMilestonesAdded()], [.. Treated, closed]));
        Assert.Equal(["DueDone(Kind=\"yearly-milestones\")", NorthChanged], Rows([new YearlyMilestonesAdded()], Treated));
        Assert.DoesNotContain(Rows([new YearlyMilestonesAdded()], [.. Twice, closed]), r => r.StartsWith("FollowUpSet", StringComparison.Ordinal));
    }

    [Fact]
    public void A_death_takes_the_visits_and_the_alerts_away_and_leaves_the_closings() => Expect(
        [new DeathRecorded(new(DeathCause.Unknown, DeathSource.Family, "", Commands.OnDay(40))), new AlertClosed(1, Death.Name, Commands.OnDay(41))],
        [
            "DueDone(Kind=\"alert:1:RiskScreenDue:1\")", "FollowUpDone(Milestone=\"alert:1:RiskScreenDue:1\")",
            .. Milestones.Select(Done),
            NorthChanged,
        ],
        [.. Treated, new AlertRaised(1, Domain.Alerts.AlertKind.RiskScreenDue, 1, "assessments/a-1", Commands.OnDay(0), Commands.OnDay(1))]);

    [Fact]
    public void A_loss_takes_the_visits_away_and_a_contact_brings_back_those_that_nobody_dealt_with()
    {
        var lost = new LossDeclared(new(1, 1, "", Commands.OnDay(40)));
        var found = new ContactRecorded(new(1, ContactWay.Phone, ContactResult.Reached, "", Commands.OnDay(45)));
        IEvent[] dealtWith = [.. Treated, Assessed(20, 9), new VisitMissed(Milestone.Week8, MissingReason.Declined, Commands.OnDay(39))];
        Expect([lost], [.. Milestones.Select(Done), NorthChanged], dealtWith);
        var back = Rows([found], [.. dealtWith, lost]);
        Assert.Equal(["Week4", "Week12", "Week26", "Week52", "Year2", "Year3", "Year4", "Year5"], Named(back, "FollowUpSet(Clinic=\"clinics/north\", Milestone=\""));
        Expect([found], [NorthChanged], dealtWith);
    }

    private static IEvent[] Dose(int day) =>
        [new SessionStarted(new("s" + day), Commands.North, new(120, 80), 80, 40, "", Commands.OnDay(day)), new DoseGiven(new("s" + day), 40, 40, false, Commands.OnDay(day, 5))];

    private static AssessmentRecorded Assessed(int day, int total)
    {
        ImmutableArray<int> items = Commands.Items(total);
        return new(new("a" + day), items, total, Phq9.Severity(total), Commands.OnDay(day));
    }

    private static MilestoneOutcome Outcome(Milestone milestone, int score) => new(milestone, null, 24, score, true, score < 5, false, []);

    private static string Done(string milestone) => $"FollowUpDone(Milestone=\"{milestone}\")";

    private static string[] Named(IEnumerable<string> rows, string begin) =>
        [.. rows.Where(r => r.StartsWith(begin, StringComparison.Ordinal)).Select(r => r[begin.Length..].Split('"')[0])];

    private static string[] Rows(IReadOnlyList<IEvent> events, IReadOnlyList<IEvent> earlier)
    {
        var before = earlier.Aggregate(PatientState.Empty, PatientState.Evolve);
        return [.. PatientProjections.Of(before, events.Aggregate(before, PatientState.Evolve), events).Select(Structure.Describe).Where(r => !r.Contains("=\"visit:", StringComparison.Ordinal) && !r.Contains("=\"session:", StringComparison.Ordinal))];
    }

    private static void Expect(IReadOnlyList<IEvent> events, IReadOnlyList<string> expected, IReadOnlyList<IEvent> earlier) => Assert.Equal(expected, Rows(events, earlier));
}
