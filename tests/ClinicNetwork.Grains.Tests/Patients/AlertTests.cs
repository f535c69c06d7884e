using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>A screen is due on the day of the clock, 1 March 2025 in Berlin: nothing of its alert is lost or done twice, whatever is killed between the fact and the last escalation.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private static readonly DateTimeOffset DayEnds = new(2025, 3, 1, 23, 0, 0, TimeSpan.Zero);

    private static readonly RecordAssessment Asking = new(new("a0"), [0, 0, 0, 0, 0, 0, 0, 0, 1], Commands.OnDay(0));

    private NetworkUnderTest _network = null!;

    public async Task InitializeAsync() => _network = await NetworkUnderTest.CreateAsync();

    public async Task DisposeAsync() => await _network.DisposeAsync();

    [Fact]
    public async Task It_is_raised_in_the_row_of_its_cause_and_stands_in_the_worklist()
    {
        var patient = await RaisedAsync();
        var entry = (await patient.ReadHistory(Replies.Confirmed, 3, 10)).State!.Entries.Single();
        Assert.Equal(("RecordAssessment", 4L), (entry.Command, entry.Version));
        Assert.Equal(["AssessmentRecorded", "AlertRaised"], entry.Events);
        Assert.Equal([("pt-anna", "alert:1:RiskScreenDue:1", NetworkUnderTest.Start, DayEnds)], await WorklistAsync());
        Assert.Equal((0, 0), await _network.Cluster.Due.RunAsync(DayEnds.AddMilliseconds(-1), TimeSpan.Zero, default));
    }

    [Fact]
    public async Task A_kill_between_the_commit_and_the_answer_loses_neither_fact_nor_alert_and_the_retry_raises_none()
    {
        var patient = await _network.Cluster.PlannedAsync("anna");
        var origin = Origins.Next();
        _network.Journal.FailAfterNext("pt-anna", new OutcomeUnknownException("killed"));
        Assert.Equal("OUTCOME_UNKNOWN", (await patient.RecordAssessment(Asking, origin)).Refusal?.Reason);
        (await patient.RecordAssessment(Asking, origin)).AcceptedAs(4);
        Assert.Equal((AlertKind.RiskScreenDue, DayEnds), (await AlertsAsync(patient)).Select(a => (a.Kind, a.DueAt)).Single());
    }

    [Fact]
    public async Task A_restart_between_fact_and_escalation_loses_nothing_and_it_escalates_once_a_level()
    {
        await RaisedAsync();
        await _network.ReopenAsync();
        await _network.AddClusterAsync();
        var patient = _network.Cluster.Patient("anna");
        Assert.Equal(1, (await AlertsAsync(patient)).Single().Level);
        await _network.Cluster.Stepper.AdvanceAsync(DayEnds, default);
        Assert.Equal((2, DayEnds.AddHours(1)), (await AlertsAsync(patient)).Select(a => (a.Level, a.DueAt)).Single());
        await _network.Cluster.DeactivateAsync(patient);
        await _network.Cluster.Stepper.AdvanceAsync(DayEnds.AddDays(30), default);
        Assert.Equal(3, (await AlertsAsync(patient)).Single().Level);
        Assert.Equal(2, (await patient.CommandsAsync()).Count(c => c == "EscalateAlert"));
        Assert.Equal([("pt-anna", "alert:1:RiskScreenDue:3", DayEnds.AddHours(1), DayEnds.AddHours(25))], await WorklistAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kill_around_the_commit_of_the_escalation_leaves_it_done_once(bool after)
    {
        var patient = await RaisedAsync();
        await _network.Clock.AdvanceAsync(DayEnds, default);
        if (after)
        {
            _network.Journal.FailAfterNext("pt-anna", new OutcomeUnknownException("killed"));
        }
        else
        {
            _network.Journal.FailBeforeNext("pt-anna", new OutcomeUnknownException("killed"));
        }

        Assert.Equal((0, 1), await _network.Cluster.Due.RunAsync(DayEnds, TimeSpan.Zero, default));
        Assert.Equal((after ? 0 : 1, 0), await _network.Cluster.Due.RunAsync(DayEnds, TimeSpan.Zero, default));
        Assert.Equal(2, (await AlertsAsync(patient)).Single().Level);
        Assert.Single(await patient.CommandsAsync(), c => c == "EscalateAlert");

        // Another loop had read the row before.
        var origin = DueRunner.OriginOf(new("pt-anna", "alert:1:RiskScreenDue:1", DayEnds));
        (await patient.EscalateAlert(new(1, 1), origin)).AcceptedAs(5);
        (await patient.EscalateAlert(new(1, 1), Origins.Next())).RefusedAs("ALERT_ESCALATED", RefusalKind.Precondition);
    }

    [Fact]
    public async Task A_screen_of_the_day_closes_it_and_nothing_is_due_any_more()
    {
        var patient = await RaisedAsync();
        var screen = new RecordScale(
            new("c0"), ScaleKind.CssrsScreener, [.. CssrsScreener.Scale.Items.Where(i => i.AskedIf.Length == 0).Select(i => new ItemAnswer(i.Key, 0))], Commands.OnDay(0, 30));
        (await patient.RecordScale(screen, Origins.Next())).AcceptedAs(5);
        Assert.Equal("assessments/c0", (await AlertsAsync(patient)).Single().Answer);
        Assert.Empty(await WorklistAsync());
        await _network.Cluster.Stepper.AdvanceAsync(DayEnds, default);
        Assert.Equal(5, (await patient.StandsAtAsync()).Version);
    }

    [Fact]
    public async Task Its_owner_acknowledges_it_and_who_is_not_does_not()
    {
        await RaisedAsync();
        await _network.ReopenAsync();
        var cluster = await _network.AddClusterAsync(sealsCalls: false);
        var (patient, seal) = (cluster.Patient("anna"), cluster.Services.GetRequiredService<CallerSeal>());
        seal.Enter(CallerSeal.System);
        await cluster.Stepper.AdvanceAsync(DayEnds, default);
        seal.Enter(new("nora", Roles.Nurse, "north"));
        (await patient.AcknowledgeAlert(new(1, "seen"), By("nora"))).RefusedAs("ALERT_NOT_YOURS", RefusalKind.Denied);
        seal.Enter(new("cora", Roles.Coordinator, "north"));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => patient.AcknowledgeAlert(new(1, "seen", "clara", Roles.Clinician), By("cora")));
        seal.Enter(new("clara", Roles.Clinician, "north"));
        var origin = By("clara");
        (await patient.AcknowledgeAlert(new(1, "seen"), origin)).AcceptedAs(6);
        (await patient.AcknowledgeAlert(new(1, "seen"), origin)).AcceptedAs(6);
        (await patient.AcknowledgeAlert(new(1, "again"), By("clara"))).RefusedAs("ALERT_CLOSED", RefusalKind.Precondition);
        seal.Enter(CallerSeal.System);
        Assert.Equal(("clara", "seen", DayEnds), (await AlertsAsync(patient)).Select(a => (a.Actor, a.Done, a.ClosedAt!.Value)).Single());
        Assert.Empty(await WorklistAsync());
        await cluster.Stepper.AdvanceAsync(DayEnds.AddDays(9), default);
        Assert.Equal(6, (await patient.StandsAtAsync()).Version);
    }

    [Fact]
    public async Task The_end_of_treatment_leaves_it_and_erasure_takes_it_away()
    {
        var patient = await RaisedAsync();
        (await patient.EndTreatment(new("moved away", Commands.OnDay(1)), Origins.Next())).AcceptedAs(5);
        Assert.Single(await WorklistAsync());
        (await patient.EraseAsync(new("asked for"), Origins.Next())).AcceptedAs(6);
        Assert.Empty(await WorklistAsync());
        Assert.Equal((0, 0), await _network.Cluster.Due.RunAsync(DayEnds, TimeSpan.Zero, default));
    }

    private static CommandOrigin By(string actor) => Origins.Next(Commands.North) with { Actor = actor };

    private static async Task<IReadOnlyList<Alert>> AlertsAsync(IPatientGrain patient) => (await patient.StandsAtAsync()).State.Alerts;

    /// <summary>Planned, and answered: version 4.</summary>
    private async Task<IPatientGrain> RaisedAsync()
    {
        var patient = await _network.Cluster.PlannedAsync("anna");
        (await patient.RecordAssessment(Asking, Origins.Next())).AcceptedAs(4);
        return patient;
    }

    private async Task<IReadOnlyList<(string Stream, string ToDo, DateTimeOffset From, DateTimeOffset Until)>> WorklistAsync() =>
        [.. (await _network.Cluster.Clinic("north").ReadWorklist(null, 10)).State!.Items.Select(i => (i.Stream, i.Milestone, i.OpensAt, i.ClosesAt))];
}
