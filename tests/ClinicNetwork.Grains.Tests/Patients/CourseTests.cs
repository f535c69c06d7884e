using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>Later courses, death, loss and pregnancy through grain, store and due loop. The clock begins on 1 March 2025, day 54.</summary>
public sealed class CourseTests : IAsyncLifetime
{
    private NetworkUnderTest _network = null!;

    public async Task InitializeAsync() => _network = await NetworkUnderTest.CreateAsync();

    public async Task DisposeAsync() => await _network.DisposeAsync();

    [Fact]
    public async Task Every_milestone_of_each_course_closes_once_in_its_own_course()
    {
        var patient = await TwiceAsync();
        await _network.Cluster.Stepper.AdvanceAsync(Commands.OnDay(2100), default);

        var state = (await patient.StandsAtAsync()).State;
        Assert.Equal(MilestoneSchedule.All, state.InCourse(1).Outcomes.Select(o => o.Milestone));
        Assert.Equal(MilestoneSchedule.All, state.InCourse(2).Outcomes.Select(o => o.Milestone));
        Assert.Equal(20, (await patient.CommandsAsync()).Count(c => c == "CloseMilestone"));
        Assert.Equal((24, 20), (state.InCourse(1).Outcomes[0].BaselinePhq9, state.InCourse(2).Outcomes[0].BaselinePhq9));
        Assert.Empty(await WorklistAsync());
    }

    [Fact]
    public async Task A_new_activation_knows_every_course_and_all_that_stopped_it()
    {
        var patient = await TwiceAsync();
        foreach (var day in (int[])[30, 40, 50])
        {
            (await patient.RecordContact(new(ContactWay.Phone, ContactResult.NoAnswer, "", Commands.OnDay(day)), Origins.Next())).AcceptedAs((await patient.StandsAtAsync()).Version);
        }

        Assert.Null((await patient.DeclareLost(new("", Commands.OnDay(51)), Origins.Next())).Refusal);
        Assert.Null((await patient.RecordPregnancy(new(PregnancyFinding.TestPositive, "", Commands.OnDay(51)), Origins.Next())).Refusal);
        Assert.Null((await patient.RecordDeath(new(DeathCause.Accident, DeathSource.Authority, "", Commands.OnDay(52)), Origins.Next())).Refusal);
        var before = await patient.StandsAtAsync();
        await _network.Cluster.DeactivateAsync(patient);
        var after = await patient.StandsAtAsync();
        Assert.Equal((before.Version, Structure.Describe(before.State)), (after.Version, Structure.Describe(after.State)));
        Assert.NotNull(after.State.Death);
    }

    [Fact]
    public async Task A_death_leaves_nothing_to_do_and_its_retry_is_answered()
    {
        var patient = await _network.Cluster.DosedAsync("anna");
        Assert.Null((await patient.RecordAssessment(Commands.Assess("a1", 20, 27), Origins.Next())).Refusal);
        Assert.Contains(await WorklistAsync(), row => row.StartsWith("alert:", StringComparison.Ordinal));
        var origin = Origins.Next();
        var death = new RecordDeath(DeathCause.Suicide, DeathSource.Family, "", Commands.OnDay(53));
        var version = (await patient.RecordDeath(death, origin)).Version;
        (await patient.RecordDeath(death, origin)).AcceptedAs(version);
        Assert.Empty(await WorklistAsync());

        await _network.Cluster.Stepper.AdvanceAsync(Commands.OnDay(2100), default);
        Assert.DoesNotContain("EscalateAlert", await patient.CommandsAsync());
        Assert.Equal([MissingReason.BaselineMissing], (await patient.StandsAtAsync()).State.Outcomes.Select(o => o.Missing!.Value).Distinct());
        Assert.Empty(await WorklistAsync());
    }

    /// <summary>Four doses from day 0, once more from day 30.</summary>
    private async Task<IPatientGrain> TwiceAsync()
    {
        var patient = await _network.Cluster.PlannedAsync("anna");
        await patient.RecordAssessment(Commands.Assess("a0", -1, 24), Origins.Next());
        await patient.TreatAsync(0, 3, 7, 10);
        Assert.Null((await patient.EndTreatment(new("well", Commands.OnDay(12)), Origins.Next())).Refusal);
        await patient.RecordAssessment(Commands.Assess("a1", 29, 20), Origins.Next());
        Assert.Null((await patient.CreatePlan(Commands.CreatePlan() with { NewCourse = true }, Origins.Next())).Refusal);
        await patient.TreatAsync(30, 33, 37, 40);
        return patient;
    }

    private async Task<IReadOnlyList<string>> WorklistAsync() => [.. (await _network.Cluster.Clinic("north").ReadWorklist(null, 10)).State!.Items.Select(i => i.Milestone)];
}
