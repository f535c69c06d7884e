using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Due;

/// <summary>A test store's clock goes from one due time to the next, so that everything happens at its time.</summary>
public sealed class ClockStepperTests
{
    /// <summary>First clinical days after the last possible windows of a dose on 6 January, at midnight in Berlin; summer time from 30 March to 26 October.</summary>
    private static readonly DateTimeOffset[] Closings =
    [
        new(2025, 3, 6, 23, 0, 0, TimeSpan.Zero), // day 60
        new(2025, 4, 1, 22, 0, 0, TimeSpan.Zero), // day 86
        new(2025, 4, 29, 22, 0, 0, TimeSpan.Zero), // day 114
        new(2025, 5, 27, 22, 0, 0, TimeSpan.Zero), // day 142
        new(2025, 9, 9, 22, 0, 0, TimeSpan.Zero), // day 247
        new(2026, 3, 10, 23, 0, 0, TimeSpan.Zero), // day 429
    ];

    [Fact]
    public async Task Everything_due_in_between_happens_in_order_at_its_time()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");
        (await network.Cluster.Release.Start(Origins.Next())).AcceptedAs(1);
        var to = new DateTimeOffset(2026, 4, 1, 5, 59, 59, TimeSpan.Zero);

        Assert.Equal(6 + 12, await network.Cluster.Stepper.AdvanceAsync(to, default));
        Assert.Equal(to, network.Clock.Now);
        var closings = (await patient.ReadHistory(Replies.Confirmed, 6, 100)).State!.Entries;
        Assert.Equal(Closings, closings.Select(e => e.RecordedAt));
        Assert.Equal(MilestoneSchedule.All.Take(6), (await patient.StandsAtAsync()).State.Outcomes.Select(o => o.Milestone));
    }

    [Fact]
    public async Task Publication_days_are_the_first_of_each_month_at_six()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        (await network.Cluster.Release.Start(Origins.Next())).AcceptedAs(1);
        await network.Cluster.Stepper.AdvanceAsync(new(2026, 2, 10, 0, 0, 0, TimeSpan.Zero), default);

        var held = (await network.Store.Journal.ReadAsync("rl-public-outcomes", 1, 100, default)).ToArray();
        DateTimeOffset[] days = [.. Enumerable.Range(0, 11).Select(m => new DateTimeOffset(2025, 4, 1, 6, 0, 0, TimeSpan.Zero).AddMonths(m))];
        Assert.Equal(days, held.Select(r => r.RecordedAt));
        Assert.Equal(days, held.Select(r => ((PublicationHeld)r.Events.Single()).Day));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 6, 0, 0, TimeSpan.Zero), await network.Store.Projections.ReadNextDueAsync(default));
    }

    [Fact]
    public async Task What_fails_stays_due_and_the_clock_stands_at_its_time()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");
        network.Journal.Break("pt-anna", new JournalBusyException("full"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var failure = await Assert.ThrowsAsync<DueFailedException>(() => network.Cluster.Stepper.AdvanceAsync(Closings[3], patience.Token));
        Assert.StartsWith("1 due things", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Closings[0], network.Clock.Now);
        Assert.Equal(Closings[0], await network.Store.Projections.ReadNextDueAsync(default));

        network.Journal.Repair("pt-anna");
        Assert.Equal(4, await network.Cluster.Stepper.AdvanceAsync(Closings[3], default));
        Assert.Equal(Closings[..4], (await patient.ReadHistory(Replies.Confirmed, 6, 100)).State!.Entries.Select(e => e.RecordedAt));
    }

    [Fact]
    public async Task What_became_due_in_the_past_is_run_without_moving_the_clock_back()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        await network.Clock.AdvanceAsync(Closings[1].AddDays(1), default);
        var patient = await network.Cluster.DosedAsync("late");
        Assert.Equal(2, await network.Cluster.Stepper.AdvanceAsync(Closings[1].AddDays(1), default));
        Assert.Equal([Closings[1].AddDays(1), Closings[1].AddDays(1)], (await patient.ReadHistory(Replies.Confirmed, 6, 100)).State!.Entries.Select(e => e.RecordedAt));
        Assert.Equal(Closings[1].AddDays(1), network.Clock.Now);
    }

    [Fact]
    public async Task A_step_to_a_time_that_is_over_changes_nothing()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        Assert.Equal(0, await network.Cluster.Stepper.AdvanceAsync(NetworkUnderTest.Start.AddDays(-1), default));
        Assert.Equal(NetworkUnderTest.Start, network.Clock.Now);
    }

    [Fact]
    public async Task Steps_at_the_same_time_come_one_after_the_other()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");
        var runs = await Task.WhenAll(Closings[..4].Select(to => network.Cluster.Stepper.AdvanceAsync(to, default)));
        Assert.Equal(4, runs.Sum());
        Assert.Equal(Closings[..4], (await patient.ReadHistory(Replies.Confirmed, 6, 100)).State!.Entries.Select(e => e.RecordedAt));
    }

    [Fact]
    public async Task A_first_dose_recorded_late_moves_the_closings()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");
        await patient.TreatAsync(-3);
        await network.Cluster.Stepper.AdvanceAsync(Closings[0], default);
        var closing = (await patient.ReadHistory(Replies.Confirmed, 9, 100)).State!.Entries.Single();
        Assert.Equal(Closings[0].AddDays(-3), closing.RecordedAt);
    }
}
