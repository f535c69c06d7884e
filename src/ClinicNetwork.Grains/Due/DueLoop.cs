using ClinicNetwork.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Due;

/// <summary>Looks every second for what is due by the store's clock. A manual clock's things run when it is moved instead.</summary>
public sealed class DueLoop(IStoreClock clock, DueRunner runner, TimeProvider time, ILogger<DueLoop> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Longer than a page takes, short enough that a killed silo's page is soon taken up by another.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>Two silos may differ by this much in what they take for the database's time; a grain elsewhere must not find it too early.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (clock.IsManual)
        {
            return;
        }

        var trouble = new TroubleLine(log, "What is due waits", "What is due runs again");
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            trouble.Tell(await TryRunAsync(stoppingToken));
        }
    }

    /// <summary>Null, or why not everything could be run.</summary>
    private async Task<string?> TryRunAsync(CancellationToken stoppingToken)
    {
        try
        {
#if FAULTS
            var (_, failed) = await runner.RunAsync(Faults.Has("RunsOnWallClock") ? Faults.Clock.GetUtcNow() : clock.Now - Skew, Lease, stoppingToken);
#else
            var (_, failed) = await runner.RunAsync(clock.Now - Skew, Lease, stoppingToken);
#endif
            return failed == 0 ? null : $"{failed} could not be done and stay due";
        }
        catch (StoreUnavailableException)
        {
            return "the database does not answer";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError("The due loop could not look; it looks again: {Failure}", ExceptionFrames.Of(exception));
            return exception.GetType().Name;
        }
    }
}
