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
        var trouble = new TroubleLine(log, "The audit tree waits", "The audit tree grows again");
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            trouble.Tell(await TryPlaceAsync(stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Null, or why not everything could be placed.</summary>
    private async Task<string?> TryPlaceAsync(CancellationToken stoppingToken)
    {
        try
        {
            AuditRound round;
            do
            {
                round = await audit.PlaceAsync(heads, stoppingToken);
            }
            while (round.Full);
            return round.Problem;
        }
        catch (StoreUnavailableException)
        {
            return "the database does not answer";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return exception.GetType().Name;
        }
    }
}
