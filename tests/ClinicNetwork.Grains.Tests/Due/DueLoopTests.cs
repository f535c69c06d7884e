using System.Collections.Concurrent;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Grains.Tests.Due;

/// <summary>A database that is away is told once, not once a second.</summary>
public sealed class DueLoopTests
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_outage_is_one_warning_and_its_end_one_line()
    {
        var (rows, time, log) = (new RowsUnderTest(), new TickingTime(), new Lines());
        using var loop = new DueLoop(new StandingClock(), new DueRunner(rows, null!, new(new byte[32], new StandingClock()), time, NullLogger<DueRunner>.Instance), time, log);
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

    /// <summary>Its timer fires when told.</summary>
    private sealed class TickingTime : TimeProvider
    {
        private readonly TaskCompletionSource<Action> _timer = new();

        public async Task TickAsync() => (await _timer.Task.WaitAsync(WaitMax))();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timer.TrySetResult(() => callback(state));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    private sealed class Lines : ILogger<DueLoop>
    {
        public ConcurrentQueue<(LogLevel Level, Exception? Exception)> Written { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue((logLevel, exception));
    }
}
