using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Grains.Tests.Due;

/// <summary>A database that is away is told once, not once a second.</summary>
public sealed class DueLoopTests
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_outage_is_one_warning_and_its_end_one_line()
    {
        var (rows, time, log) = (new RowsUnderTest(), new TickingTime(), new Lines<DueLoop>());
        using var loop = new DueLoop(new StandingClock(), new DueRunner(rows, null!, new(new byte[32], new StandingClock()), new(new byte[32]), time, NullLogger<DueRunner>.Instance), time, log);
        await loop.StartAsync(default);
        foreach (var away in (bool[])[true, true, true, false, false, true, true, false])
        {
            rows.Away = away;
            await time.TickAsync();
            Assert.True(await rows.Read.WaitAsync(WaitMax));
        }

        await loop.StopAsync(default);
        Assert.Equal(["Warning", "Information", "Warning", "Information"], log.Written.Select(l => l.Level.ToString()));
        Assert.All(log.Written, line => Assert.Null(line.Exception));
    }

    private sealed class RowsUnderTest : DueRowsOnly
    {
        public volatile bool Away;

        public SemaphoreSlim Read { get; } = new(0);

        public override Task<IReadOnlyList<DueRow>> ReadDueAsync(DateTimeOffset until, int limit, TimeSpan lease, CancellationToken cancellationToken)
        {
            var away = Away;
            Read.Release();
            return away ? Task.FromException<IReadOnlyList<DueRow>>(new StoreUnavailableException("away")) : Task.FromResult<IReadOnlyList<DueRow>>([]);
        }
    }
}
