using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>A wrong answer and the right one are one row of the journal, with all that follows, whatever is killed.</summary>
public sealed class AmendmentTests : IAsyncLifetime
{
    private NetworkUnderTest _network = null!;

    public async Task InitializeAsync() => _network = await NetworkUnderTest.CreateAsync();

    public async Task DisposeAsync() => await _network.DisposeAsync();

    [Fact]
    public async Task An_amendment_is_one_row_and_its_retry_amends_nothing_twice()
    {
        var patient = await AskedAsync();
        var origin = Origins.Next();
        _network.Journal.FailAfterNext("pt-anna", new OutcomeUnknownException("killed"));
        Assert.Equal("OUTCOME_UNKNOWN", (await patient.AmendFact(Right, origin)).Refusal?.Reason);
        var answer = (await patient.AmendFact(Right, origin)).AcceptedAs(5);
        Assert.Equal((1, "assessments/a9"), (answer.Retraction, answer.ReplacedBy.ToString()));
        var entry = (await patient.ReadHistory(Replies.Confirmed, 4, 10)).State!.Entries.Single();
        Assert.Equal(("AmendFact", 5L), (entry.Command, entry.Version));
        Assert.Equal(["FactEnteredInError", "AssessmentRecorded", "AlertCauseWithdrawn"], entry.Events);
    }

    [Fact]
    public async Task A_refused_correction_leaves_the_wrong_fact_as_it_was()
    {
        var patient = await AskedAsync();
        var refusal = (await patient.AmendFact(Right with { Replacement = new(Scale: Scale("a0", 0)) }, Origins.Next())).Refusal;
        Assert.Equal(("ASSESSMENT_EXISTS", "replacement.assessment_id"), (refusal?.Reason, refusal?.Field));
        Assert.True((await patient.Read(Replies.Confirmed)).State is { Retracted: [], Assessments.Length: 1, Alerts: [{ IsOpen: true }] });
    }

    [Fact]
    public async Task What_was_retracted_is_whole_after_a_restart_and_the_alert_is_out_of_the_worklist()
    {
        var patient = await AskedAsync();
        (await patient.MarkEnteredInError(new(FactName.Of(new Domain.Identity.AssessmentId("a0")), "of another patient"), Origins.Next())).AcceptedAs(5);
        await _network.ReopenAsync();
        await _network.AddClusterAsync();
        var state = (await _network.Cluster.Patient("anna").Read(Replies.Confirmed)).State!;
        Assert.True(state is { Assessments: [], Retracted: [{ Assessment.Total: 1, Reason: "of another patient" }], Alerts: [{ IsOpen: false, Withdrawn: [{ Cause: "assessments/a0", Retraction: 1 }] }] });
        Assert.Empty((await _network.Cluster.Clinic("north").ReadWorklist(null, 10)).State!.Items);
    }

    [Fact]
    public async Task A_milestone_that_was_closed_is_revised_in_the_row_of_the_amendment()
    {
        var patient = await _network.Cluster.PlannedAsync("anna");
        await patient.RecordAssessment(new(new("a0"), Commands.Items(20), Commands.OnDay(0, -60)), Origins.Next());
        await patient.TreatAsync(0, 3, 7, 10);
        await patient.RecordAssessment(new(new("a1"), Commands.Items(8), Commands.OnDay(30)), Origins.Next());
        await _network.Cluster.Stepper.AdvanceAsync(CloseMilestone.DueAt((await patient.Read(Replies.Confirmed)).State!, Milestone.EndOfInduction), default);
        var closed = (await patient.Read(Replies.Confirmed)).State!;
        Assert.True(closed.Outcomes.Single() is { Phq9: 8, Response: true });

        var answer = (await patient.AmendFact(new(FactName.Of(new Domain.Identity.AssessmentId("a1")), "copied wrongly", new(Scale: Scale("a9", 30))), Origins.Next())).Answer!;

        Assert.Equal(Milestone.EndOfInduction, Assert.Single(answer.Revised));
        var revised = (await patient.Read(Replies.Confirmed)).State!;
        Assert.True(revised is { Outcomes: [{ Phq9: 0 }], RevisedOutcomes: [{ Was.Phq9: 8, Retraction: 1 }] });
    }

    private static AmendFact Right => new(FactName.Of(new Domain.Identity.AssessmentId("a0")), "copied wrongly", new(Scale: Scale("a9", 0)));

    private static RecordScale Scale(string id, int day) => new(new(id), ScaleKind.Phq9, [.. Phq9.Scale.Items.Take(9).Select(i => new ItemAnswer(i.Key, 0))], Commands.OnDay(day));

    /// <summary>Item 9 is 1: an alert is open.</summary>
    private async Task<Grains.Patients.IPatientGrain> AskedAsync()
    {
        var patient = await _network.Cluster.PlannedAsync("anna");
        (await patient.RecordAssessment(new(new("a0"), [0, 0, 0, 0, 0, 0, 0, 0, 1], Commands.OnDay(0)), Origins.Next())).AcceptedAs(4);
        return patient;
    }
}
