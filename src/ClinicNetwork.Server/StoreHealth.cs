using ClinicNetwork.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClinicNetwork.Server;

/// <summary>Ready when the journal answers a read.</summary>
internal sealed class StoreHealth(IJournal journal) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            _ = await journal.ReadHeadAsync("health", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The journal does not answer.");
        }
    }
}
