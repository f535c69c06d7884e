using ClinicNetwork.Grains;
using ClinicNetwork.Journal.Postgres;

namespace ClinicNetwork.Server;

/// <summary>Passes on what other processes of the cluster have committed, so that their feeds' readers need not wait for the next look.</summary>
internal sealed class FeedHintListener(FeedHints hints, FeedWakeUp wakeUp, TimeProvider time, ILogger<FeedHintListener> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await hints.ListenAsync(wakeUp.Signal, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogWarning("Hints of other processes do not come ({Kind}); feeds look every second instead", exception.GetType().Name);
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }
}
