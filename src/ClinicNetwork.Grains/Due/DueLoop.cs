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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (clock.IsManual)
        {
            return;
        }

        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
#if FAULTS
                await runner.RunAsync(Faults.Has("RunsOnWallClock") ? Faults.Clock.GetUtcNow() : clock.Now, Lease, stoppingToken);
#else
                await runner.RunAsync(clock.Now, Lease, stoppingToken);
#endif
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogError(exception, "The due loop could not look; it looks again");
            }
        }
    }
}
