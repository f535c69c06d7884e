using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Audit;

/// <summary>
/// Puts into the audit tree what was committed, and signs its heads. Runs in every silo; the database lets one place at a time, and whoever is killed
/// while placing has placed nothing.
/// </summary>
public sealed class AuditSequencer(IAuditLog audit, AuditHeads heads, TimeProvider time, ILogger<AuditSequencer> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One line when it begins to fail and one when it works again, not two a second.
        var failing = false;
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            var problem = await TryPlaceAsync(stoppingToken);
            if (problem is not null && !failing)
            {
                log.LogWarning("The audit tree waits: {Problem}", problem);
            }
            else if (problem is null && failing)
            {
                log.LogInformation("The audit tree grows again");
            }

            failing = problem is not null;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Null, or why not everything could be placed.</summary>
    private async Task<string?> TryPlaceAsync(CancellationToken stoppingToken)
    {
        try
        {
            while ((await audit.PlaceAsync(heads, stoppingToken)).Full)
            {
            }

            return null;
        }
        catch (StoreUnavailableException)
        {
            return "the database does not answer";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError("The audit tree could not grow ({Kind}); it is tried again", exception.GetType().Name);
            return exception.GetType().Name;
        }
    }
}
