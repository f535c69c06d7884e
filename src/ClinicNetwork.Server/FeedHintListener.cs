using ClinicNetwork.Grains;
using ClinicNetwork.Journal.Postgres;

namespace ClinicNetwork.Server;

/// <summary>Passes on what other processes of the cluster have committed, so that their feeds' readers need not wait for the next look.</summary>
internal sealed class FeedHintListener(FeedHints hints, FeedWakeUp wakeUp) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => hints.ListenAsync(Signal, stoppingToken);

    private void Signal(string? site)
    {
        if (site is null)
        {
            wakeUp.Signal();
        }
        else
        {
            wakeUp.Signal(site);
        }
    }
}
