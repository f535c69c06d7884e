using ClinicNetwork.Grains;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Sync;

/// <summary>
/// Looks for all watchers of this gateway, by one statement a second, at which sites' feeds have grown: hints may be lost, the journal is the
/// truth. A watcher of a feed that rests asks the database for nothing.
/// </summary>
public sealed class FeedPoll(IProjections projections, FeedWakeUp wakeUp, TimeProvider time, ILogger<FeedPoll> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>At least this long from one look to the next, however many hints come.</summary>
    private static readonly TimeSpan ApartMin = TimeSpan.FromMilliseconds(20);

    private readonly TroubleLine _trouble = new(log, "Watchers of feeds wait", "Watchers of feeds go on");

    /// <summary>As they were at the last look, of sites that were watched then.</summary>
    private IReadOnlyDictionary<string, FeedPosition> _ends = new Dictionary<string, FeedPosition>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var somewhere = wakeUp.Somewhere;
            await LookAsync(stoppingToken);
            await Task.Delay(ApartMin, time, stoppingToken);
            await Task.WhenAny(somewhere, Task.Delay(Every - ApartMin, time, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Signals each site whose feed has another end than at the last look, or was not watched then.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var sites = wakeUp.Sites;
        if (sites.Count == 0)
        {
            _ends = new Dictionary<string, FeedPosition>();
            return;
        }

        try
        {
            var ends = await projections.ReadFeedEndsAsync(sites, cancellationToken);
            var changed = sites.Where(site => !_ends.TryGetValue(site, out var end) || end != ends[site]).ToList();
            _ends = ends;
            changed.ForEach(wakeUp.Signal);
            _trouble.Tell(null);
        }
        catch (StoreUnavailableException)
        {
            _trouble.Tell("the database does not answer");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _trouble.Tell(exception.GetType().Name);
        }
    }
}
