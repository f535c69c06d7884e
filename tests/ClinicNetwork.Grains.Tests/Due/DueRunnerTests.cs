using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Due;

/// <summary>What is due happens once, however often it is run. One dose on 6 January: the end of induction closes on 7 March.</summary>
public sealed class DueRunnerTests
{
    private static readonly DateTimeOffset ClosesAt = new(2025, 3, 6, 23, 0, 0, TimeSpan.Zero);

    private static async Task<IReadOnlyList<Milestone>> OutcomesAsync(IPatientGrain patient) =>
        [.. (await patient.StandsAtAsync()).State.Outcomes.Select(o => o.Milestone)];

    [Fact]
    public async Task Nothing_is_run_before_its_time()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        await network.Cluster.DosedAsync("anna");
        Assert.Equal((0, 0), await network.Cluster.Due.RunAsync(ClosesAt.AddMilliseconds(-1), TimeSpan.Zero, default));
    }

    [Fact]
    public async Task A_milestone_closes_at_its_time_by_the_due_loop_and_is_then_no_longer_due()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");
        await network.Clock.AdvanceAsync(ClosesAt, default);
        Assert.Equal((1, 0), await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default));
        Assert.Equal((0, 0), await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default));

        Assert.Equal([Milestone.EndOfInduction], await OutcomesAsync(patient));
        var entry = (await patient.ReadHistory(Replies.Confirmed, 6, 10)).State!.Entries.Single();
        Assert.Equal(("CloseMilestone", "due-loop", "", ClosesAt), (entry.Command, entry.Actor, entry.Site, entry.RecordedAt));
        Assert.Equal(DueRunner.OriginOf(new("pt-anna", "milestone:EndOfInduction", ClosesAt)).RequestId, entry.RequestId);
    }

    [Fact]
    public async Task Consent_ends_by_itself_as_a_withdrawal_for_good()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.EnrolledAsync("anna");
        var until = network.Clock.Now.AddDays(5);
        var given = await patient.SetResearchConsent(Commands.Consent(RecipientClass.PublicHealth) with { Purposes = [ResearchPurpose.SafetyMonitoring], Until = until }, Origins.Next());
        Assert.Equal(((int?)68, (DateTimeOffset?)until), (given.Answer!.Permission, given.Answer.Until));

        await network.Cluster.Stepper.AdvanceAsync(until.AddMilliseconds(-1), default);
        Assert.Equal(RecipientClass.PublicHealth, Assert.Single((await patient.StandsAtAsync()).State.ResearchConsent));
        Assert.Equal(1, await network.Cluster.Stepper.AdvanceAsync(until, default));
        Assert.Empty((await patient.StandsAtAsync()).State.ResearchConsent);
        Assert.Equal("EndResearchConsent", (await patient.CommandsAsync())[^1]);
        (await patient.EndResearchConsent(new(), Origins.Next())).RefusedAs("CONSENT_NOT_OVER", RefusalKind.Precondition);

        // Recorded late, made before the end: the end is known.
        var late = await patient.SetResearchConsent(Commands.Consent(RecipientClass.PublicHealth), Origins.Next());
        Assert.Equal(0, late.Answer!.Permission);
    }

    [Fact]
    public async Task Runs_at_the_same_time_do_it_once()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var other = await network.AddClusterAsync();
        IPatientGrain[] patients = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => network.Cluster.DosedAsync("p" + i)));
        await network.Clock.AdvanceAsync(ClosesAt, default);

        var runs = await Task.WhenAll(
            network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default),
            network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default),
            other.Due.RunAsync(ClosesAt, TimeSpan.Zero, default));
        Assert.All(runs, r => Assert.Equal(0, r.Failed));
        foreach (var patient in patients)
        {
            Assert.Equal([Milestone.EndOfInduction], await OutcomesAsync(patient));
            Assert.Equal(7, (await patient.CommandsAsync()).Count);
        }
    }

    [Fact]
    public async Task A_kill_after_the_commit_leaves_it_done_and_it_is_not_done_again()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");
        await network.Clock.AdvanceAsync(ClosesAt, default);
        network.Journal.FailAfterNext("pt-anna", new OutcomeUnknownException("killed"));

        Assert.Equal((0, 1), await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default));
        Assert.Equal((0, 0), await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default));
        Assert.Equal([Milestone.EndOfInduction], await OutcomesAsync(patient));
        Assert.Equal(7, (await patient.CommandsAsync()).Count);
    }

    [Fact]
    public async Task A_kill_before_the_commit_leaves_it_due()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");
        await network.Clock.AdvanceAsync(ClosesAt, default);
        network.Journal.FailBeforeNext("pt-anna", new OutcomeUnknownException("killed"));

        Assert.Equal((0, 1), await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default));
        Assert.Equal((1, 0), await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default));
        Assert.Equal([Milestone.EndOfInduction], await OutcomesAsync(patient));
    }

    [Fact]
    public async Task A_due_thing_that_was_run_is_answered_to_who_runs_it_late()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");
        await network.Clock.AdvanceAsync(ClosesAt, default);
        await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default);

        // Another loop had read the row before.
        var origin = DueRunner.OriginOf(new("pt-anna", "milestone:EndOfInduction", ClosesAt));
        (await patient.CloseMilestone(new(Milestone.EndOfInduction), origin)).AcceptedAs(7);
        (await patient.CloseMilestone(new(Milestone.EndOfInduction), Origins.Next())).RefusedAs("MILESTONE_CLOSED", RefusalKind.Precondition);
        Assert.Equal(7, (await patient.CommandsAsync()).Count);
    }

    [Fact]
    public async Task A_failing_due_thing_does_not_hold_up_its_neighbours()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var (broken, sound) = (await network.Cluster.DosedAsync("broken"), await network.Cluster.DosedAsync("sound"));
        await network.Clock.AdvanceAsync(ClosesAt, default);
        network.Journal.Break("pt-broken", new JournalBusyException("full"));
        Assert.Equal((1, 1), await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default));
        Assert.Equal([Milestone.EndOfInduction], await OutcomesAsync(sound));

        network.Journal.Repair("pt-broken");
        Assert.Equal((1, 0), await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default));
        Assert.Equal([Milestone.EndOfInduction], await OutcomesAsync(broken));
    }

    [Fact]
    public async Task A_whole_page_of_failing_due_things_does_not_hold_up_what_was_due_after_them()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");

        // As streams that cannot be read would: they are due first, and for ever.
        IReadOnlyList<Projection> stuck = [.. Enumerable.Range(0, DueRunner.PageRows).Select(i => new Projection.DueSet("stuck:" + i, ClosesAt.AddDays(-1)))];
        Assert.IsType<AppendOutcome.Appended>(await network.Store.Journal.AppendAsync(
            new("zz-stuck", 1, [], Origins.Next(), "Stick", [new TreatmentEnded("?", Commands.OnDay(0))], Accepted.Instance, stuck), default));
        await network.Clock.AdvanceAsync(ClosesAt, default);

        for (var tick = 0; tick < 3; tick++)
        {
            await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default);
        }

        Assert.Equal([Milestone.EndOfInduction], await OutcomesAsync(patient));
    }

    [Fact]
    public async Task More_than_one_page_is_run_to_its_end()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var names = Enumerable.Range(0, DueRunner.PageRows + 40).Select(i => "p" + i).ToArray();
        await Task.WhenAll(names.Select(name => Planting.PlantAsync(network, name)));
        await network.Clock.AdvanceAsync(ClosesAt, default);
        Assert.Equal((names.Length, 0), await network.Cluster.Due.RunAsync(ClosesAt, TimeSpan.Zero, default));
        Assert.Empty(await network.Store.Projections.ReadDueAsync(ClosesAt, 1, TimeSpan.Zero, default));
    }

    [Theory]
    [InlineData("emergency:1:south", 1, "south")]
    [InlineData("emergency:20:a-b", 20, "a-b")]
    [InlineData("emergency:x:south", null, null)]
    [InlineData("emergency:1", null, null)]
    [InlineData("milestone:Week4", null, null)]
    public void A_kind_of_due_rows_names_its_emergency(string kind, int? number, string? site)
    {
        var found = DueKinds.EmergencyOf(kind);
        Assert.Equal((number, site), (found?.Number, found?.Site.Value));
        Assert.True(found is null || DueKinds.Of(new EmergencyAccess(number!.Value, new(site!), "", "", default, default)) == kind);
    }

    [Theory]
    [InlineData("milestone:Week4", Milestone.Week4, 1)]
    [InlineData("milestone:Week4:2", Milestone.Week4, 2)]
    [InlineData("milestone:Week4:x", null, 0)]
    [InlineData("milestone:Nonsense", null, 0)]
    [InlineData("publish", null, 0)]
    public void A_kind_of_due_rows_names_its_milestone_and_course(string kind, Milestone? milestone, int course)
    {
        Assert.Equal(milestone is null ? null : (milestone.Value, course), DueKinds.MilestoneOf(kind));
        Assert.All(MilestoneSchedule.All, m => Assert.Equal((m, 1), DueKinds.MilestoneOf(DueKinds.Of(m))));
        Assert.All(MilestoneSchedule.All, m => Assert.Equal((m, 12), DueKinds.MilestoneVisitOf(DueKinds.OfVisit(m, 12))));
    }
}
