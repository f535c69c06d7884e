using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>The rows that come back, or go, when a death, a loss, a contact or a form that was sent was entered in error; pure, no silo.</summary>
public sealed class RetractionRowsTests
{
    private const string OpenRow = "FollowUpSet(Clinic=\"clinics/north\", Milestone=\"";
    private const string DoneRow = "FollowUpDone(Milestone=\"";

    private static readonly string[] Milestones = ["EndOfInduction", "Week4", "Week8", "Week12", "Week26", "Week52"];

    /// <summary>A PHQ-9 with item 9, and a dose of esketamine on day 0 whose form is to be sent.</summary>
    private static IEvent[] Treated =>
    [
        new PatientEnrolled(new("anna"), Commands.North, "Europe/Berlin", "Anna", "Muster", new(1980, 5, 17), Sex.Female, "R-1", Commands.OnDay(-7)),
        new PlanCreated(new(ProtocolCatalogue.EsketamineNasalInduction.Id, 1, Setting.CertifiedClinic, null, 56, 6, [new("sleep", null, null)], 1, 2, "")),
        new AssessmentRecorded(new("a-1"), [0, 0, 0, 0, 0, 0, 0, 0, 1], 1, Phq9.Severity(1), Commands.OnDay(-1)),
        new AlertRaised(1, AlertKind.RiskScreenDue, 1, "assessments/a-1", Commands.OnDay(-1), Commands.OnDay(0), false),
        new SessionStarted(new("s-1"), Commands.North, new(120, 80), 80, 56, "", Commands.OnDay(0)),
        new DoseGiven(new("s-1"), 56, 5, false, Commands.OnDay(0, 5)),
    ];

    private static IEvent[] Died => [new DeathRecorded(new(DeathCause.Unknown, DeathSource.Family, "", Commands.OnDay(2))), new AlertClosed(1, Death.Name, Commands.OnDay(3))];

    [Fact]
    public void A_death_that_was_none_brings_alerts_visits_and_calendar_back()
    {
        var alive = Fold(Treated);
        var dead = Rows(Died, Treated);
        Assert.Contains("FollowUpDone(Milestone=\"alert:1:RiskScreenDue:1\")", dead);
        Assert.Contains("FollowUpDone(Milestone=\"Week4\")", dead);

        var back = Marked("death", [.. Treated, .. Died]);

        var visits = Open(back);
        Assert.Equal(Milestones, Milestones.Where(visits.Contains));
        Assert.Contains("alert:1:RiskScreenDue:1", visits);
        Assert.Contains("alert:1:RiskScreenDue:1", Kinds(back, "DueSet(Kind=\""));
        var calendar = WorklistRows.Of(alive, ["clinics/north"]).Keys;
        Assert.NotEmpty(calendar);
        Assert.All(calendar.Where(k => k.StartsWith("visit:", StringComparison.Ordinal)), k => Assert.Contains(k, visits));
        Assert.DoesNotContain(Milestones, Done(back).Contains);
    }

    [Fact]
    public void Of_a_dead_patient_another_wrong_fact_brings_no_visit_back() =>
        Assert.DoesNotContain(Open(Marked("assessments/a-1", [.. Treated, .. Died])), Milestones.Contains);

    [Fact]
    public void A_loss_that_was_none_brings_visits_back_and_a_contact_that_was_none_takes_them()
    {
        IEvent[] lost = [.. Treated, new LossDeclared(new(1, 1, "", Commands.OnDay(40)))];
        Assert.Contains("Week26", Open(Marked("losses/1", lost)));
        IEvent[] found = [.. lost, new ContactRecorded(new(1, ContactWay.Phone, ContactResult.Reached, "", Commands.OnDay(50)))];
        var rows = Marked("contacts/1", found);
        Assert.Contains("Week26", Done(rows));
        Assert.DoesNotContain("Week26", Open(rows));
    }

    [Fact]
    public void A_form_is_to_be_sent_again_when_none_was_and_no_more_when_there_was_no_dose()
    {
        const string Row = "rems:s-1:north";
        var submitted = new RemsSubmitted(new(1, new("s-1"), "", Commands.OnDay(1), "nurse-1"));
        var again = new RemsSubmitted(new(2, new("s-1"), "", Commands.OnDay(2), "nurse-1"));
        Assert.Contains(Row, Done(Rows([submitted], Treated)));
        Assert.Contains(Row, Open(Marked("rems-submissions/1", [.. Treated, submitted])));
        Assert.Contains(Row, Done(Marked("rems-submissions/1", [.. Treated, submitted, again])));
        foreach (var fact in (string[])["sessions/s-1", "sessions/s-1/dose"])
        {
            Assert.Contains(Row, Done(Marked(fact, Treated)));
            Assert.DoesNotContain(Row, Open(Marked(fact, Treated)));
        }
    }

    /// <summary>Of an amended dose the form is sent already.</summary>
    [Fact]
    public void A_form_that_was_sent_is_not_asked_for_again_by_a_corrected_dose()
    {
        IEvent[] before = [.. Treated, new RemsSubmitted(new(1, new("s-1"), "", Commands.OnDay(1), "nurse-1"))];
        var dose = new FactName(FactKind.Dose, "s-1", 0);
        var rows = Rows([new FactEnteredInError(dose, "a slip", "home-1", Commands.OnDay(5), dose), new DoseGiven(new("s-1"), 84, 5, false, Commands.OnDay(0, 6))], before);
        Assert.Equal("FollowUpDone(Milestone=\"rems:s-1:north\")", rows.Last(r => r.Contains("rems:s-1", StringComparison.Ordinal)));
    }

    /// <summary>As a grain commits it, with what follows for alerts.</summary>
    private static string[] Marked(string fact, IReadOnlyList<IEvent> earlier)
    {
        Assert.True(FactName.TryParse(fact, out var name));
        var (before, now) = (Fold(earlier), Commands.OnDay(60));
        IEvent[] events = [new FactEnteredInError(name, "of another patient", "home-1", now, null)];
        return Rows([.. events, .. EarlyWarning.Of(before, events, now)], earlier);
    }

    private static PatientState Fold(IEnumerable<IEvent> events) => events.Aggregate(PatientState.Empty, PatientState.Evolve);

    private static string[] Rows(IReadOnlyList<IEvent> events, IReadOnlyList<IEvent> earlier)
    {
        var before = Fold(earlier);
        return [.. PatientProjections.Of(before, events.Aggregate(before, PatientState.Evolve), events).Select(Structure.Describe)];
    }

    /// <summary>Of several rows of one name the last counts.</summary>
    private static string[] Open(IReadOnlyList<string> rows) => [.. Kinds(rows, OpenRow).Except(Done(rows))];

    private static string[] Done(IReadOnlyList<string> rows)
    {
        string Last(string name) => rows.Last(r => r.StartsWith(OpenRow + name + '"', StringComparison.Ordinal) || r.StartsWith(DoneRow + name + '"', StringComparison.Ordinal));
        return [.. Kinds(rows, DoneRow).Where(name => Last(name).StartsWith(DoneRow, StringComparison.Ordinal))];
    }

    private static string[] Kinds(IEnumerable<string> rows, string begin) =>
        [.. rows.Where(r => r.StartsWith(begin, StringComparison.Ordinal)).Select(r => r[begin.Length..].Split('"')[0])];
}
