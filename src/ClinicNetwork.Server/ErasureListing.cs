using ClinicNetwork.Grains;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClinicNetwork.Server;

/// <summary>
/// Keeps the list of what was destroyed (erased.list beside the master key) up to date, within seconds of whichever server destroyed it. One that cannot be written is
/// told in the log at once, and by grpc.health when it stays so.
/// </summary>
internal sealed class ErasureListing(IKeyring keys, TimeProvider time, ILogger<ErasureListing> log) : BackgroundService, IHealthCheck
{
    /// <summary>In grpc.health.</summary>
    public const string Name = "erasures";

    /// <summary>A disk that is full for a moment is nobody's business.</summary>
    internal static readonly TimeSpan FailingMax = TimeSpan.FromMinutes(1);

    private readonly TroubleLine _trouble = new(log, "The list of erasures waits", "The list of erasures is written again");
    private long _failingSince;
    private volatile bool _fails;
    private bool _isElsewhere;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_fails && time.GetElapsedTime(Interlocked.Read(ref _failingSince)) > FailingMax
            ? HealthCheckResult.Unhealthy("The list of erasures beside the keys cannot be written.")
            : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(IKeyring.Every, time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (!_isElsewhere && await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>For one at a time.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await keys.ListDestroyedAsync(cancellationToken) && !_isElsewhere)
            {
                _isElsewhere = true;
                log.LogInformation("The key folder cannot be written here, so the list of erasures is not: run 'keys erased' after each erasure, where the keys are kept");
            }

            Tell(null);
        }
        catch (StoreRefusedException exception)
        {
            Tell(exception.Message);
        }
        catch (StoreUnavailableException)
        {
            // Nobody destroys anything meanwhile.
        }
    }

    private void Tell(string? problem)
    {
        if (problem is not null && !_fails)
        {
            Interlocked.Exchange(ref _failingSince, time.GetTimestamp());
        }

        _fails = problem is not null;
        _trouble.Tell(problem);
    }
}
