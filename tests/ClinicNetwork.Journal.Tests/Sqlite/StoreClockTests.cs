namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>The store's clock of both kinds, and times that never go back within a stream.</summary>
public sealed class StoreClockTests
{
    private static readonly DateTimeOffset Start = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_manual_clock_stands_still_goes_forward_only_and_survives_a_restart()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync(options => options with { ManualStart = Start });
        Assert.True(store.Clock.IsManual);
        Assert.Equal(Start, store.Clock.Now);
        await store.Clock.AdvanceAsync(Start.AddDays(7), default);
        await store.Clock.AdvanceAsync(Start.AddDays(1), default);
        Assert.Equal(Start.AddDays(7), store.Clock.Now);

        await store.RestartAsync();
        Assert.Equal(Start.AddDays(7), store.Clock.Now);
        Assert.Equal(Start.AddDays(7), (await new StreamDriver(store.Journal, "pt-a").AcceptAsync()).RecordedAt);
    }

    [Fact]
    public async Task The_machines_clock_is_in_whole_milliseconds_and_cannot_be_advanced()
    {
        var time = new StoppedTime { Now = Start.AddTicks(12_345_678) };
        await using var store = await SqliteStoreUnderTest.CreateAsync(options => options with { ClockMode = ClockMode.System, TimeProvider = time });
        Assert.False(store.Clock.IsManual);
        Assert.Equal(Start.AddMilliseconds(1_234), store.Clock.Now);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Clock.AdvanceAsync(Start.AddDays(1), default));
    }

    [Fact]
    public async Task Records_of_a_stream_never_go_back_in_time()
    {
        var time = new StoppedTime { Now = Start };
        await using var store = await SqliteStoreUnderTest.CreateAsync(options => options with { ClockMode = ClockMode.System, TimeProvider = time });
        var stream = new StreamDriver(store.Journal, "pt-a");
        await stream.AcceptAsync();
        time.Now = Start.AddHours(-2);
        Assert.Equal(Start, (await stream.AcceptAsync()).RecordedAt);
        Assert.Equal(Start.AddHours(-2), (await new StreamDriver(store.Journal, "pt-b").AcceptAsync()).RecordedAt);
        time.Now = Start.AddSeconds(1);
        Assert.Equal(Start.AddSeconds(1), (await stream.AcceptAsync()).RecordedAt);
    }

    private sealed class StoppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
