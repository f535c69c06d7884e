using ClinicNetwork.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Due;

/// <summary>Takes what is older than <see cref="GrainOptions.FeedDays"/> by the store's clock out of the feeds, now and then.</summary>
public sealed class FeedRetention(IProjections projections, IStoreClock clock, GrainOptions options, TimeProvider time, ILogger<FeedRetention> log) : BackgroundService
{
    /// <summary>Entries in one transaction: some milliseconds.</summary>
    private const int TrimMax = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var trouble = new TroubleLine(log, "Old changes stay in the feeds", "Old changes go out of the feeds again");
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            trouble.Tell(await TryTrimAsync(stoppingToken));
        }
    }

    /// <summary>Null, or why not all could go.</summary>
    private async Task<string?> TryTrimAsync(CancellationToken stoppingToken)
    {
        try
        {
            await projections.TrimFeedAsync(clock.Now - TimeSpan.FromDays(options.FeedDays), TrimMax, stoppingToken);
            return null;
        }
        catch (StoreUnavailableException)
        {
            return "the database does not answer";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError("The feeds could not be trimmed; it is tried again: {Failure}", ExceptionFrames.Of(exception));
            return exception.GetType().Name;
        }
    }
}
