using System.Reflection;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Due;

/// <summary>What is old goes out of the feeds, now and then, whatever became of the time before.</summary>
public sealed class FeedRetentionTests
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Each_time_what_is_older_than_the_days_that_are_kept_goes_by_the_stores_clock_also_after_failures()
    {
        var (store, clock, time, log) = (Trimmed.Make(out var projections), new StandingClock(), new TickingTime(), new Lines<FeedRetention>());
        using var retention = new FeedRetention(projections, clock, new() { FeedDays = 30 }, time, log);
        await retention.StartAsync(default);
        foreach (var failure in (Exception?[])[null, new StoreUnavailableException("away"), new InvalidOperationException("a bug"), null])
        {
            clock.Now += TimeSpan.FromDays(1);
            store.Failure = failure;
            await time.TickAsync();
            Assert.True(await store.Asked.WaitAsync(WaitMax));
            Assert.Equal(clock.Now.AddDays(-30), store.Before);
        }

        await retention.StopAsync(default);
        Assert.Equal(["Warning", "Error", "Information"], log.Written.Select(l => l.Level.ToString()));
        Assert.All(log.Written, line => Assert.Null(line.Exception));
    }

    /// <summary>A store that is asked for nothing else.</summary>
    public class Trimmed : DispatchProxy
    {
        public Exception? Failure { get; set; }

        public DateTimeOffset Before { get; private set; }

        public SemaphoreSlim Asked { get; } = new(0);

        public static Trimmed Make(out IProjections projections)
        {
            projections = Create<IProjections, Trimmed>();
            return (Trimmed)projections;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Assert.Equal(nameof(IProjections.TrimFeedAsync), targetMethod!.Name);
            Before = (DateTimeOffset)args![0]!;
            Asked.Release();
            return Failure is { } failure ? Task.FromException<long>(failure) : Task.FromResult(1L);
        }
    }
}
