using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>
/// What time alone warns of: a responder's dose on day 53, 28 February 2025; the clock stands on 1 March. Induction doses come 2 to 4 days apart, so doses have stopped on 9 March.
/// </summary>
public sealed class WarningTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Stopped = new(2025, 3, 8, 23, 0, 0, TimeSpan.Zero);

    private NetworkUnderTest _network = null!;

    public async Task InitializeAsync() => _network = await NetworkUnderTest.CreateAsync();

    public async Task DisposeAsync() => await _network.DisposeAsync();

    [Fact]
    public async Task A_stop_is_noticed_when_its_time_is_over_in_one_row_with_its_alert_and_escalates_over_restarts()
    {
        var patient = await ResponderAsync();
        Assert.Equal((0, 0), await _network.Cluster.Due.RunAsync(Stopped.AddMilliseconds(-1), TimeSpan.Zero, default));
        await _network.ReopenAsync();
        await _network.AddClusterAsync();
        patient = _network.Cluster.Patient("anna");
        await _network.Cluster.Stepper.AdvanceAsync(Stopped, default);
        var entry = (await patient.ReadHistory(Replies.Confirmed, 0, 99)).State!.Entries[^1];
        Assert.Equal(("NoticeLapse", "LapseNoticed,AlertRaised"), (entry.Command, string.Join(',', entry.Events)));
        await _network.Cluster.DeactivateAsync(patient);
        await _network.Cluster.Stepper.AdvanceAsync(Stopped.AddDays(30), default);
        var alert = Assert.Single((await patient.StandsAtAsync()).State.Alerts);
        Assert.Equal((AlertKind.AbruptStop, 2, Stopped, Stopped.AddDays(3)), (alert.Kind, alert.Level, alert.RaisedAt, alert.DueAt));
        Assert.Equal(["NoticeLapse", "EscalateAlert"], (await patient.CommandsAsync()).Skip(8));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kill_around_the_commit_leaves_it_noticed_once(bool after)
    {
        var patient = await ResponderAsync();
        await _network.Clock.AdvanceAsync(Stopped, default);
        if (after)
        {
            _network.Journal.FailAfterNext("pt-anna", new OutcomeUnknownException("killed"));
        }
        else
        {
            _network.Journal.FailBeforeNext("pt-anna", new OutcomeUnknownException("killed"));
        }

        Assert.Equal((0, 1), await _network.Cluster.Due.RunAsync(Stopped, TimeSpan.Zero, default));
        Assert.Equal((after ? 0 : 1, 0), await _network.Cluster.Due.RunAsync(Stopped, TimeSpan.Zero, default));
        Assert.Equal("sessions/s53/dose", Assert.Single((await patient.StandsAtAsync()).State.Alerts).Causes.Single());
        Assert.Single(await patient.CommandsAsync(), c => c == "NoticeLapse");
        (await patient.NoticeLapse(new(), Origins.Next())).RefusedAs("LAPSE_NOT_DUE", RefusalKind.Precondition);
    }

    [Fact]
    public async Task A_dose_moves_its_time_and_the_end_of_treatment_takes_it_away()
    {
        var patient = await ResponderAsync();
        await _network.Clock.AdvanceAsync(Commands.OnDay(57, 60), default);
        await DoseAsync(patient, 57);
        Assert.Equal((0, 0), await _network.Cluster.Due.RunAsync(Stopped.AddDays(4).AddMilliseconds(-1), TimeSpan.Zero, default));
        (await patient.EndTreatment(new("moved away", Commands.OnDay(57, 60)), Origins.Next())).AcceptedAs(12);
        Assert.Equal(AlertKind.AbruptStop, Assert.Single((await patient.StandsAtAsync()).State.Alerts).Kind);
        await _network.Cluster.Stepper.AdvanceAsync(Stopped.AddDays(30), default);
        Assert.DoesNotContain("NoticeLapse", await patient.CommandsAsync());
    }

    [Fact]
    public async Task The_request_that_completes_a_pattern_is_one_row_with_its_alert_also_when_killed_before_the_answer()
    {
        var patient = await _network.Cluster.PlannedAsync("anna");
        (await patient.RecordRequestForDose(Ask("r1", 50), Origins.Next())).AcceptedAs(4);
        var origin = Origins.Next();
        _network.Journal.FailAfterNext("pt-anna", new OutcomeUnknownException("killed"));
        Assert.Equal("OUTCOME_UNKNOWN", (await patient.RecordRequestForDose(Ask("r2", 52), origin)).Refusal?.Reason);
        (await patient.RecordRequestForDose(Ask("r2", 52), origin)).AcceptedAs(5);
        Assert.Equal(["DoseRequested", "AlertRaised", "AlertCauseAdded"], (await patient.ReadHistory(Replies.Confirmed, 4, 10)).State!.Entries.Single().Events);
        Assert.Equal(["dose-requests/r1", "dose-requests/r2"], (await patient.StandsAtAsync()).State.Alerts.Single().Causes.AsEnumerable());
    }

    private static RecordRequestForDose Ask(string id, int day) =>
        new(new(id), DoseRequestKind.Early, DoseRequester.Patient, DoseRequestDecision.Refused, "too early", Commands.OnDay(day));

    /// <summary>Half as bad after the first dose: version 8.</summary>
    private async Task<IPatientGrain> ResponderAsync()
    {
        var patient = await _network.Cluster.EnrolledAsync("anna");
        (await patient.RecordConsultation(Commands.Consult(), Origins.Next())).AcceptedAs(2);
        (await patient.CreatePlan(Commands.CreatePlan() with { ProtocolVersion = 2 }, Origins.Next())).AcceptedAs(3);
        (await patient.RecordAssessment(Commands.Assess("a52", 52, 20), Origins.Next())).AcceptedAs(4);
        await DoseAsync(patient, 53);
        (await patient.RecordAssessment(Commands.Assess("a54", 54, 10), Origins.Next())).AcceptedAs(8);
        return patient;
    }

    private static async Task DoseAsync(IPatientGrain patient, int day)
    {
        var start = Commands.StartSession("s" + day, day) with { SpO2Percent = 97, FoodMinutes = 600, DrinkMinutes = 600, EscortConfirmed = true };
        Assert.Null((await patient.StartSession(start, Origins.Next())).Refusal);
        Assert.Null((await patient.RecordDose(Commands.RecordDose("s" + day, day), Origins.Next())).Refusal);
        Assert.Null((await patient.RecordLeaving(new(new("s" + day), LeavingKind.Transferred, "to the ward", Commands.OnDay(day, 30)), Origins.Next())).Refusal);
    }
}
